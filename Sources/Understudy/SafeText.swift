/// Text that somebody else chose, for a log or a terminal: what is not seen there but acts is escaped.
package enum SafeText {
    /// The text with control and format characters, and what ends a line or a paragraph, as `\u` and four digits, as
    /// JSON has it: a terminal would obey them, or show the rest of the line in another order. What is escaped in
    /// JSON's strings stays JSON.
    package static func escaping(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: acts) else { return text }
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard acts(scalar) else {
                safe.append(scalar)
                continue
            }
            for unit in UTF16.encode(scalar) ?? .init() {
                let digits = String(unit, radix: 16)
                safe.append(contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars)
            }
        }
        return String(safe)
    }

    /// The same for text of several lines.
    package static func escapingLines(_ text: String) -> String {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { escaping(String($0)) }.joined(separator: "\n")
    }

    /// Whether a character acts instead of being seen.
    static func acts(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }
}
