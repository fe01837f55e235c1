package import JSON

/// What a request had that its operation's document does not know, and so nothing reads.
extension Contract {
    /// The names of the query parameters that the operation does not have.
    package func undocumentedParameters(of query: String, in operation: Operation) -> [String] {
        let own = operation.operation["parameters"]?.array ?? []
        let known = Set(
            (own + operation.sharedParameters).compactMap { resolved($0) }
                .filter { $0["in"]?.string == "query" }.compactMap { $0["name"]?.string })
        return QueryItems.read(query).map(\.name).filter { !known.contains($0) }
    }

    /// The places of the body's members that the operation does not describe: `max_in_flght`, `rules[].feild`. Of what
    /// is not described, the outermost; free-form values hold none.
    package func unreadFields(of body: JSONNode, in operation: Operation) -> [String] {
        guard let content = resolved(operation.operation["requestBody"])?["content"]?.object else {
            return body.object?.members.map(\.key) ?? []
        }
        guard let schema = content["application/json"]?.object?["schema"] else { return [] }
        return unread(in: body, under: schema, at: "", depth: 0)
    }

    private func unread(in value: JSONNode, under schema: JSONNode, at place: String, depth: Int) -> [String] {
        // Schemas may lead back to themselves.
        guard depth < 64, let rules = schema.object else { return [] }
        switch value.value {
        case .object(let object):
            guard describesMembers(schema) else { return [] }
            return object.members.flatMap { member -> [String] in
                let here = place.isEmpty ? member.key : "\(place).\(member.key)"
                let schemas = self.schemas(of: member.key, under: schema)
                return unread(in: member.value, underAnyOf: schemas, at: here, depth: depth) ?? [here]
            }
        case .array(let elements):
            let items = alternatives(rules).compactMap { $0["items"] }
            return elements.flatMap { unread(in: $0, underAnyOf: items, at: "\(place)[]", depth: depth) ?? [] }
        case .null, .bool, .number, .string: return []
        }
    }

    /// What is unread under the schema that reads most of it; nil when there is none.
    private func unread(
        in value: JSONNode, underAnyOf schemas: [JSONNode], at place: String, depth: Int
    ) -> [String]? {
        schemas.map { unread(in: value, under: $0, at: place, depth: depth + 1) }.min { $0.count < $1.count }
    }

    /// A schema's rules, and those of all that it refers to or is put together from.
    private func alternatives(_ rules: JSONObject, nesting: Int = 0) -> [JSONObject] {
        guard nesting < 8 else { return [] }
        let referred = rules["$ref"]?.string.flatMap { SchemaValidator.node(at: $0, in: document) }
        let parts = ["allOf", "anyOf", "oneOf"].flatMap { rules[$0]?.array ?? [] }
        return [rules]
            + ([referred].compactMap { $0 } + parts).compactMap(\.object)
            .flatMap { alternatives($0, nesting: nesting + 1) }
    }

    /// Whether the schema names members at all, and leaves none free to choose.
    private func describesMembers(_ schema: JSONNode) -> Bool {
        let all = schema.object.map { alternatives($0) } ?? []
        return all.contains { $0["properties"] != nil || $0["additionalProperties"]?.object != nil }
            && !all.contains { $0["additionalProperties"]?.bool == true }
    }

    private func schemas(of member: String, under schema: JSONNode) -> [JSONNode] {
        let all = schema.object.map { alternatives($0) } ?? []
        let named = all.compactMap { $0["properties"]?.object?[member] }
        return named.isEmpty ? all.compactMap { $0["additionalProperties"] }.filter { $0.object != nil } : named
    }
}
