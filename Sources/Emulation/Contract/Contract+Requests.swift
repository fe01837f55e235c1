package import JSON

/// Names that nothing reads, each once; of many the first thousand.
package struct UnreadNames: Sendable {
    // Choice: how many are named, and how long a name is (docs/FIDELITY.md, "Journal").
    package static let most = 1_000
    static let longestPart = 100

    package private(set) var names: [String] = []
    /// How often there was a further name.
    package private(set) var leftOut = 0
    private var known: Set<String> = []

    var count: Int { names.count + leftOut }

    mutating func add(_ name: String) {
        if known.contains(name) { return }
        if names.count == Self.most {
            leftOut += 1
        } else {
            known.insert(name)
            names.append(name)
        }
    }

    mutating func add(_ others: UnreadNames) {
        for name in others.names { add(name) }
        leftOut += others.leftOut
    }

    /// A name as it is shown: of a long one the beginning.
    static func short(_ name: String) -> String {
        guard name.utf8.count > longestPart else { return name }
        return String(String.UnicodeScalarView(name.unicodeScalars.prefix(longestPart))) + "…"
    }
}

/// What one operation's document says that it reads of a request, prepared for any number of requests: each costs time
/// in proportion to its size.
package struct RequestDescription {
    private enum Body {
        case none
        case anything
        case described(SchemaMembers)
    }

    private let parameters: Set<String>
    private let body: Body

    init(_ operation: Contract.Operation, in contract: Contract) {
        let own = operation.operation["parameters"]?.array ?? []
        parameters = Set(
            (own + operation.sharedParameters).compactMap { contract.resolved($0) }
                .filter { $0["in"]?.string == "query" }.compactMap { $0["name"]?.string })
        guard let content = contract.resolved(operation.operation["requestBody"])?["content"]?.object else {
            body = .none
            return
        }
        var reader = SchemaMembersReader(document: contract.document)
        let schema = content["application/json"]?.object?["schema"]
        body = schema.map { .described(reader.members(of: $0)) } ?? .anything
    }

    /// The names of the query parameters that the operation does not have.
    package func undocumentedParameters(of query: String) -> UnreadNames {
        var unread = UnreadNames()
        for (name, _) in QueryItems.read(query) where !parameters.contains(name) { unread.add(UnreadNames.short(name)) }
        return unread
    }

    /// The places of the body's members that the operation does not describe: `max_in_flght`, `rules[].feild`. Of what
    /// is not described, the outermost; free-form values hold none.
    package func unreadFields(of body: JSONNode) -> UnreadNames {
        var unread = UnreadNames()
        switch self.body {
        case .none: for member in body.object?.members ?? [] { unread.add(UnreadNames.short(member.key)) }
        case .anything: break
        case .described(let members): members.findUnread(in: body, at: "", depth: 0, &unread)
        }
        return unread
    }
}

extension Contract {
    /// What an operation reads of its requests.
    package func description(of operation: Operation) -> RequestDescription { RequestDescription(operation, in: self) }
}

/// Which members of a value a schema describes, its references followed.
private final class SchemaMembers {
    /// Whether the schema names members at all, and leaves none free to choose.
    fileprivate(set) var describesMembers = false
    fileprivate(set) var named: [String: [SchemaMembers]] = [:]
    /// Of members that it does not name.
    fileprivate(set) var others: [SchemaMembers] = []
    fileprivate(set) var items: [SchemaMembers] = []

    func findUnread(in value: JSONNode, at place: String, depth: Int, _ unread: inout UnreadNames) {
        // Schemas may lead back to themselves.
        guard depth < 64 else { return }
        switch value.value {
        case .object(let object):
            guard describesMembers else { return }
            for member in object.members {
                let name = UnreadNames.short(member.key)
                let here = place.isEmpty ? name : "\(place).\(name)"
                let schemas = named[member.key] ?? others
                if schemas.isEmpty { unread.add(here) }
                Self.findUnread(in: member.value, underAnyOf: schemas, at: here, depth: depth, &unread)
            }
        case .array(let elements):
            guard !items.isEmpty else { return }
            for element in elements {
                Self.findUnread(in: element, underAnyOf: items, at: "\(place)[]", depth: depth, &unread)
            }
        case .null, .bool, .number, .string: return
        }
    }

    /// What is unread under the schema that reads most of it.
    private static func findUnread(
        in value: JSONNode, underAnyOf schemas: [SchemaMembers], at place: String, depth: Int,
        _ unread: inout UnreadNames
    ) {
        if schemas.count == 1 { return schemas[0].findUnread(in: value, at: place, depth: depth + 1, &unread) }
        let all = schemas.map { schema in
            var alone = UnreadNames()
            schema.findUnread(in: value, at: place, depth: depth + 1, &alone)
            return alone
        }
        if let least = all.min(by: { $0.count < $1.count }) { unread.add(least) }
    }
}

/// Reads schemas of one document, each once: by its place in the document's text.
private struct SchemaMembersReader {
    let document: JSONNode
    private var known: [Range<Int>: SchemaMembers] = [:]

    init(document: JSONNode) { self.document = document }

    mutating func members(of schema: JSONNode) -> SchemaMembers {
        if let known = known[schema.range] { return known }
        let members = SchemaMembers()
        known[schema.range] = members
        let all = schema.object.map { alternatives($0) } ?? []
        members.describesMembers =
            all.contains { $0["properties"] != nil || $0["additionalProperties"]?.object != nil }
            && !all.contains { $0["additionalProperties"]?.bool == true }
        for (name, schema) in all.flatMap({ $0["properties"]?.object?.members ?? [] }) {
            members.named[name, default: []].append(self.members(of: schema))
        }
        let others = all.compactMap { $0["additionalProperties"] }.filter { $0.object != nil }
        members.others = others.map { self.members(of: $0) }
        members.items = all.compactMap { $0["items"] }.map { self.members(of: $0) }
        return members
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
}
