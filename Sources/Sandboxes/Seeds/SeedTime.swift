package import Time

/// A point in time as a seed says it: a date, or so long after (or before) the start of the sandbox's clock.
package enum SeedTime: Hashable, Sendable {
    case absolute(Instant)
    case relative(microseconds: Int64)

    /// A thousand years or so, in microseconds: no seed reaches further, and no sum overflows.
    package static let longest: Int64 = 366_000 * 86_400_000_000

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

    package var isRelative: Bool { if case .relative = self { true } else { false } }

    /// How this time lies to another; nil when only one of them depends on the clock's start.
    package func isAfter(_ other: SeedTime) -> Bool? {
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

    private typealias Bytes = Substring.UTF8View

    static func microseconds(_ text: String) -> Int64? {
        var rest = Substring(text).utf8
        guard let sign = rest.popFirst(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
            rest.popFirst() == UInt8(ascii: "P")
        else { return nil }
        let halves = rest.split(separator: UInt8(ascii: "T"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let date = halves.first, let days = sum(date, units: dateUnits, mayBeEmpty: halves.count == 2)
        else { return nil }
        var total = days
        if halves.count == 2 {
            guard let time = sum(halves[1], units: timeUnits, mayBeEmpty: false) else { return nil }
            total += time
        }
        return total > longest ? nil : sign == UInt8(ascii: "-") ? -total : total
    }

    private static let dateUnits: [(UInt8, Int64)] = [
        (UInt8(ascii: "W"), 604_800_000_000), (UInt8(ascii: "D"), 86_400_000_000),
    ]
    private static let timeUnits: [(UInt8, Int64)] = [
        (UInt8(ascii: "H"), 3_600_000_000), (UInt8(ascii: "M"), 60_000_000), (UInt8(ascii: "S"), 1_000_000),
    ]

    /// Adds up numbers with their units; each half is at most ``longest``.
    private static func sum(_ text: Bytes, units: [(UInt8, Int64)], mayBeEmpty: Bool) -> Int64? {
        if text.isEmpty { return mayBeEmpty ? 0 : nil }
        var rest = text
        var total: Int64 = 0
        for (unit, microseconds) in units {
            guard let end = rest.firstIndex(of: unit) else { continue }
            let mayHaveFraction = unit == UInt8(ascii: "S")
            guard let part = amount(rest[..<end], of: microseconds, mayHaveFraction: mayHaveFraction) else {
                return nil
            }
            total += part
            guard total <= longest else { return nil }
            rest = rest[rest.index(after: end)...]
        }
        return rest.isEmpty ? total : nil
    }

    private static func amount(_ text: Bytes, of microseconds: Int64, mayHaveFraction: Bool) -> Int64? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let whole = parts.first, parts.count <= (mayHaveFraction ? 2 : 1), let count = number(whole),
            count <= longest / microseconds
        else { return nil }
        guard parts.count == 2 else { return count * microseconds }
        guard let fraction = number(parts[1]), parts[1].count <= 6 else { return nil }
        return (parts[1].count..<6).reduce(fraction) { fraction, _ in fraction * 10 } + count * microseconds
    }

    /// What up to eighteen digits say.
    private static func number(_ text: Bytes) -> Int64? {
        guard !text.isEmpty, text.count <= 18, text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return text.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
}
