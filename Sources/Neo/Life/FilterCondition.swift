import JSON

/// A filter's rules, read and with every negation pushed down to the single rules.
///
/// A rule that cannot be read is ``never`` whether or not a group around it is negated: what nobody understood selects
/// nothing.
enum FilterCondition: Hashable, Sendable {
    case all([FilterCondition])
    case any([FilterCondition])
    /// A predicate of the field to which the path of that number leads.
    case field(Int, FilterPredicate, isNegated: Bool)

    static let always = FilterCondition.all([])
    static let never = FilterCondition.any([])
}

/// A field's name as a rule spells it: the name of a field, or names joined by dots that lead into nested objects.
struct FieldPath: Hashable, Sendable {
    private let name: String
    /// The names between the dots; empty when there is no dot, or so many that they lead nowhere.
    private let steps: [String]

    init(_ name: String) {
        self.name = name
        let steps = name.split(
            separator: ".", maxSplits: JSONParser.maximumDepth, omittingEmptySubsequences: false
        ).map(String.init)
        self.steps = (2...JSONParser.maximumDepth).contains(steps.count) ? steps : []
    }

    /// The names of the entity's own fields that it looks at.
    var fieldNames: [String] { [name] + steps.prefix(1) }

    /// The entity's value there, or nil.
    ///
    /// Choice: a field whose own name has the dots comes before a nested one (docs/FIDELITY.md, "Filters").
    ///
    /// - Parameter looked: Told how many bytes of nested objects were looked at.
    func value(in entity: some FilterableEntity, looked: (Int) -> Void) -> JSONValue? {
        if let value = entity.filterValue(named: name) { return value }
        guard let first = steps.first, var value = entity.filterValue(named: first) else { return nil }
        for step in steps.dropFirst() {
            guard case .object(let object) = value else { return nil }
            looked(16 * object.members.count)
            guard let member = object[step] else { return nil }
            value = member.value
        }
        return value
    }
}

/// The paths of a filter's rules, each once.
struct FieldPaths: Sendable {
    private(set) var all: [FieldPath] = []
    private var numbers: [String: Int] = [:]

    /// The number of the path with that name.
    mutating func number(of name: String) -> Int {
        if let known = numbers[name] { return known }
        all.append(FieldPath(name))
        numbers[name] = all.count - 1
        return all.count - 1
    }
}
