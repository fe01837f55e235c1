/// How a value is written for people: an object or array stands on one line where that is short or lies deep, and else
/// has a line for each of its own, indented by two.
package struct JSONLayout: Sendable {
    /// What is nested this deep stands on one line, however long that is.
    let expandedDepth: Int
    /// What would end by this column, counted in bytes, stands on one line.
    let lineWidth: Int

    /// For an OpenAPI document: all is expanded that does not fit.
    package static let document = JSONLayout(expandedDepth: JSONParser.maximumDepth, lineWidth: 120)
    /// For a seed: a list has a line for each row.
    package static let seed = JSONLayout(expandedDepth: 2, lineWidth: 120)

    package init(expandedDepth: Int, lineWidth: Int) {
        self.expandedDepth = expandedDepth
        self.lineWidth = lineWidth
    }

    /// The value's text, with a line feed at the end. Numbers are spelled as they were read.
    ///
    /// The depth of the recursion is the value's.
    package func text(of node: JSONNode) -> [UInt8] {
        var text = JSONText()
        append(node, depth: 0, to: &text)
        text.bytes.append(UInt8(ascii: "\n"))
        return text.bytes
    }

    private func append(_ node: JSONNode, depth: Int, to text: inout JSONText) {
        let most = depth >= expandedDepth ? Int.max : lineWidth - text.column
        if text.appendLine(node, most: most) { return }
        switch node.value {
        case .array(let elements):
            text.appendBlock("[", elements, "]", depth: depth) { append($0, depth: depth + 1, to: &$1) }
        case .object(let object):
            text.appendBlock("{", object.members, "}", depth: depth) {
                $1.append(name: $0.key)
                append($0.value, depth: depth + 1, to: &$1)
            }
        case .null, .bool, .number, .string: text.appendLine(node)
        }
    }
}
