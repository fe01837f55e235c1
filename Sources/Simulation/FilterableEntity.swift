package import JSON

/// Something a filter can be asked about.
package protocol FilterableEntity {
    /// The value of the field with exactly that name; nil when it has none.
    func filterValue(named name: String) -> JSONValue?
}

/// An entity as filters see it: its identity and its free fields.
///
/// Choice: `id`, `number` and `type` come before free fields of those names (docs/FIDELITY.md, "Filters").
package struct EntityFields: FilterableEntity, Sendable {
    package let id: String
    package let type: String
    package let number: String?
    package let fields: JSONObject

    package init(id: String, type: String, number: String?, fields: JSONObject) {
        self.id = id
        self.type = type
        self.number = number
        self.fields = fields
    }

    package func filterValue(named name: String) -> JSONValue? {
        switch name {
        case "id": .string(id)
        case "type": .string(type)
        case "number": number.map(JSONValue.string) ?? .null
        default: fields[name]?.value
        }
    }
}
