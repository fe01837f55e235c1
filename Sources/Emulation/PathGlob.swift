/// A pattern for paths: `*` stands for any part of one segment, alone for a whole one; `?` for one character; `**`,
/// alone in its segment, for any number of segments, none included. The rest stands for itself.
package struct PathGlob: Sendable, Hashable {
    /// The pattern as it was written.
    package let text: String
    private let segments: [Segment]

    private enum Segment: Sendable, Hashable {
        case anySegments
        case one([UInt8])
    }

    /// Nil for a pattern that can match no path: one that begins neither with `/` nor with `**`.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Array.init)
        guard parts[0].isEmpty && parts.count > 1 || parts[0] == Self.anySegments else { return nil }
        self.text = text
        segments = parts.map { $0 == Self.anySegments ? .anySegments : .one($0) }
    }

    private static let anySegments = Array("**".utf8)
    private static let star = UInt8(ascii: "*")

    /// Whether a path matches, as it was sent: upper and lower case differ, and percent-encoding stays.
    package func matches(_ path: String) -> Bool {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return Self.matches(segments.count, parts.count, isMany: { segments[$0] == .anySegments }) { left, right in
            guard case .one(let pattern) = segments[left] else { return false }
            return Self.segment(Array(parts[right]), fits: pattern)
        }
    }

    private static func segment(_ segment: [UInt8], fits pattern: [UInt8]) -> Bool {
        // A whole segment is never an empty one.
        if pattern == [star] { return !segment.isEmpty }
        return matches(pattern.count, segment.count, isMany: { pattern[$0] == star }) { left, right in
            pattern[left] == segment[right] || pattern[left] == UInt8(ascii: "?")
        }
    }

    /// Matches a row of `pattern` elements, some of which stand for many, against a row of `count`. It only ever goes
    /// back to the last of those, so hostile patterns cost no more than the product of both lengths.
    private static func matches(
        _ pattern: Int, _ count: Int, isMany: (Int) -> Bool, fits: (_ pattern: Int, _ element: Int) -> Bool
    ) -> Bool {
        var left = 0
        var right = 0
        var back: (left: Int, right: Int)?
        while right < count {
            if left < pattern, isMany(left) {
                back = (left, right)
                left += 1
            } else if left < pattern, fits(left, right) {
                left += 1
                right += 1
            } else if let (many, from) = back {
                back = (many, from + 1)
                (left, right) = (many + 1, from + 1)
            } else {
                return false
            }
        }
        while left < pattern, isMany(left) { left += 1 }
        return left == pattern
    }
}
