/// A JSON value as it was read, with the place its text takes in the document.
///
/// The place is what lets a free-form field be stored and echoed as the client's own bytes.
package struct JSONNode: Sendable {
    package let value: JSONValue
    /// Half the size that they would take as they are: there are many nodes. No document has 4 GiB.
    private let start: UInt32
    private let end: UInt32

    /// Byte offsets of the value's text in the document it was read from.
    package var range: Range<Int> { Int(start)..<Int(end) }

    package init(_ value: JSONValue, range: Range<Int> = 0..<0) {
        self.value = value
        start = UInt32(clamping: range.lowerBound)
        end = UInt32(clamping: range.upperBound)
    }
}

/// The six kinds of JSON value.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONNode])
    case object(JSONObject)

    /// The kind's name as an error message says it, with its article.
    package var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension JSONNode {
    package var isNull: Bool { if case .null = value { true } else { false } }
    package var bool: Bool? { if case .bool(let bool) = value { bool } else { nil } }
    package var number: JSONNumber? { if case .number(let number) = value { number } else { nil } }
    package var string: String? { if case .string(let string) = value { string } else { nil } }
    package var array: [JSONNode]? { if case .array(let array) = value { array } else { nil } }
    package var object: JSONObject? { if case .object(let object) = value { object } else { nil } }
    /// The value of a number that is a whole one and fits: `5`, `5.0` and `5e0` are all 5.
    package var integer: Int64? { number?.integer }
}

/// The members of an object in document order. Of members with one name, the last counts.
package struct JSONObject: Sendable {
    package let members: [(key: String, value: JSONNode)]

    package init(members: [(key: String, value: JSONNode)]) { self.members = members }

    package subscript(key: String) -> JSONNode? { members.last { $0.key == key }?.value }
}

/// A number as its text, so that nothing is lost before somebody says what it should be.
package struct JSONNumber: Sendable, Hashable {
    package let text: String

    package init(text: String) { self.text = text }

    package var double: Double? { Double(text) }

    /// The number as a 64-bit integer: nil when it has a fraction that is not zero, or does not fit.
    package var integer: Int64? {
        if let plain = Int64(text) { return plain }
        return DecimalText(text)?.integer
    }
}

/// A decimal number taken apart into digits and the power of ten they are scaled by.
private struct DecimalText {
    var negative = false
    var digits: [UInt8] = []
    var exponent = 0

    init?(_ text: String) {
        var rest = Substring(text)
        if rest.first == "-" {
            negative = true
            rest.removeFirst()
        }
        let parts = rest.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard let mantissa = parts.first, parts.count <= 2 else { return nil }
        if parts.count == 2 {
            guard let written = Int(parts[1]), (-1_000_000...1_000_000).contains(written) else { return nil }
            exponent = written
        }
        var pointSeen = false
        for byte in mantissa.utf8 {
            if byte == UInt8(ascii: ".") { pointSeen = true; continue }
            digits.append(byte - UInt8(ascii: "0"))
            if pointSeen { exponent -= 1 }
        }
        while digits.last == 0 {
            digits.removeLast()
            exponent += 1
        }
    }

    var integer: Int64? {
        if digits.allSatisfy({ $0 == 0 }) { return 0 }
        guard exponent >= 0, digits.count + exponent <= 40 else { return nil }
        var magnitude: Int64 = 0
        for digit in digits + [UInt8](repeating: 0, count: exponent) {
            let (scaled, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = scaled.addingReportingOverflow(negative ? -Int64(digit) : Int64(digit))
            if overflow || carry { return nil }
            magnitude = sum
        }
        return magnitude
    }
}
