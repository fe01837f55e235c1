extension JSONParser {
    /// The value of the last member of that name in an object's text, whose other members are passed over unread. Nil
    /// when there is none. Only for text that was once read as a whole.
    package static func member(
        _ name: String, of object: UnsafeBufferPointer<UInt8>
    ) throws(JSONSyntaxError) -> JSONNode? {
        var parser = JSONParser(bytes: object, maximumDepth: maximumDepth)
        return try parser.lastMember(name)
    }

    private mutating func lastMember(_ name: String) throws(JSONSyntaxError) -> JSONNode? {
        var found: Int?
        skipWhiteSpace()
        guard next == UInt8(ascii: "{") else { return nil }
        repeat {
            position += 1
            skipWhiteSpace()
            guard next == UInt8(ascii: "\"") else { break }
            let isFound = try passKey(equalTo: name)
            skipWhiteSpace()
            position += 1
            skipWhiteSpace()
            if isFound { found = position }
            passValue()
            skipWhiteSpace()
        } while next == UInt8(ascii: ",")
        guard let found else { return nil }
        position = found
        return try value(depth: 1)
    }

    private mutating func passKey(equalTo name: String) throws(JSONSyntaxError) -> Bool {
        let start = position
        if passString() {
            position = start
            return try string() == name
        }
        return name.utf8.count == position - start - 2 && name.utf8.elementsEqual(bytes[start + 1..<position - 1])
    }

    /// Passes a string, and says whether there is an escape in it.
    @discardableResult
    private mutating func passString() -> Bool {
        var hasEscape = false
        position += 1
        while let byte = next, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") {
                hasEscape = true
                position += 1
            }
            position += 1
        }
        position += 1
        return hasEscape
    }

    private mutating func passValue() {
        var depth = 0
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                passString()
                if depth == 0 { return }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                // At depth 0 it closes what the value stands in.
                if depth == 0 { return }
                depth -= 1
                position += 1
                if depth == 0 { return }
            case UInt8(ascii: ",") where depth == 0: return
            default: position += 1
            }
        }
    }
}
