/// Writes JSON straight into bytes: no tree, no reflection, commas placed as it goes.
///
/// The caller pairs `begin` and `end`; nothing else can go wrong, so nothing throws.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// A page of it, with the array's own words, is the most that malloc keeps at hand for each thread.
    package init(capacity: Int = 960) { bytes.reserveCapacity(capacity) }

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// A member's name that needs no escaping: a literal of plain ASCII.
    package mutating func key(_ name: StaticString) {
        separate()
        let count = name.utf8CodeUnitCount
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count + 3) { text in
            guard let start = text.baseAddress else { return }
            start.initialize(to: UInt8(ascii: "\""))
            (start + 1).initialize(from: name.utf8Start, count: count)
            (start + count + 1).initialize(to: UInt8(ascii: "\""))
            (start + count + 2).initialize(to: UInt8(ascii: ":"))
            bytes.append(contentsOf: UnsafeBufferPointer(text))
        }
        needsComma = false
    }

    /// A member's name that somebody else chose.
    package mutating func key(anyText name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ text: String) {
        separate()
        quote(text)
        needsComma = true
    }

    package mutating func string(_ text: String?) {
        if let text { string(text) } else { null() }
    }

    package mutating func integer(_ value: Int64) {
        separate()
        appendDigits(value)
        needsComma = true
    }

    package mutating func integer(_ value: Int) { integer(Int64(value)) }

    package mutating func integer(_ value: Int64?) {
        if let value { integer(value) } else { null() }
    }

    /// A finite number in its shortest form; JSON has no others, so NaN and infinities become null.
    package mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        raw(value.description)
    }

    package mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

    package mutating func null() { raw("null") }

    /// Text that is JSON already: a stored free-form value, a number's own spelling.
    package mutating func raw(_ json: String) {
        var json = json
        json.withUTF8 { raw($0) }
    }

    /// As above, of bytes that were written before.
    package mutating func raw(_ json: [UInt8]) { json.withUnsafeBufferPointer { raw($0) } }

    /// As above, of bytes that stand elsewhere.
    package mutating func raw(_ json: UnsafeBufferPointer<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    /// The members of an object that is JSON already, has some, and no white space around it.
    package mutating func members(ofObject json: String) { raw(String(json.dropFirst().dropLast())) }

    /// So many bytes of ASCII that need no escaping, in quotes: a timestamp.
    package mutating func quoted(asciiBytes count: Int, write: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
        separate()
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count + 2) { text in
            text.initialize(repeating: UInt8(ascii: "\""))
            write(UnsafeMutableBufferPointer(rebasing: text[1...count]))
            bytes.append(contentsOf: UnsafeBufferPointer(text))
        }
        needsComma = true
    }

    /// A value that was read before, written again: members in their order, numbers as they were spelled.
    package mutating func value(_ node: JSONNode) {
        switch node.value {
        case .null: null()
        case .bool(let value): bool(value)
        case .number(let number): raw(number.text)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { value(element) }
            endArray()
        case .object(let object):
            beginObject()
            for member in object.members {
                key(anyText: member.key)
                value(member.value)
            }
            endObject()
        }
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            if utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
                bytes.append(contentsOf: utf8)
            } else {
                for byte in utf8 { appendEscaped(byte) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0x0A: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
        case 0x0D: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
        case 0x09: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
        case 0..<0x20:
            let hex = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(hex[Int(byte >> 4)])
            bytes.append(hex[Int(byte & 15)])
        default: bytes.append(byte)
        }
    }

    private mutating func appendDigits(_ value: Int64) {
        var magnitude = value.magnitude
        if magnitude < 10, value >= 0 { return bytes.append(UInt8(ascii: "0") + UInt8(magnitude)) }
        // From behind: a sign and nineteen digits at most.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { text in
            var start = text.count
            repeat {
                start -= 1
                text.initializeElement(at: start, to: UInt8(ascii: "0") + UInt8(magnitude % 10))
                magnitude /= 10
            } while magnitude > 0
            if value < 0 {
                start -= 1
                text.initializeElement(at: start, to: UInt8(ascii: "-"))
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
        }
    }
}

extension JSONNode {
    /// The value without white space, its numbers as they were spelled.
    package var compact: String {
        var writer = JSONWriter(capacity: range.count)
        writer.value(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
