import Time
import Testing

@Suite struct RateWindowTests {
    private func at(_ seconds: Double) -> Instant { Instant(microseconds: Int64(seconds * 1_000_000)) }

    private func decision(_ remaining: Int, resetAt: Double, retryAfter: Int64? = nil) -> RateDecision {
        RateDecision(
            limit: 3, remaining: remaining, resetAt: at(resetAt), retryAfterSeconds: retryAfter)
    }

    @Test func requestsPastTheLimitAreRefusedUntilTheOldestLeaves() {
        var window = RateWindow(limit: 3, seconds: 60)
        #expect(window.admit(at: at(100), mode: .on) == decision(2, resetAt: 160))
        #expect(window.admit(at: at(110), mode: .on) == decision(1, resetAt: 160))
        #expect(window.admit(at: at(110), mode: .on) == decision(0, resetAt: 160))
        #expect(window.admit(at: at(120.5), mode: .on) == decision(0, resetAt: 160, retryAfter: 40))
        #expect(window.admit(at: at(159.999999), mode: .on) == decision(0, resetAt: 160, retryAfter: 1))
        #expect(window.admit(at: at(160), mode: .on) == decision(0, resetAt: 170))
        #expect(window.admit(at: at(170), mode: .on) == decision(1, resetAt: 220))
    }

    @Test func refusedRequestsDoNotCount() {
        var window = RateWindow(limit: 3, seconds: 60)
        for _ in 0..<3 { _ = window.admit(at: at(0), mode: .on) }
        for second in 1..<60 { #expect(window.admit(at: at(Double(second)), mode: .on).retryAfterSeconds != nil) }
        #expect(window.admit(at: at(60), mode: .on) == decision(2, resetAt: 120))
    }

    @Test func countingAdmitsAllAndKeepsTheLastOnes() {
        var window = RateWindow(limit: 3, seconds: 60)
        for second in 0..<3 { _ = window.admit(at: at(Double(second)), mode: .count) }
        #expect(window.admit(at: at(10), mode: .count) == decision(0, resetAt: 61))
        #expect(window.admit(at: at(11), mode: .count) == decision(0, resetAt: 62))
        #expect(window.admit(at: at(12), mode: .on) == decision(0, resetAt: 62, retryAfter: 50))
    }

    @Test func aJumpForwardEmptiesTheWindow() {
        var window = RateWindow(limit: 3, seconds: 60)
        for _ in 0..<3 { _ = window.admit(at: at(0), mode: .on) }
        #expect(window.admit(at: at(1e9), mode: .on) == decision(2, resetAt: 1e9 + 60))
    }

    @Test func timeNeverRunsBackwards() {
        var window = RateWindow(limit: 3, seconds: 60)
        _ = window.admit(at: at(100), mode: .on)
        #expect(window.admit(at: at(50), mode: .on) == decision(1, resetAt: 160))
        #expect(window.admit(at: at(160), mode: .on) == decision(2, resetAt: 220))
    }

    @Test func extremesDoNotTrap() {
        var window = RateWindow(limit: 0, seconds: .max)
        #expect(window.limit == 1)
        #expect(window.admit(at: .earliest, mode: .on).resetAt == .latest)
        #expect(window.admit(at: .earliest, mode: .on).retryAfterSeconds != nil)
        #expect(window.admit(at: .latest, mode: .on).retryAfterSeconds == nil)
        var large = RateWindow(limit: .max, seconds: 0)
        #expect(large.admit(at: .latest, mode: .count).remaining == .max - 1)
    }

    /// The rule as one would say it: keep every counted instant, and look at all of them.
    private struct NaiveWindow {
        let limit: Int
        let seconds: Int64
        var counted: [Instant] = []

        mutating func admit(at now: Instant, mode: RateLimitMode) -> RateDecision {
            counted.removeAll { $0.adding(seconds: seconds) <= now }
            let isAllowed = mode == .count || counted.count < limit
            if isAllowed { counted = (counted + [now]).suffix(limit) }
            let resetAt = counted[0].adding(seconds: seconds)
            let wait = Double(resetAt.microseconds - now.microseconds) / 1_000_000
            return RateDecision(
                limit: limit, remaining: limit - counted.count, resetAt: resetAt,
                retryAfterSeconds: isAllowed ? nil : Int64(wait.rounded(.up)))
        }
    }

    @Test(arguments: [1, 2, 15, 16, 17, 33, 100], 0..<8 as Range<UInt64>)
    func itDecidesAsTheNaiveWindowDoes(limit: Int, seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var (window, naive) = (RateWindow(limit: limit, seconds: 60), NaiveWindow(limit: limit, seconds: 60))
        let modes: [RateLimitMode] = [[.on], [.count], [.on, .count]][Int(seed % 3)]
        var now = at(1000)
        for _ in 0..<1000 {
            // About two limits a window, now and then a jump past part or all of it.
            let longest = Int64.random(in: 0..<50, using: &random) == 0 ? 90_000_000 : 60_000_000 / Int64(limit)
            now = now.adding(microseconds: Int64.random(in: 0...longest, using: &random))
            let mode = modes[Int.random(in: modes.indices, using: &random)]
            #expect(window.admit(at: now, mode: mode) == naive.admit(at: now, mode: mode))
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func noSpanHoldsMoreThanTheLimit(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var window = RateWindow(limit: 20, seconds: 60)
        var admitted: [Instant] = []
        var now = at(0)
        for _ in 0..<2000 {
            now = now.adding(microseconds: Int64.random(in: 0...3_000_000, using: &random))
            if window.admit(at: now, mode: .on).retryAfterSeconds == nil { admitted.append(now) }
        }
        for (first, next) in zip(admitted, admitted.dropFirst(20)) { #expect(first.adding(seconds: 60) <= next) }
    }
}
