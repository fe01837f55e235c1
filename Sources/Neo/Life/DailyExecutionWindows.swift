package import JSON
import Time

/// The windows of a backfill as they were sent: which days, in their order, and each day's windows.
///
/// What is read is forgiving, and every oddity is a ``Finding``: the Neo API warns of some, seeds refuse them all.
package struct DailyExecutionWindows: Hashable, Sendable {
    /// One window, in seconds of the local day from 0 to 86,399; an end that is not after the start is the next day's.
    package struct Window: Hashable, Sendable {
        package let start: Int
        package let end: Int
    }

    /// A day that was sent, also one without windows.
    package struct Day: Hashable, Sendable {
        /// `monday` to `sunday`.
        package let name: String
        package let windows: [Window]
    }

    /// Something odd about a sent value.
    package struct Finding: Hashable, Sendable {
        /// What is odd.
        package enum Kind: Hashable, Sendable {
            /// The value cannot be used; it is left out.
            case invalid(String)
            /// No day has this name; it is left out.
            case unknownDay
            /// A window has no such member; it is left out.
            case unknownMember
            /// The time has an offset from UTC, which is ignored.
            case ignoredOffset
        }

        /// The path from the windows to the value, `monday[0].run_start_time`; empty for the whole.
        package let place: String
        /// Where in the text the value stands.
        package let offset: Int
        package let kind: Kind

        /// What is odd, as a sentence about the place.
        package var message: String {
            switch kind {
            case .invalid(let message): message
            case .unknownDay: "is not a day: monday, tuesday, wednesday, thursday, friday, saturday, sunday"
            case .unknownMember: "is not a member of a window"
            case .ignoredOffset: "must be a local time, without an offset"
            }
        }
    }

    package let days: [Day]

    /// No day at all, which is always open.
    package static let none = DailyExecutionWindows(days: [])

    package static let dayNames = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    init(days: [Day]) { self.days = days }

    /// Reads what is usable and reports what is odd, in document order. Of two days with one name the last counts.
    package init(_ node: JSONNode, report: (Finding) -> Void) {
        guard let members = node.object?.members else {
            let message = "must be an object, not \(node.value.kindName)"
            report(Finding(place: "", offset: node.range.lowerBound, kind: .invalid(message)))
            self = .none
            return
        }
        var lastIndex: [String: Int] = [:]
        for (index, member) in members.enumerated() { lastIndex[member.key] = index }
        var days: [Day] = []
        for (index, member) in members.enumerated() where lastIndex[member.key] == index {
            if Self.dayNames.contains(member.key) {
                let windows = Self.windows(of: member.key, member.value, report)
                days.append(Day(name: member.key, windows: windows))
            } else {
                report(Finding(place: member.key, offset: member.value.range.lowerBound, kind: .unknownDay))
            }
        }
        self.days = days
    }

    /// Reads stored text again; nil unless it is just as ``json`` writes it.
    package init?(json: String) {
        guard let node = try? JSONParser.parse(Array(json.utf8)) else { return nil }
        var isOdd = false
        self.init(node) { _ in isOdd = true }
        if isOdd { return nil }
    }

    private static func windows(of day: String, _ node: JSONNode, _ report: (Finding) -> Void) -> [Window] {
        guard let elements = node.array else {
            let message = "must be an array, not \(node.value.kindName)"
            report(Finding(place: day, offset: node.range.lowerBound, kind: .invalid(message)))
            return []
        }
        var windows: [Window] = []
        for (index, element) in elements.enumerated() {
            guard let object = element.object else {
                let message = "must be an object, not \(element.value.kindName)"
                report(Finding(place: "\(day)[\(index)]", offset: element.range.lowerBound, kind: .invalid(message)))
                continue
            }
            let start = time("run_start_time", in: object, of: element, "\(day)[\(index)]", report)
            let end = time("run_end_time", in: object, of: element, "\(day)[\(index)]", report)
            for member in object.members where member.key != "run_start_time" && member.key != "run_end_time" {
                let place = "\(day)[\(index)].\(member.key)"
                report(Finding(place: place, offset: member.value.range.lowerBound, kind: .unknownMember))
            }
            if let start, let end { windows.append(Window(start: start, end: end)) }
        }
        return windows
    }

    private static func time(
        _ name: String, in object: JSONObject, of window: JSONNode, _ place: String, _ report: (Finding) -> Void
    ) -> Int? {
        let node = object[name]
        let offset = node?.range.lowerBound ?? window.range.lowerBound
        guard let node else {
            report(Finding(place: "\(place).\(name)", offset: offset, kind: .invalid("is missing")))
            return nil
        }
        guard let time = node.string.flatMap(LocalTime.init) else {
            let message = "must be a time such as 22:00 or 22:00:00"
            report(Finding(place: "\(place).\(name)", offset: offset, kind: .invalid(message)))
            return nil
        }
        if time.hasOffset { report(Finding(place: "\(place).\(name)", offset: offset, kind: .ignoredOffset)) }
        return time.seconds
    }

    /// The windows as they are stored and answered: compact, the sent days only, times as `HH:MM:SS`.
    package var json: String {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        for day in days {
            writer.key(anyText: day.name)
            writer.beginArray()
            for window in day.windows {
                writer.beginObject()
                writer.key("run_start_time")
                writer.string(Self.text(second: window.start))
                writer.key("run_end_time")
                writer.string(Self.text(second: window.end))
                writer.endObject()
            }
            writer.endArray()
        }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// `HH:MM:SS`.
    private static func text(second: Int) -> String {
        [second / 3600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}
