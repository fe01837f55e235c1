/// Reads chosen members of objects in a text, and passes over the others unread. Only for texts that were once read as
/// a whole.
package struct JSONMembers {
    private let wanted: [String: Int]
    /// The lengths of the wanted names: one that has none of them needs no look.
    private let lengths: Set<Int>
    private var values: [JSONNode?]

    /// For members of these names.
    package init(named names: Set<String>) {
        wanted = Dictionary(uniqueKeysWithValues: names.sorted().enumerated().map { ($1, $0) })
        lengths = Set(names.map(\.utf8.count))
        values = Array(repeating: nil, count: names.count)
    }

    /// Reads an object's text: each byte of it once. What was read before is forgotten.
    package mutating func read(
        _ object: UnsafeBufferPointer<UInt8>, maximumDepth: Int = JSONParser.maximumDepth
    ) throws(JSONSyntaxError) {
        for index in values.indices { values[index] = nil }
        var parser = JSONParser(bytes: object, maximumDepth: maximumDepth)
        try parser.members(of: lengths) { name in
            wanted[name]
        } found: {
            values[$0] = $1
        }
    }

    /// The value of the last member of that name; nil when there is none.
    package subscript(name: String) -> JSONNode? { wanted[name].flatMap { values[$0] } }
}

extension JSONParser {
    fileprivate mutating func members(
        of lengths: Set<Int>, number: (String) -> Int?, found: (Int, JSONNode) -> Void
    ) throws(JSONSyntaxError) {
        skipWhiteSpace()
        guard next == UInt8(ascii: "{") else { return }
        repeat {
            position += 1
            skipWhiteSpace()
            guard next == UInt8(ascii: "\"") else { break }
            let number = try passKey(of: lengths).flatMap(number)
            skipWhiteSpace()
            position += 1
            skipWhiteSpace()
            if let number { found(number, try value(depth: 1)) } else { passValue() }
            skipWhiteSpace()
        } while next == UInt8(ascii: ",")
    }

    /// Passes a name, and gives it when it may be one that is wanted.
    private mutating func passKey(of lengths: Set<Int>) throws(JSONSyntaxError) -> String? {
        let start = position
        if passString() {
            position = start
            return try string()
        }
        guard lengths.contains(position - start - 2) else { return nil }
        return String(decoding: bytes[start + 1..<position - 1], as: UTF8.self)
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
