/// Text in the making, for ``JSONLayout``: a space stands after each comma and colon.
struct JSONText {
    var bytes: [UInt8] = []
    private var lineStart = 0

    /// How many bytes the line that is being written has.
    var column: Int { bytes.count - lineStart }

    /// Appends the value on one line.
    mutating func appendLine(_ node: JSONNode) { appendLine(node, most: .max) }

    /// Appends the value on one line if that takes no more than so many bytes, a comma after it included. If it takes
    /// more, appends nothing, and says no.
    @discardableResult
    mutating func appendLine(_ node: JSONNode, most: Int) -> Bool {
        let start = bytes.count
        let (end, overflow) = start.addingReportingOverflow(most)
        if put(node, before: overflow ? .max : end) { return true }
        bytes.removeSubrange(start...)
        return false
    }

    mutating func append(name: String) {
        put(name)
        bytes.append(contentsOf: ": ".utf8)
    }

    /// Appends a line for each element between two brackets, or the brackets alone when there is none.
    mutating func appendBlock<Elements: Collection>(
        _ opening: String, _ elements: Elements, _ closing: String, depth: Int,
        write: (Elements.Element, inout JSONText) -> Void
    ) {
        bytes.append(contentsOf: opening.utf8)
        var isFirst = true
        for element in elements {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            beginLine(depth: depth + 1)
            write(element, &self)
        }
        if !isFirst { beginLine(depth: depth) }
        bytes.append(contentsOf: closing.utf8)
    }

    private mutating func beginLine(depth: Int) {
        bytes.append(UInt8(ascii: "\n"))
        lineStart = bytes.count
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    private mutating func put(_ text: String) {
        var writer = JSONWriter()
        writer.string(text)
        bytes.append(contentsOf: writer.bytes)
    }

    /// Gives up as soon as the text reaches `end`, so that trying costs no more than a line and a leaf.
    private mutating func put(_ node: JSONNode, before end: Int) -> Bool {
        switch node.value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let number): bytes.append(contentsOf: number.text.utf8)
        case .string(let text): put(text)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(contentsOf: ", ".utf8) }
                guard put(element, before: end) else { return false }
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                if index > 0 { bytes.append(contentsOf: ", ".utf8) }
                append(name: member.key)
                guard put(member.value, before: end) else { return false }
            }
            bytes.append(UInt8(ascii: "}"))
        }
        return bytes.count < end
    }
}
