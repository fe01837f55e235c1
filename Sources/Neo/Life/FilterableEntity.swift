package import JSON

/// Something a filter can be asked about.
package protocol FilterableEntity {
    /// The value of the field with exactly that name; nil when it has none.
    func filterValue(named name: String) -> JSONValue?
}

/// An entity as filters see it: its identity and its free fields.
///
/// Choice: `id`, `number` and `type` come before free fields of those names (docs/FIDELITY.md, "Filters").
package struct EntityFields: FilterableEntity {
    private let id: String
    private let type: String
    private let number: String?
    private let field: (String) -> JSONValue?

    /// - Parameter field: the value of the free field of that name; nil when there is none.
    package init(id: String, type: String, number: String?, field: @escaping (String) -> JSONValue?) {
        self.id = id
        self.type = type
        self.number = number
        self.field = field
    }

    package func filterValue(named name: String) -> JSONValue? {
        switch name {
        case "id": .string(id)
        case "type": .string(type)
        case "number": number.map(JSONValue.string) ?? .null
        default: field(name)
        }
    }
}
