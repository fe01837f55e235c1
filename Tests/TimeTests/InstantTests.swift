import Time
import Testing

@Suite struct InstantTests {
    @Test(arguments: [
        ("2026-05-25T21:14:40.796434Z", "2026-05-25T21:14:40.796434Z"),
        ("2026-05-25T21:14:40Z", "2026-05-25T21:14:40.000000Z"),
        ("2026-05-25T21:14:40.1234567+00:00", "2026-05-25T21:14:40.123456Z"),
        ("2026-05-25 23:14:40.5+02:00", "2026-05-25T21:14:40.500000Z"),
        ("2024-02-29T00:00:00-05:30", "2024-02-29T05:30:00.000000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
        ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
    ])
    func aTimestampIsReadAndWrittenInUTC(text: String, expected: String) {
        #expect(Instant(rfc3339: text)?.rfc3339 == expected)
    }

    @Test(arguments: [
        "", "2026-05-25", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-05-25T24:00:00Z", "2026-05-25T21:14:40",
        "2026-05-25T21:14:40.Z", "2026-05-25T21:14:40Zx", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00", "２026-05-25T21:14:40Z", "2026-05-25T21:14:40+25:00",
    ])
    func whatIsNoTimestampIsRefused(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test func timeStopsAtTheEndsOfTheCalendar() {
        #expect(Instant.latest.adding(seconds: .max) == .latest)
        #expect(Instant.earliest.adding(microseconds: .min) == .earliest)
    }
}
