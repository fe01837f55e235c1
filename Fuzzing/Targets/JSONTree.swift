import JSON

/// A JSON document as something that can be cut up.
indirect enum JSONTree {
    case scalar([UInt8])
    case array([JSONTree])
    case object([(key: String, value: JSONTree)])

    init(_ node: JSONNode) {
        switch node.value {
        case .array(let elements): self = .array(elements.map(JSONTree.init))
        case .object(let object): self = .object(object.members.map { ($0.key, JSONTree($0.value)) })
        case .null, .bool, .number, .string:
            var writer = JSONWriter(capacity: 64)
            writer.value(node)
            self = .scalar(writer.bytes)
        }
    }

    /// How many values it is made of.
    var count: Int {
        switch self {
        case .scalar: 1
        case .array(let elements): elements.reduce(1) { $0 + $1.count }
        case .object(let members): members.reduce(1) { $0 + $1.value.count }
        }
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .scalar(let text): writer.raw(text)
        case .array(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.key(anyText: member.key)
                member.value.write(to: &writer)
            }
            writer.endObject()
        }
    }

    /// The value of that number, counted from the outside in.
    func value(at index: Int) -> JSONTree {
        var found = self
        var copy = self
        copy.change(at: index) { found = $0 }
        return found
    }

    /// Changes the value of that number.
    mutating func change(at index: Int, _ change: (inout JSONTree) -> Void) {
        if index == 0 { return change(&self) }
        var rest = index - 1
        switch self {
        case .scalar: return
        case .array(var elements):
            for place in elements.indices {
                let count = elements[place].count
                if rest < count {
                    elements[place].change(at: rest, change)
                    self = .array(elements)
                    return
                }
                rest -= count
            }
        case .object(var members):
            for place in members.indices {
                let count = members[place].value.count
                if rest < count {
                    members[place].value.change(at: rest, change)
                    self = .object(members)
                    return
                }
                rest -= count
            }
        }
    }
}
