/// A strict reader of RFC 8259 JSON that keeps every value's place in the text.
///
/// Choice: beyond the grammar it refuses invalid UTF-8, lone surrogates and more than 128 levels of nesting (see
/// docs/FIDELITY.md, "JSON reading"), because each of them would otherwise come back to the client as broken output.
package struct JSONParser {
    /// How deep arrays and objects may nest, unless the caller says otherwise.
    package static let maximumDepth = 128

    /// How many values a document may have: what it takes to read one is a small multiple of its bytes.
    package static func maximumValues(bytes: Int) -> Int { max(100_000, bytes / 6) }

    /// How much memory a value takes, with what is made of it later.
    private static let bytesForEachValue = 96
    /// For so many values memory is asked for at a time.
    private static let valuesAtATime = 32_768

    let bytes: UnsafeBufferPointer<UInt8>
    private let maximumDepth: Int
    private let reserve: ((_ bytes: Int) -> Bool)?
    private var values = 0
    var position = 0

    /// Reads a whole document: one value with nothing but white space around it.
    ///
    /// - Parameter reserve: asked for memory as a large document goes on; nil where nobody counts.
    package static func parse(
        _ bytes: [UInt8], maximumDepth: Int = JSONParser.maximumDepth, reserve: ((_ bytes: Int) -> Bool)? = nil
    ) throws(JSONSyntaxError) -> JSONNode {
        let result: Result<JSONNode, JSONSyntaxError> = bytes.withUnsafeBufferPointer { buffer in
            var parser = JSONParser(bytes: buffer, maximumDepth: maximumDepth, reserve: reserve)
            do throws(JSONSyntaxError) { return .success(try parser.document()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    init(
        bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int, reserve: ((_ bytes: Int) -> Bool)? = nil
    ) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        self.reserve = reserve
    }

    /// Counts one more value.
    private mutating func count() throws(JSONSyntaxError) {
        values += 1
        guard values % Self.valuesAtATime == 0 else { return }
        let most = Self.maximumValues(bytes: bytes.count)
        if values > most { throw failure("more than \(most) values, which are too many for \(bytes.count) bytes") }
        if let reserve, !reserve(Self.valuesAtATime * Self.bytesForEachValue) {
            throw JSONSyntaxError(offset: position, message: "there is no memory to read it", lacksMemory: true)
        }
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func failure(_ message: String) -> JSONSyntaxError { JSONSyntaxError(offset: position, message: message) }

    mutating func skipWhiteSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func document() throws(JSONSyntaxError) -> JSONNode {
        skipWhiteSpace()
        let root = try value(depth: 0)
        skipWhiteSpace()
        guard position == bytes.count else { throw failure("unexpected text after the value") }
        return root
    }

    mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONNode {
        let start = position
        try count()
        let value: JSONValue
        switch next {
        case UInt8(ascii: "{"): value = .object(try object(depth: depth + 1))
        case UInt8(ascii: "["): value = .array(try array(depth: depth + 1))
        case UInt8(ascii: "\""): value = .string(try string())
        case UInt8(ascii: "t"): value = try literal("true", .bool(true))
        case UInt8(ascii: "f"): value = try literal("false", .bool(false))
        case UInt8(ascii: "n"): value = try literal("null", .null)
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): value = .number(try number())
        case nil: throw failure("the text ends where a value is expected")
        default: throw failure("a value is expected here")
        }
        return JSONNode(value, range: start..<position)
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        guard position + word.utf8CodeUnitCount <= bytes.count,
            (0..<word.utf8CodeUnitCount).allSatisfy({ bytes[position + $0] == word.utf8Start[$0] })
        else { throw failure("a value is expected here") }
        position += word.utf8CodeUnitCount
        return value
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONObject {
        guard depth <= maximumDepth else { throw failure("nested deeper than \(maximumDepth) levels") }
        position += 1
        var members: [(key: String, value: JSONNode)] = []
        skipWhiteSpace()
        if next == UInt8(ascii: "}") {
            position += 1
            return JSONObject(members: members)
        }
        while true {
            skipWhiteSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("a member's name in double quotes is expected here") }
            let key = try string()
            skipWhiteSpace()
            guard next == UInt8(ascii: ":") else { throw failure("a colon is expected here") }
            position += 1
            skipWhiteSpace()
            members.append((key, try value(depth: depth)))
            if try endOfList(UInt8(ascii: "}"), "a comma or a closing brace is expected here") {
                return JSONObject(members: members)
            }
        }
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> [JSONNode] {
        guard depth <= maximumDepth else { throw failure("nested deeper than \(maximumDepth) levels") }
        position += 1
        var elements: [JSONNode] = []
        skipWhiteSpace()
        if next == UInt8(ascii: "]") {
            position += 1
            return elements
        }
        while true {
            skipWhiteSpace()
            elements.append(try value(depth: depth))
            if try endOfList(UInt8(ascii: "]"), "a comma or a closing bracket is expected here") { return elements }
        }
    }

    /// Passes a comma (false) or the closing byte (true).
    private mutating func endOfList(_ closing: UInt8, _ message: String) throws(JSONSyntaxError) -> Bool {
        skipWhiteSpace()
        guard let byte = next, byte == UInt8(ascii: ",") || byte == closing else { throw failure(message) }
        position += 1
        return byte == closing
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONNumber {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        if next == UInt8(ascii: "0") { position += 1 } else { try digits() }
        if next == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        return JSONNumber(text: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        guard position > start else { throw failure("a digit is expected here") }
    }

    mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        if next == UInt8(ascii: "\"") {
            defer { position += 1 }
            return try text(bytes.extracting(start..<position).span)
        }
        return try escapedString(from: start)
    }

    private mutating func escapedString(from start: Int) throws(JSONSyntaxError) -> String {
        var unescaped = Array(bytes[start..<position])
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                defer { position += 1 }
                return try text(unescaped.span)
            case UInt8(ascii: "\\"):
                position += 1
                try appendEscape(to: &unescaped)
            case 0..<0x20: throw failure("a control character in a string must be escaped")
            default:
                unescaped.append(byte)
                position += 1
            }
        }
        throw failure("the text ends inside a string")
    }

    private func text(_ bytes: Span<UInt8>) throws(JSONSyntaxError) -> String {
        // String(validating:as:) would do, but asks for generic metadata each time.
        guard let text = try? UTF8Span(validating: bytes) else { throw failure("a string is not valid UTF-8") }
        return String(copying: text)
    }

    private mutating func appendEscape(to output: inout [UInt8]) throws(JSONSyntaxError) {
        guard let byte = next else { throw failure("the text ends inside a string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(byte)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "u"): output.append(contentsOf: try unicodeEscape().utf8)
        default: throw failure("an unknown escape in a string")
        }
    }

    private mutating func unicodeEscape() throws(JSONSyntaxError) -> String {
        var unit = UInt32(try hexDigits())
        if (0xD800..<0xDC00).contains(unit), next == UInt8(ascii: "\\"), position + 1 < bytes.count,
            bytes[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            let low = UInt32(try hexDigits())
            guard (0xDC00..<0xE000).contains(low) else { throw failure("a lone surrogate in a string") }
            unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(unit) else { throw failure("a lone surrogate in a string") }
        return String(Character(scalar))
    }

    private mutating func hexDigits() throws(JSONSyntaxError) -> UInt16 {
        guard position + 4 <= bytes.count else { throw failure("the text ends inside a string") }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue, bytes[position] < 0x80
            else { throw failure("four hexadecimal digits are expected here") }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
