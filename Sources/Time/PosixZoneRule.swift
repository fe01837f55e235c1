/// A zone's rule for every year (the POSIX `TZ` text at the end of a zone file): `EST5EDT,M3.2.0,M11.1.0`.
struct PosixZoneRule: Sendable {
    private let standardOffset: Int64
    private let summer: Summer?

    /// The part of the year with the other offset.
    private struct Summer: Sendable {
        let offset: Int64
        let start: YearlyMoment
        let end: YearlyMoment
    }

    /// The offset at a Unix second, and the second at which it may change next; nil when it never does.
    func span(at second: Int64) -> (offset: Int64, endsAt: Int64?) {
        guard let summer else { return (standardOffset, nil) }
        let year = CivilDate(daysSinceEpoch: second.flooredDivision(by: 86_400).quotient).year
        // A rule's hours may reach into the years beside it, so the neighbours are looked at too.
        var latest: (at: Int64, offset: Int64) = (.min, standardOffset)
        var next: Int64?
        for year in year - 1...year + 1 {
            // The end stands first: where both fall together (summer all year), summer holds.
            let changes = [
                (at: summer.end.localSecond(in: year) - summer.offset, offset: standardOffset),
                (at: summer.start.localSecond(in: year) - standardOffset, offset: summer.offset),
            ]
            for change in changes {
                if change.at > second {
                    next = min(next ?? change.at, change.at)
                } else if change.at >= latest.at {
                    latest = change
                }
            }
        }
        return (latest.offset, next)
    }
}

/// A moment that comes every year, such as the second Sunday in March at two o'clock, in local time.
private struct YearlyMoment: Sendable {
    let day: Day
    /// Seconds after that day's midnight, from a week before to a week after.
    let second: Int64

    enum Day: Sendable {
        /// The day of the year from 1, never counting 29 February.
        case julian(Int64)
        /// The day of the year from 0, counting 29 February.
        case ordinal(Int64)
        /// A weekday (0 is Sunday) of the first to fourth, or with 5 the last, week of a month.
        case weekday(month: Int64, week: Int64, weekday: Int64)
    }

    /// That moment of the year, in seconds of the local clock since 1970-01-01T00:00:00.
    func localSecond(in year: Int64) -> Int64 { dayNumber(in: year) * 86_400 + second }

    private func dayNumber(in year: Int64) -> Int64 {
        switch day {
        case .julian(let day):
            let isPastLeapDay = day >= 60 && Self.firstDay(3, year) - Self.firstDay(1, year) == 60
            return Self.firstDay(1, year) + day - 1 + (isPastLeapDay ? 1 : 0)
        case .ordinal(let day):
            return Self.firstDay(1, year) + day
        case .weekday(let month, let week, let weekday):
            let first = Self.firstDay(month, year)
            let nextMonth = month == 12 ? Self.firstDay(1, year + 1) : Self.firstDay(month + 1, year)
            // 1970-01-01 was a Thursday, the fourth day after Sunday.
            let firstWeekday = (first + 4).flooredDivision(by: 7).remainder
            let day = first + (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            return day < nextMonth ? day : day - 7
        }
    }

    private static func firstDay(_ month: Int64, _ year: Int64) -> Int64 {
        CivilDate(year: year, month: month, day: 1)?.daysSinceEpoch ?? 0
    }
}

extension PosixZoneRule {
    /// Reads the text (with RFC 9636's wider hours), or gives nil when it is not such a rule.
    init?(_ text: ArraySlice<UInt8>) {
        var reader = PosixReader(rest: text)
        guard reader.name(), let west = reader.time(maximumHours: 24) else { return nil }
        standardOffset = -west
        if reader.rest.isEmpty {
            summer = nil
            return
        }
        guard reader.name() else { return nil }
        var offset = standardOffset + 3600
        if reader.rest.first != UInt8(ascii: ",") {
            guard let west = reader.time(maximumHours: 24) else { return nil }
            offset = -west
        }
        guard let start = reader.moment(), let end = reader.moment(), reader.rest.isEmpty else { return nil }
        summer = Summer(offset: offset, start: start, end: end)
    }
}

/// Reads the parts of a POSIX `TZ` text from left to right.
private struct PosixReader {
    var rest: ArraySlice<UInt8>

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// A name of three letters or more, or anything between angle brackets.
    mutating func name() -> Bool {
        if skip("<") {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")), end > rest.startIndex else { return false }
            rest = rest[(end + 1)...]
            return true
        }
        let letters = rest.prefix { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
        rest = rest.dropFirst(letters.count)
        return letters.count >= 3
    }

    mutating func number(_ range: ClosedRange<Int64>) -> Int64? {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard (1...3).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        let value = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        return range.contains(value) ? value : nil
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time(maximumHours: Int64) -> Int64? {
        let isNegative = skip("-")
        if !isNegative { _ = skip("+") }
        guard let hours = number(0...maximumHours) else { return nil }
        var (minutes, seconds): (Int64, Int64) = (0, 0)
        if skip(":") {
            guard let value = number(0...59) else { return nil }
            minutes = value
            if skip(":") {
                guard let value = number(0...59) else { return nil }
                seconds = value
            }
        }
        let total = hours * 3600 + minutes * 60 + seconds
        return isNegative ? -total : total
    }

    /// `,date[/time]`; two o'clock when no time is given.
    mutating func moment() -> YearlyMoment? {
        guard skip(","), let day = day() else { return nil }
        guard skip("/") else { return YearlyMoment(day: day, second: 7200) }
        guard let second = time(maximumHours: 167) else { return nil }
        return YearlyMoment(day: day, second: second)
    }

    private mutating func day() -> YearlyMoment.Day? {
        if skip("J") { return number(1...365).map { .julian($0) } }
        guard skip("M") else { return number(0...365).map { .ordinal($0) } }
        guard let month = number(1...12), skip("."), let week = number(1...5), skip("."), let weekday = number(0...6)
        else { return nil }
        return .weekday(month: month, week: week, weekday: weekday)
    }
}
