/// A point in time: whole microseconds since 1970-01-01T00:00:00Z, never outside the years 1 to 9999.
///
/// Microseconds are what vendors put on the wire (`2026-05-25T21:14:40.796434Z`).
package struct Instant: Hashable, Comparable, Sendable {
    package let microseconds: Int64

    /// The instant that many microseconds after the epoch, held within the years 1 to 9999.
    package init(microseconds: Int64) {
        self.microseconds = min(max(microseconds, Self.firstMicrosecond), Self.lastMicrosecond)
    }

    package static let earliest = Instant(microseconds: firstMicrosecond)
    /// 9999-12-31T23:59:59.999999Z, the last instant that four-digit years can write.
    package static let latest = Instant(microseconds: lastMicrosecond)

    private static let firstMicrosecond: Int64 = -62_135_596_800_000_000
    private static let lastMicrosecond: Int64 = 253_402_300_799_999_999

    package static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

    /// Later (or earlier) by that many microseconds, held at the ends of the calendar instead of overflowing.
    package func adding(microseconds delta: Int64) -> Instant {
        let (sum, overflow) = microseconds.addingReportingOverflow(delta)
        return overflow ? (delta > 0 ? .latest : .earliest) : Instant(microseconds: sum)
    }

    /// Later (or earlier) by that many seconds, held at the ends of the calendar instead of overflowing.
    package func adding(seconds: Int64) -> Instant {
        let (delta, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? (seconds > 0 ? .latest : .earliest) : adding(microseconds: delta)
    }

    /// Whole seconds since the epoch, rounded down.
    package var unixSeconds: Int64 { microseconds.flooredDivision(by: 1_000_000).quotient }
}

extension Int64 {
    /// Division that rounds towards minus infinity, so that the remainder of a positive divisor is never negative.
    package func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
