import Backside
import Emulation
import HTTPFront
import Sandboxes
import Time

/// The small languages that clients write: timestamps, times, UUIDs, cron, path patterns, preferences, targets.
struct TextsTarget: FuzzTarget {
    let takesJSON = false

    func take(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        if let instant = Instant(rfc3339: text) {
            require(Instant(rfc3339: instant.rfc3339) == instant, "a timestamp reads otherwise than it is written")
        }
        if let time = LocalTime(text) { require((0..<86_400).contains(time.seconds), "a time outside the day") }
        if let uuid = UUIDValue(text) {
            require(UUIDValue(uuid.description) == uuid, "a UUID reads otherwise than it is written")
        }
        _ = CronExpression.isValid(text)
        let request = HTTPRequest("GET", text, fields: [HTTPField("Prefer", text)])
        _ = request.queryParameter("cursor")
        _ = BearerToken.read(HTTPRequest("GET", "/", fields: [HTTPField("Authorization", text)]))
        if let wished = Preferences(request) { checkAgain(wished) }
        checkPattern(text)
    }

    /// What was understood of preferences is written so that it is understood again.
    private func checkAgain(_ wished: Preferences) {
        let again = Preferences(HTTPRequest("GET", "/", fields: [HTTPField("Prefer", wished.applied)]))
        require(again == wished, "a preference reads otherwise than it is written")
    }

    /// A line break parts a pattern from a path; a slow and simple reading must come to the same.
    private func checkPattern(_ text: String) {
        let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].unicodeScalars.count <= 12, parts[1].unicodeScalars.count <= 16 else { return }
        let (pattern, path) = (Array(parts[0].unicodeScalars), Array(parts[1].unicodeScalars))
        let expected = Self.matches(pattern[...], path[...])
        require(
            PathGlob(String(parts[0])).matches(String(parts[1])) == expected, "a pattern that should be \(expected)")
    }

    private static func matches(
        _ pattern: ArraySlice<Unicode.Scalar>, _ path: ArraySlice<Unicode.Scalar>
    ) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        let rest = pattern.dropFirst()
        if first == "*" {
            let isAnything = rest.first == "*"
            let after = isAnything ? rest.drop { $0 == "*" } : rest
            if matches(after, path) { return true }
            guard let next = path.first, isAnything || next != "/" else { return false }
            return matches(pattern, path.dropFirst())
        }
        guard let next = path.first else { return false }
        return (first == "?" ? next != "/" : first == next) && matches(rest, path.dropFirst())
    }
}
