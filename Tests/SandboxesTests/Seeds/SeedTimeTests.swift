import Sandboxes
import Time
import Testing

@Suite struct SeedTimeTests {
    @Test(arguments: [
        ("-P0D", 0), ("+P1D", 86_400_000_000), ("-P2DT3H", -183_600_000_000), ("+PT1H2M3S", 3_723_000_000),
        ("-PT0.000001S", -1), ("+PT1.5S", 1_500_000), ("+P1W2D", 777_600_000_000), ("+PT90M", 5_400_000_000),
    ])
    func aSignedDurationIsRelativeToTheStart(text: String, microseconds: Int64) {
        #expect(SeedTime(text) == .relative(microseconds: microseconds))
    }

    @Test(arguments: [
        "", "P1D", "-P", "-PT", "-P1DT", "-1D", "-P1M", "-P1Y", "-P1H", "-PT1D", "-PT1M1H", "-P-1D", "-P1.5D", "-PT1.S",
        "-PT.5S", "-PT1.0000001S", "-P400000D", "-P9999999999999999999D", "-PT99999999999999999S", "-p1d", "now",
        "-P1D ",
        "2026-02-30T00:00:00Z", "+PT1S1S", "-P٣D",
    ])
    func whatIsNeitherDateNorDurationIsRefused(text: String) {
        #expect(SeedTime(text) == nil)
    }

    @Test func aTimeIsResolvedAgainstTheStart() throws {
        let start = try #require(Instant(rfc3339: "2026-03-02T09:00:00Z"))
        #expect(SeedTime("-P2DT3H")?.resolved(start: start).rfc3339 == "2026-02-28T06:00:00.000000Z")
        #expect(SeedTime("2026-01-01T00:00:00Z")?.resolved(start: start).rfc3339 == "2026-01-01T00:00:00.000000Z")
    }
}
