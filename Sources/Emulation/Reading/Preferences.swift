package import HTTPFront
import Sandboxes
import Time

/// What a request asks for itself: `Prefer: code=429, delay=250` (RFC 7240). Other preferences are none of ours.
///
/// Choice: one that cannot be is ignored, as a preference is a wish (docs/FIDELITY.md, "Faults").
package struct Preferences: Sendable, Hashable {
    package private(set) var code: Int?
    /// In milliseconds.
    package private(set) var delay: Int?

    /// Nil when the request has no preference that we know.
    package init?(_ request: HTTPRequest) {
        guard request.field("prefer") != nil else { return nil }
        var seen: Set<String> = []
        for field in request.fields where field.name.lowercased() == "prefer" {
            var scanner = PreferenceScanner(field.value)
            while let (name, value) = scanner.next() {
                // Of several of one name the first counts, whatever it says (RFC 7240, section 2).
                guard seen.insert(name).inserted else { continue }
                switch name {
                case "code": code = Self.number(value, in: 200...599)
                case "delay": delay = Self.number(value, in: 0...Int(DelayDistribution.longest))
                default: break
                }
            }
        }
        if code == nil, delay == nil { return nil }
    }

    /// The value of `Preference-Applied`.
    package var applied: String {
        [code.map { "code=\($0)" }, delay.map { "delay=\($0)" }].compactMap { $0 }.joined(separator: ", ")
    }

    private static func number(_ text: String, in bounds: ClosedRange<Int>) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
            return nil
        }
        return bounds.contains(number) ? number : nil
    }
}

/// Takes a list of preferences apart: `name`, `name=value` or `name="value"`, each with parameters after semicolons,
/// commas in between.
private struct PreferenceScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    /// The next preference, its name in lower case; an empty value when it has none.
    mutating func next() -> (name: String, value: String)? {
        skip { Self.isSpace($0) || $0 == UInt8(ascii: ",") }
        guard !rest.isEmpty else { return nil }
        let preference = pair()
        // Parameters are none of ours.
        while rest.first == UInt8(ascii: ";") {
            rest = rest.dropFirst()
            _ = pair()
        }
        return preference
    }

    private mutating func pair() -> (name: String, value: String) {
        skip(Self.isSpace)
        let name = word()
        skip(Self.isSpace)
        guard rest.first == UInt8(ascii: "=") else {
            let isWhole = rest.isEmpty || Self.endsPair(rest[rest.startIndex])
            skip { !Self.endsPair($0) }
            return (isWhole ? name.lowercased() : "", "")
        }
        rest = rest.dropFirst()
        skip(Self.isSpace)
        let value = rest.first == UInt8(ascii: "\"") ? quoted() : word()
        skip(Self.isSpace)
        let isWhole = rest.isEmpty || Self.endsPair(rest[rest.startIndex])
        skip { !Self.endsPair($0) }
        return (name.lowercased(), isWhole ? value : "")
    }

    private mutating func word() -> String {
        let word = rest.prefix { !Self.isSpace($0) && !Self.endsPair($0) && $0 != UInt8(ascii: "=") }
        rest = rest[word.endIndex...]
        return String(decoding: word, as: UTF8.self)
    }

    private mutating func quoted() -> String {
        rest = rest.dropFirst()
        var bytes: [UInt8] = []
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
                bytes.append(escaped)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func skip(_ isPassed: (UInt8) -> Bool) { rest = rest.drop(while: isPassed) }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    private static func endsPair(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") }
}
