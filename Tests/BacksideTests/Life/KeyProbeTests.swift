import Time
import Testing

@testable import Backside

@Suite struct KeyProbeTests {
    @Test(arguments: [
        ("sk-ant-api03-abc", KeyProbe.valid), ("sk-ant-", .valid), ("sk-ant-é\0 x", .valid), ("sk-ant-REVOKED", .valid),
        ("sk-ant-revoke d", .valid),
        ("sk-ant-revoked-1", .invalid(.revokedOrExpired)), ("sk-ant-1expired", .invalid(.revokedOrExpired)),
        ("sk-ant-forbidden", .invalid(.insufficientPermissions)), ("sk-ant-noquotaleft", .invalid(.quotaExhausted)),
        ("sk-ant-down", .invalid(.providerUnavailable)), ("sk-ant-unlimited", .invalid(.rateLimited)),
        ("", .invalid(.unknown)), ("sk-ant", .invalid(.unknown)), ("SK-ANT-1", .invalid(.unknown)),
        (" sk-ant-1", .invalid(.unknown)), ("sk-live-revoked", .invalid(.unknown)), ("xsk-ant-1", .invalid(.unknown)),
        // To the eye the prefix, but not its bytes; and its bytes, though an accent follows.
        ("sk\u{2010}ant-1", .invalid(.unknown)), ("sk-ant-\u{301}", .valid),
        ("sk-ant-down\u{301}", .invalid(.providerUnavailable)),
    ])
    func aKeysTextDecides(key: String, probe: KeyProbe) { #expect(KeyProbe(key: key) == probe) }

    @Test func ofSeveralWordsTheFirstInOrderDecides() {
        let words: [(String, KeyProbe.Fault)] = [
            ("revoked", .revokedOrExpired), ("expired", .revokedOrExpired), ("forbidden", .insufficientPermissions),
            ("quota", .quotaExhausted), ("down", .providerUnavailable), ("limited", .rateLimited),
        ]
        for (index, (word, fault)) in words.enumerated() {
            for (other, _) in words[index...] {
                #expect(KeyProbe(key: "sk-ant-\(word)-\(other)") == .invalid(fault))
                #expect(KeyProbe(key: "sk-ant-\(other)-\(word)") == .invalid(fault))
            }
        }
    }
}
