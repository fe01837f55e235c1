import TestSupport
import Time
import Testing

@Suite struct ExecutionWindowsTests {
    private static let hour = 3600
    /// Weeknights from 22:00 to 06:00, the documentation's classic pattern.
    private static let weeknights = ExecutionWindows(
        Dictionary(
            uniqueKeysWithValues: [Weekday.monday, .tuesday, .wednesday, .thursday, .friday].map {
                ($0, [TimeWindow(start: 22 * hour, end: 6 * hour)])
            }))
    /// Sundays from 01:30 to 02:30, across New York's changes.
    private static let sundayNight = ExecutionWindows([.sunday: [TimeWindow(start: 5400, end: 9000)]])

    @Test(arguments: [
        // Summer: New York is four hours behind. Monday's window begins on Tuesday in UTC.
        ("2026-06-01T21:59:59Z", "2026-06-02T02:00:00Z", "2026-06-01T21:59:59Z"),
        ("2026-06-02T01:59:59.999999Z", "2026-06-02T02:00:00Z", "2026-06-02T01:59:59.999999Z"),
        ("2026-06-02T02:00:00Z", "2026-06-02T02:00:00Z", "2026-06-02T10:00:00Z"),
        ("2026-06-02T09:59:59.5Z", "2026-06-02T09:59:59.5Z", "2026-06-02T10:00:00Z"),
        ("2026-06-02T10:00:00Z", "2026-06-03T02:00:00Z", "2026-06-02T10:00:00Z"),
        // Friday's window ends on Saturday morning; the next is Monday's.
        ("2026-06-06T09:00:00Z", "2026-06-06T09:00:00Z", "2026-06-06T10:00:00Z"),
        ("2026-06-06T10:00:00Z", "2026-06-09T02:00:00Z", "2026-06-06T10:00:00Z"),
        // Friday before the March change: the next opening is an hour earlier in UTC.
        ("2026-03-07T11:00:00Z", "2026-03-10T02:00:00Z", "2026-03-07T11:00:00Z"),
        ("2026-10-31T10:00:00Z", "2026-11-03T03:00:00Z", "2026-10-31T10:00:00Z"),
    ])
    func weeknightsInNewYork(from: String, opens: String, closes: String) throws {
        try expect(Self.weeknights, "America/New_York", from: from, opens: opens, closes: closes)
    }

    @Test(arguments: [
        // March: 02:00 to 03:00 is skipped, so the window has only 01:30 to 02:00.
        ("2026-03-08T06:00:00Z", "2026-03-08T06:30:00Z", "2026-03-08T06:00:00Z"),
        ("2026-03-08T06:30:00Z", "2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z"),
        ("2026-03-08T07:00:00Z", "2026-03-15T05:30:00Z", "2026-03-08T07:00:00Z"),
        // November: 01:00 to 02:00 comes twice, so the window opens, closes as the hour comes again, and opens again.
        ("2026-11-01T05:00:00Z", "2026-11-01T05:30:00Z", "2026-11-01T05:00:00Z"),
        ("2026-11-01T05:30:00Z", "2026-11-01T05:30:00Z", "2026-11-01T06:00:00Z"),
        ("2026-11-01T06:00:00Z", "2026-11-01T06:30:00Z", "2026-11-01T06:00:00Z"),
        ("2026-11-01T06:30:00Z", "2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z"),
        ("2026-11-01T07:30:00Z", "2026-11-08T06:30:00Z", "2026-11-01T07:30:00Z"),
    ])
    func theSkippedHourHasNoInstantsAndTheRepeatedOneCountsTwice(from: String, opens: String, closes: String) throws {
        try expect(Self.sundayNight, "America/New_York", from: from, opens: opens, closes: closes)
    }

    @Test func aWindowWhollyInTheSkippedHourDoesNotOpenThatDay() throws {
        let windows = ExecutionWindows([.sunday: [TimeWindow(start: 7200, end: 10_800)]])
        try expect(
            windows, "America/New_York", from: "2026-03-07T12:00:00Z", opens: "2026-03-15T06:00:00Z",
            closes: "2026-03-07T12:00:00Z")
    }

    @Test func lordHoweMovesItsClocksByHalfAnHour() throws {
        // On 2026-04-05 at 02:00 (UTC+11) clocks go back to 01:30, so 01:30 to 02:00 comes twice.
        let windows = ExecutionWindows([.sunday: [TimeWindow(start: 5400, end: 7200)]])
        try expect(
            windows, "Australia/Lord_Howe", from: "2026-04-04T14:30:00Z", opens: "2026-04-04T14:30:00Z",
            closes: "2026-04-04T15:30:00Z")
        // On 2026-10-04 at 02:00 (UTC+10:30) they go on to 02:30.
        let later = ExecutionWindows([.sunday: [TimeWindow(start: 7200, end: 10_800)]])
        try expect(
            later, "Australia/Lord_Howe", from: "2026-10-03T15:00:00Z", opens: "2026-10-03T15:30:00Z",
            closes: "2026-10-03T15:00:00Z")
        try expect(
            later, "Australia/Lord_Howe", from: "2026-10-03T15:30:00Z", opens: "2026-10-03T15:30:00Z",
            closes: "2026-10-03T16:00:00Z")
    }

