import Time
import Testing

@testable import Backside

@Suite struct KeyStandingTests {
    private static let probed = Instant(microseconds: 1_000_000)
    private static let now = Instant(microseconds: 2_000_000)

    private static func before(_ status: KeyStanding.Status) -> KeyStanding {
        KeyStanding(status, reason: "before", lastProbedAt: probed)
    }

    @Test(arguments: KeyStanding.Status.allCases)
    func aGoodKeyIsActiveWhateverWasBefore(status: KeyStanding.Status) {
        let after = Self.before(status).after(.probed(.valid), at: Self.now)
        #expect(after == KeyStanding(.active, lastProbedAt: Self.now))
    }

    @Test(arguments: KeyStanding.Status.allCases, KeyProbe.Fault.allCases)
    func aBadKeyChangesNothing(status: KeyStanding.Status, fault: KeyProbe.Fault) {
        let before = Self.before(status)
        #expect(before.after(.probed(.invalid(fault)), at: Self.now) == before)
    }

    @Test(arguments: [
        (KeyStanding.Status.inactive, nil as String?), (.active, nil), (.authFailed, nil),
        (.revoked, "before"),
    ])
    func aKeyIsRevokedOnceAndForAll(status: KeyStanding.Status, reason: String?) {
        let after = Self.before(status).after(.revoked, at: Self.now)
        #expect(after == KeyStanding(.revoked, reason: reason, lastProbedAt: Self.probed))
    }

    @Test(arguments: [
        (KeyStanding.Status.inactive, KeyStanding.Status.inactive, "before"), (.active, .authFailed, "no longer known"),
        (.authFailed, .authFailed, "before"), (.revoked, .revoked, "before"),
    ])
    func onlyAnActiveKeyIsRefused(status: KeyStanding.Status, after: KeyStanding.Status, reason: String) {
        let refused = Self.before(status).after(.refused(reason: "no longer known"), at: Self.now)
        #expect(refused == KeyStanding(after, reason: reason, lastProbedAt: Self.probed))
    }
}
