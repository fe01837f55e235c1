package import Simulation

/// A point in time as a seed says it: a date, or so long after (or before) the start of the sandbox's clock.
package enum SeedTime: Hashable, Sendable {
    case absolute(Instant)
    case relative(microseconds: Int64)

    /// A thousand years or so, in microseconds: no seed reaches further, and no sum overflows.
    static let longest: Int64 = 366_000 * 86_400_000_000

    /// The instant that is meant in a sandbox whose clock started then.
    package func resolved(start: Instant) -> Instant {
        switch self {
        case .absolute(let instant): instant
        case .relative(let microseconds): start.adding(microseconds: microseconds)
        }
    }

    /// Reads an RFC 3339 timestamp or a signed ISO 8601 duration; nil for anything else.
    package init?(_ text: String) {
        if let instant = Instant(rfc3339: text) {
            self = .absolute(instant)
        } else if let microseconds = SignedDuration.microseconds(text) {
            self = .relative(microseconds: microseconds)
        } else {
            return nil
        }
    }

    /// How this time lies to another; nil when only one of them depends on the clock's start.
    func isAfter(_ other: SeedTime) -> Bool? {
        switch (self, other) {
        case (.absolute(let left), .absolute(let right)): left > right
        case (.relative(let left), .relative(let right)): left > right
        case (.absolute, .relative), (.relative, .absolute): nil
        }
    }
}

/// Durations such as `-P2DT3H`: a sign, then weeks, days, hours, minutes and seconds in that order.
///
/// Years and months are refused, because their length depends on the date.
private enum SignedDuration {
    private static let longest = SeedTime.longest

    static func microseconds(_ text: String) -> Int64? {
        var rest = Substring(text)
        guard let sign = rest.popFirst(), sign == "+" || sign == "-", rest.popFirst() == "P" else { return nil }
        let halves = rest.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard let date = halves.first,
            let days = sum(date, units: [("W", 604_800_000_000), ("D", 86_400_000_000)], mayBeEmpty: halves.count == 2)
        else { return nil }
        var total = days
        if halves.count == 2 {
            let units: [(Character, Int64)] = [("H", 3_600_000_000), ("M", 60_000_000), ("S", 1_000_000)]
            guard let time = sum(halves[1], units: units, mayBeEmpty: false) else { return nil }
            total += time
        }
        return total > longest ? nil : sign == "-" ? -total : total
    }

    /// Adds up numbers with their units; each half is at most ``longest``.
    private static func sum(_ text: Substring, units: [(Character, Int64)], mayBeEmpty: Bool) -> Int64? {
        if text.isEmpty { return mayBeEmpty ? 0 : nil }
        var rest = text
        var total: Int64 = 0
        for (unit, microseconds) in units {
            guard let end = rest.firstIndex(of: unit) else { continue }
            guard let part = amount(rest[..<end], of: microseconds, mayHaveFraction: unit == "S") else { return nil }
            total += part
            guard total <= longest else { return nil }
            rest = rest[rest.index(after: end)...]
        }
        return rest.isEmpty ? total : nil
    }

    private static func amount(_ text: Substring, of microseconds: Int64, mayHaveFraction: Bool) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, parts.count <= (mayHaveFraction ? 2 : 1), isDigits(whole),
            let count = Int64(whole), count <= longest / microseconds
        else { return nil }
        guard parts.count == 2 else { return count * microseconds }
        guard isDigits(parts[1]), parts[1].utf8.count <= 6 else { return nil }
        let padded = parts[1] + String(repeating: "0", count: 6 - parts[1].utf8.count)
        return Int64(padded).map { count * microseconds + $0 }
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 18 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
