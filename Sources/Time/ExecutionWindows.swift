/// A day of the week, from Monday on.
package enum Weekday: Int, CaseIterable, Sendable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday
}

/// A stretch of a local day in which executions may start: from its start up to, not including, its end.
///
/// Choice: an end that is not after the start lies on the next day, so equal ones make 24 hours (docs/FIDELITY.md,
/// "Execution windows").
package struct TimeWindow: Hashable, Sendable {
    /// Seconds of the local day, 0 up to 86,400.
    package let start: Int
    /// Seconds of the local day, 0 up to 86,400.
    package let end: Int

    /// The window between two seconds of the day, each held within the day.
    package init(start: Int, end: Int) {
        self.start = min(max(start, 0), 86_399)
        self.end = min(max(end, 0), 86_399)
    }
}

/// When work may begin: weekly windows of local wall-clock time.
///
/// Windows of one day or of several are united. Choice: without a window on any day it is always open. An hour that a
/// daylight-saving change skips has no instants, one that it repeats counts twice (docs/FIDELITY.md, "Execution
/// windows").
package struct ExecutionWindows: Hashable, Sendable {
    /// Open stretches in seconds of the local week from Monday's midnight: ascending, apart, none empty.
    package let openSeconds: [Range<Int64>]

    private static let week: Int64 = 604_800

    /// The union of the windows of every day.
    package init(_ windows: [Weekday: [TimeWindow]]) {
        var stretches: [Range<Int64>] = []
        for (day, windows) in windows {
            for window in windows {
                let midnight = Int64(day.rawValue) * 86_400
                let start = midnight + Int64(window.start)
                let end = midnight + Int64(window.end) + (window.end <= window.start ? 86_400 : 0)
                stretches.append(start..<min(end, Self.week))
                if end > Self.week { stretches.append(0..<end - Self.week) }
            }
        }
        stretches.sort { $0.lowerBound < $1.lowerBound }
        var union: [Range<Int64>] = []
        for stretch in stretches {
            if let last = union.last, stretch.lowerBound <= last.upperBound {
                union[union.count - 1] = last.lowerBound..<max(last.upperBound, stretch.upperBound)
            } else {
                union.append(stretch)
            }
        }
        openSeconds = union
    }

    /// Whether no instant is closed: there is no window at all, or together they fill the week.
    package var alwaysOpen: Bool { openSeconds.isEmpty || openSeconds == [0..<Self.week] }

    /// Whether a window is open at that instant.
    package func isOpen(at instant: Instant, in zone: Zone) -> Bool {
        alwaysOpen || isOpen(localSecond: instant.unixSeconds + zone.offset(at: instant))
    }

    /// The first instant, from the given one on, that is open; nil when none is before the calendar's end.
    package func nextOpening(from instant: Instant, in zone: Zone) -> Instant? {
        if alwaysOpen { return instant }
        var now = instant
        // From one change of the zone's offset to the next: between two, the local week runs evenly.
        while true {
            let span = zone.span(at: now)
            let localSecond = now.unixSeconds + span.offset
            if isOpen(localSecond: localSecond) { return now }
            let second = now.unixSeconds + secondsUntilChange(afterLocal: localSecond)
            let spanEnd = span.endsAt ?? .max
            guard min(second, spanEnd) <= Instant.latest.unixSeconds else { return nil }
            now = Instant.unixEpoch.adding(seconds: min(second, spanEnd))
        }
    }

    private func isOpen(localSecond: Int64) -> Bool {
        let second = Self.secondOfWeek(localSecond)
        return firstStretch(endingAfter: second).map { $0.lowerBound <= second } ?? false
    }

    /// How long the local clock must run on until a window opens or closes; never more than a week.
    private func secondsUntilChange(afterLocal localSecond: Int64) -> Int64 {
        let second = Self.secondOfWeek(localSecond)
        if let stretch = firstStretch(endingAfter: second) {
            return (stretch.lowerBound > second ? stretch.lowerBound : stretch.upperBound) - second
        }
        // The week begins anew, with the first window.
        return Self.week - second + (openSeconds.first?.lowerBound ?? 0)
    }

    private func firstStretch(endingAfter second: Int64) -> Range<Int64>? {
        var (low, high) = (0, openSeconds.count)
        while low < high {
            let middle = (low + high) / 2
            if openSeconds[middle].upperBound <= second { low = middle + 1 } else { high = middle }
        }
        return low < openSeconds.count ? openSeconds[low] : nil
    }

    /// 1970-01-01 was a Thursday, the third day after Monday.
    private static func secondOfWeek(_ localSecond: Int64) -> Int64 {
        (localSecond + 3 * 86_400).flooredDivision(by: week).remainder
    }
}
