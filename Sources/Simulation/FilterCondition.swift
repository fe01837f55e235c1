import JSON

/// A filter's rules, read and with every negation pushed down to the single rules.
///
/// A rule that cannot be read is ``never`` whether or not a group around it is negated: what nobody understood selects nothing.
enum FilterCondition: Hashable, Sendable {
    case all([FilterCondition])
    case any([FilterCondition])
    case field(FieldPath, FilterPredicate, isNegated: Bool)

    static let always = FilterCondition.all([])
    static let never = FilterCondition.any([])

    /// Whether the entity is one that the rules describe.
    func holds(for entity: some FilterableEntity) -> Bool {
        switch self {
        case .all(let conditions): conditions.allSatisfy { $0.holds(for: entity) }
        case .any(let conditions): conditions.contains { $0.holds(for: entity) }
        case .field(let path, let predicate, let isNegated): predicate.holds(for: path.value(in: entity)) != isNegated
        }
    }
}

/// A field's name as a rule spells it: the name of a field, or names joined by dots that lead into nested objects.
struct FieldPath: Hashable, Sendable {
    private let name: String
    /// The names between the dots; empty when there is no dot.
    private let steps: [String]

    init(_ name: String) {
        self.name = name
        let steps = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        self.steps = steps.count > 1 ? steps : []
    }

    /// The entity's value there, or nil.
    ///
    /// Choice: a field whose own name has the dots comes before a nested one (docs/FIDELITY.md, "Filters").
    func value(in entity: some FilterableEntity) -> JSONValue? {
        if let value = entity.filterValue(named: name) { return value }
        guard let first = steps.first, var value = entity.filterValue(named: first) else { return nil }
        for step in steps.dropFirst() {
            guard case .object(let object) = value, let member = object[step] else { return nil }
            value = member.value
        }
        return value
    }
}