    @Test func overlappingAndTouchingWindowsAreOne() throws {
        let windows = ExecutionWindows([
            .monday: [
                TimeWindow(start: 9 * Self.hour, end: 12 * Self.hour),
                TimeWindow(start: 8 * Self.hour, end: 10 * Self.hour),
                TimeWindow(start: 12 * Self.hour, end: 1 * Self.hour),
            ],
            .tuesday: [TimeWindow(start: 0, end: 2 * Self.hour)],
        ])
        try expect(
            windows, "UTC", from: "2026-06-01T00:00:00Z", opens: "2026-06-01T08:00:00Z", closes: "2026-06-01T00:00:00Z")
        try expect(
            windows, "UTC", from: "2026-06-01T09:30:00Z", opens: "2026-06-01T09:30:00Z", closes: "2026-06-02T02:00:00Z")
    }

    @Test func equalTimesAreTwentyFourHours() throws {
        let windows = ExecutionWindows([.sunday: [TimeWindow(start: 43_200, end: 43_200)]])
        try expect(
            windows, "UTC", from: "2026-06-06T00:00:00Z", opens: "2026-06-07T12:00:00Z", closes: "2026-06-06T00:00:00Z")
        try expect(
            windows, "UTC", from: "2026-06-07T12:00:00Z", opens: "2026-06-07T12:00:00Z", closes: "2026-06-08T12:00:00Z")
    }

    @Test func withoutAWindowOrWithAFullWeekItIsAlwaysOpen() {
        let midnight = TimeWindow(start: 0, end: 0)
        let everyDay = Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, [midnight]) })
        for windows in [ExecutionWindows([:]), ExecutionWindows([.monday: []]), ExecutionWindows(everyDay)] {
            #expect(windows.alwaysOpen)
            #expect(windows.isOpen(at: .latest, in: .utc))
            #expect(windows.nextOpening(from: .earliest, in: .utc) == .earliest)
        }
    }

    @Test func nothingOpensAfterTheEndOfTheCalendar() throws {
        // 9999-12-31 is a Friday.
        let windows = ExecutionWindows([.monday: [TimeWindow(start: 0, end: 3600)]])
        let late = try #require(Instant(rfc3339: "9999-12-30T00:00:00Z"))
        #expect(windows.nextOpening(from: late, in: .utc) == nil)
    }

    @Test(arguments: [
        "UTC", "America/New_York", "Australia/Lord_Howe", "Europe/Dublin", "Asia/Kathmandu", "Pacific/Chatham",
    ])
    func openingsAreThoseOfALookEveryFiveMinutes(name: String) throws {
        let zone = try #require(Zone(named: name))
        var generator = SeededGenerator(seed: 41)
        for _ in 0..<12 {
            var days: [Weekday: [TimeWindow]] = [:]
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let window = TimeWindow(
                    start: Int.random(in: 0..<288, using: &generator) * 300,
                    end: Int.random(in: 0..<288, using: &generator) * 300)
                days[Weekday.allCases.randomElement(using: &generator) ?? .monday, default: []].append(window)
            }
            let windows = ExecutionWindows(days)
            // Three weeks that hold a change of the clocks in most of these zones, then any time of two centuries.
            let starts: [Int64] = [
                1_772_323_200, 1_792_800_000, .random(in: 0..<6_000_000_000, using: &generator) / 300 * 300,
            ]
            let start = starts.randomElement(using: &generator) ?? 0
            var opening: Instant?
            for minute in stride(from: 21 * 1440, to: 0, by: -5) {
                let instant = Instant(microseconds: (start + Int64(minute) * 60) * 1_000_000)
                let isOpen = Self.isOpen(days, at: instant, in: zone)
                if isOpen { opening = instant }
                guard minute < 13 * 1440 else { continue }
                let found = windows.nextOpening(from: instant, in: zone)
                guard windows.isOpen(at: instant, in: zone) == isOpen, found == opening else {
                    Issue.record("\(days) in \(name) at \(instant.rfc3339): \(String(describing: found))")
                    return
                }
            }
        }
    }

    /// The rule as the documentation words it, for one instant.
    private static func isOpen(_ days: [Weekday: [TimeWindow]], at instant: Instant, in zone: Zone) -> Bool {
        let local = instant.unixSeconds + zone.offset(at: instant)
        let (day, second) = (local / 86_400, Int(local % 86_400))
        let today = Weekday(rawValue: Int((day + 3) % 7)) ?? .monday
        let yesterday = Weekday(rawValue: Int((day + 2) % 7)) ?? .monday
        let began = (days[today] ?? []).contains { $0.start <= second && (second < $0.end || $0.end <= $0.start) }
        let lasts = (days[yesterday] ?? []).contains { $0.end <= $0.start && second < $0.end }
        return began || lasts
    }

    private func expect(
        _ windows: ExecutionWindows, _ zone: String, from: String, opens: String, closes: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let zone = try #require(Zone(named: zone), sourceLocation: sourceLocation)
        let from = try #require(Instant(rfc3339: from), sourceLocation: sourceLocation)
        #expect(windows.nextOpening(from: from, in: zone) == Instant(rfc3339: opens), sourceLocation: sourceLocation)
        let closing = try #require(Instant(rfc3339: closes), sourceLocation: sourceLocation)
        #expect(!windows.isOpen(at: closing, in: zone), sourceLocation: sourceLocation)
        if closing > from {
            #expect(windows.isOpen(at: closing.adding(microseconds: -1), in: zone), sourceLocation: sourceLocation)
        }
        #expect(
            windows.isOpen(at: from, in: zone) == (Instant(rfc3339: opens) == from), sourceLocation: sourceLocation)
    }
}
