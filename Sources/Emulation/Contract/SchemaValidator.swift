package import JSON
import Time

/// Judges JSON by the part of JSON Schema 2020-12 that the OpenAPI documents use. A keyword that it does not know is a
/// problem too, so that no rule is passed over in silence.
package struct SchemaValidator: Sendable {
    private let document: JSONNode

    /// For schemas of that document, whose local references it follows.
    package init(document: JSONNode) { self.document = document }

    private static let annotations: Set = [
        "title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "$comment",
    ]

    /// Each with its place; empty when the value fits.
    package func problems(of value: JSONNode, under schema: JSONNode, at place: String = "body") -> [String] {
        if schema.bool == true { return [] }
        guard let rules = schema.object else { return ["\(place): the schema is none"] }
        return rules.members.flatMap { keyword, argument in
            problem(of: value, keyword, argument, rules, place)
        }
    }

    /// What a local reference like `#/components/schemas/Error` names.
    package static func node(at reference: String, in document: JSONNode) -> JSONNode? {
        reference.dropFirst(2).split(separator: "/").reduce(document) { node, step in
            node?.object?[step.split(separator: "~1", omittingEmptySubsequences: false).joined(separator: "/")]
        }
    }

    private func problem(
        of value: JSONNode, _ keyword: String, _ argument: JSONNode, _ rules: JSONObject, _ place: String
    ) -> [String] {
        switch keyword {
        case "$ref":
            guard let target = argument.string.flatMap({ Self.node(at: $0, in: document) }) else {
                return ["\(place): \(argument.compact) leads nowhere"]
            }
            return problems(of: value, under: target, at: place)
        case "type":
            let types = argument.array?.compactMap(\.string) ?? [argument.string].compactMap { $0 }
            return types.contains { Self.isOf($0, value) } ? [] : ["\(place): \(value.value.kindName) is not \(types)"]
        case "enum":
            return argument.array?.contains { $0.compact == value.compact } == true ? [] : ["\(place): not in the enum"]
        case "const": return argument.compact == value.compact ? [] : ["\(place): not \(argument.compact)"]
        case "required":
            guard let object = value.object else { return [] }
            return (argument.array ?? []).compactMap(\.string).filter { object[$0] == nil }
                .map { "\(place).\($0): is missing" }
        case "properties":
            return (argument.object?.members ?? []).flatMap { name, schema in
                value.object?[name].map { problems(of: $0, under: schema, at: "\(place).\(name)") } ?? []
            }
        case "additionalProperties":
            let named = Set(rules["properties"]?.object?.members.map(\.key) ?? [])
            let others = value.object?.members.filter { !named.contains($0.key) } ?? []
            if argument.bool == false { return others.map { "\(place).\($0.key): is not described" } }
            return others.flatMap { problems(of: $0.value, under: argument, at: "\(place).\($0.key)") }
        case "items":
            return (value.array ?? []).enumerated().flatMap {
                problems(of: $0.element, under: argument, at: "\(place)[\($0.offset)]")
            }
        case "allOf": return (argument.array ?? []).flatMap { problems(of: value, under: $0, at: place) }
        case "anyOf", "oneOf":
            let fitting = (argument.array ?? []).filter { problems(of: value, under: $0, at: place).isEmpty }.count
            return fitting == 1 || (keyword == "anyOf" && fitting > 1) ? [] : ["\(place): \(fitting) of \(keyword) fit"]
        case "minimum", "exclusiveMinimum", "maximum":
            guard let number = value.number?.double, let bound = argument.number?.double else { return [] }
            let fits = keyword == "maximum" ? number <= bound : keyword == "minimum" ? number >= bound : number > bound
            return fits ? [] : ["\(place): breaks \(keyword) \(bound)"]
        case "format": return Self.hasFormat(argument.string, value) ? [] : ["\(place): no \(argument.compact)"]
        case "minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength", "pattern",
            "propertyNames", "uniqueItems", "not":
            // Used for requests; no answer depends on them.
            return []
        default: return Self.annotations.contains(keyword) ? [] : ["\(place): unknown keyword \(keyword)"]
        }
    }

    private static func isOf(_ type: String, _ value: JSONNode) -> Bool {
        switch value.value {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .number: type == "number" || (type == "integer" && value.integer != nil)
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }

    private static func hasFormat(_ format: String?, _ value: JSONNode) -> Bool {
        guard let text = value.string else { return true }
        return switch format {
        case "uuid": UUIDValue(text) != nil
        case "date-time": Instant(rfc3339: text) != nil
        default: true
        }
    }
}
