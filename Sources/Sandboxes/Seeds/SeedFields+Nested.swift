package import JSON

// Members that hold other values.
extension SeedFields {
    /// Free-form JSON of one of these kinds as compact text; nil when it is left out or null.
    package mutating func json(_ name: String, _ expected: String, where fits: (JSONNode) -> Bool) -> String? {
        convertedOrNull(name, expected, kind: "") { fits($0) ? $0.compact : nil }
    }

    package mutating func objectOrNull(_ name: String) -> String? { json(name, "an object") { $0.object != nil } }

    package mutating func anyOrNull(_ name: String) -> String? { json(name, "anything") { _ in true } }

    /// Any JSON, null among it, as compact text.
    package mutating func any(_ name: String, default fallback: String) -> String {
        node(name).map(\.compact) ?? fallback
    }

    /// Any JSON's own bytes, null among it.
    package mutating func verbatim(_ name: String, default fallback: String) -> String {
        guard let node = node(name) else { return fallback }
        return String(decoding: source.bytes[node.range], as: UTF8.self)
    }

    /// An object's own bytes.
    package mutating func verbatimObject(_ name: String) -> String {
        let bytes = source.bytes
        return converted(name, "an object", kind: "an object", fallback: nil, standIn: "{}") { node in
            node.object == nil ? nil : String(decoding: bytes[node.range], as: UTF8.self)
        }
    }

    /// A list; empty when it is left out.
    package mutating func elements(_ name: String, required: Bool = false) -> [JSONNode] {
        converted(name, "an array", kind: "an array", fallback: required ? nil : [], standIn: []) { $0.array }
    }

    /// A list of strings.
    package mutating func texts(_ name: String, _ nodes: [JSONNode], _ expected: String, where fits: (String) -> Bool)
        -> [String]
    {
        var texts: [String] = []
        texts.reserveCapacity(nodes.count)
        for (index, node) in nodes.enumerated() where !source.isFull {
            if let text = node.string, fits(text) {
                texts.append(text)
            } else {
                let message = node.string == nil ? Self.mismatch(expected, node) : "must be \(expected)"
                source.report(.element(index, of: .member(name, of: place)), at: node.range.lowerBound, message)
                markUnsound(name)
            }
        }
        return texts
    }

    /// A list of objects, each read with its place in the list and finished here.
    package mutating func list<Element>(
        _ name: String, required: Bool = false, _ read: (inout SeedFields, Int) -> Element
    ) -> [SeedItem<Element>] {
        let nodes = elements(name, required: required)
        var items: [SeedItem<Element>] = []
        items.reserveCapacity(nodes.count)
        for (index, node) in nodes.enumerated() where !source.isFull {
            guard var fields = SeedFields(node, at: .element(index, of: .member(name, of: place)), in: source) else {
                markUnsound(name)
                continue
            }
            let value = read(&fields, index)
            fields.finish()
            if !fields.unsound.isEmpty { markUnsound(name) }
            items.append(SeedItem(value: value, fields: fields))
        }
        return items
    }

    /// An object, read and finished here; nil when it is left out (or null, where that is allowed) or is none.
    package mutating func object<Value>(
        _ name: String, nullable isNullable: Bool = false, _ read: (inout SeedFields) -> Value
    ) -> Value? {
        guard let node = isNullable ? nullable(name) : node(name) else { return nil }
        guard var fields = SeedFields(node, at: .member(name, of: place), in: source) else {
            markUnsound(name)
            return nil
        }
        let value = read(&fields)
        fields.finish()
        if !fields.unsound.isEmpty { markUnsound(name) }
        return value
    }

    /// An object whose members are objects under names of the document's choice, each of them finished here.
    package mutating func namedObjects<Value>(_ name: String, _ read: (inout SeedFields, String) -> Value) -> [Value]? {
        guard let node = node(name) else { return nil }
        let place = SeedPlace.member(name, of: place)
        guard let all = SeedFields(node, at: place, in: source) else { return nil }
        var values: [Value] = []
        var names: Set<String> = []
        for member in all.object.members where !source.isFull {
            let inside = SeedPlace.member(member.key, of: place)
            if member.key.isEmpty { source.report(inside, at: member.value.range.lowerBound, "needs a name") }
            if !names.insert(member.key).inserted {
                source.report(inside, at: member.value.range.lowerBound, "is given twice")
            }
            guard var fields = SeedFields(member.value, at: inside, in: source) else { continue }
            values.append(read(&fields, member.key))
            fields.finish()
        }
        return values
    }
}

/// What was read of one element of a list, and what it was read from: checks across lists need both.
package struct SeedItem<Value> {
    package let value: Value
    package let fields: SeedFields
}
