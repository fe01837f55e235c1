import Neo
import JSON
import Sandboxes
import Time

/// Windows read and write the same, and the next opening is the first open second, in every zone and year.
struct WindowsTarget: FuzzTarget {
    let takesJSON = true

    func take(_ input: [UInt8]) {
        guard let root = (try? JSONParser.parse(input))?.object else { return }
        var findings = 0
        let node = root["windows"] ?? JSONNode(.null)
        let daily = DailyExecutionWindows(node) { finding in
            findings += 1
            require(!finding.message.isEmpty, "a finding without words")
            require((0...input.count).contains(finding.offset), "a finding outside the text")
        }
        require(DailyExecutionWindows(json: daily.json) == daily, "stored windows are not those that were read")
        let windows = Self.windows(of: daily)
        guard let zone = Zone(named: root["zone"]?.string ?? "UTC") else { return }
        let instant =
            root["at"]?.integer.map { Instant(microseconds: $0) } ?? root["at"]?.string.flatMap { Instant(rfc3339: $0) }
            ?? Instant(microseconds: 0)
        check(windows, zone, instant)
    }

    private static func windows(of daily: DailyExecutionWindows) -> ExecutionWindows {
        var windows: [Weekday: [TimeWindow]] = [:]
        for day in daily.days {
            guard let weekday = DailyExecutionWindows.dayNames.firstIndex(of: day.name).flatMap(Weekday.init) else {
                fatalError("a day that is none: \(day.name)")
            }
            windows[weekday, default: []] += day.windows.map { TimeWindow(start: $0.start, end: $0.end) }
        }
        return ExecutionWindows(windows)
    }

    private func check(_ windows: ExecutionWindows, _ zone: Zone, _ instant: Instant) {
        let opening = windows.nextOpening(from: instant, in: zone)
        if windows.isOpen(at: instant, in: zone) { require(opening == instant, "what is open opens later") }
        if let opening {
            require(windows.isOpen(at: opening, in: zone), "closed at its opening")
            checkBetween(instant, opening) { !windows.isOpen(at: $0, in: zone) }
        }
    }

    /// Looks at the last moment before the change, and at some on the way.
    private func checkBetween(_ start: Instant, _ change: Instant, _ holds: (Instant) -> Bool) {
        guard start < change else { return require(start == change, "a change in the past") }
        require(holds(change.adding(microseconds: -1)), "the change came sooner")
        let span = change.microseconds - start.microseconds
        for part in 0..<16 {
            let instant = start.adding(microseconds: span / 16 * Int64(part))
            require(holds(instant), "the change came sooner")
        }
    }
}
