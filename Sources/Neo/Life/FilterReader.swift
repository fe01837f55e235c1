import JSON

/// Turns a `filter_spec` into a condition, keeping track of where it is for its warnings.
///
/// It recurses as deep as groups nest, which the JSON reader bounds.
struct FilterReader {
    private(set) var warnings = BoundedWarnings()
    private(set) var paths = FieldPaths()
    /// How many rules and groups there are; those past the bound are not read.
    private(set) var ruleCount = 0
    /// The path of the filter object: empty for the top level.
    private var root = ""
    /// The places in the nested `rules` arrays, from the outside in.
    private var indices: [Int] = []

    /// Reads a whole spec.
    ///
    /// Choice: of several filter objects the outermost counts, and the others are warned of (docs/FIDELITY.md,
    /// "Filters").
    mutating func spec(_ spec: JSONNode) -> FilterCondition {
        guard let object = spec.object else {
            warnings.add("filter_spec: must be an object, not \(spec.value.kindName)")
            return .never
        }
        let candidates: [(place: String, node: JSONNode?)] = [
            ("", spec), ("conditions", object["conditions"]),
            ("ticket_conditions.conditions", object["ticket_conditions"]?.object?["conditions"]),
        ]
        let filters = candidates.filter { $0.node?.object.map(Self.isGroup) ?? false }
        guard let filter = filters.first, let group = filter.node?.object else {
            if !object.members.isEmpty { warnings.add(Self.noFilter) }
            return .always
        }
        for other in filters.dropFirst() {
            let used = filter.place.isEmpty ? "the top" : filter.place
            warnings.add("\(other.place): not used, because there is a filter at \(used)")
        }
        root = filter.place
        return self.group(group, isNegated: false)
    }

    private static let noFilter =
        "filter_spec: no rules at the top, in conditions or in ticket_conditions.conditions, so it matches every entity"

    private static func isGroup(_ object: JSONObject) -> Bool { object["rules"] != nil || object["combinator"] != nil }

    private mutating func condition(_ node: JSONNode, isNegated: Bool) -> FilterCondition {
        guard let object = node.object else {
            ruleCount += 1
            return unreadable("must be an object, not \(node.value.kindName)")
        }
        return Self.isGroup(object) ? group(object, isNegated: isNegated) : rule(object, isNegated: isNegated)
    }

    /// Reads a group and everything in it, so that all warnings come at once.
    ///
    /// Choice: a group without rules holds for every entity, with `or` too, as query builders have it; `not: true`
    /// negates a group (docs/FIDELITY.md, "Filters").
    private mutating func group(_ object: JSONObject, isNegated: Bool) -> FilterCondition {
        ruleCount += 1
        let combinator = combinator(object)
        let negation = negation(object)
        guard let rules = object["rules"]?.array else {
            return unreadable("rules must be an array, not \(object["rules"]?.value.kindName ?? "left out")")
        }
        let isNegated = isNegated != (negation ?? false)
        var conditions: [FilterCondition] = []
        for (index, rule) in rules.enumerated() where ruleCount <= FilterBounds.mostRules {
            indices.append(index)
            conditions.append(condition(rule, isNegated: isNegated))
            indices.removeLast()
        }
        guard let combinator, negation != nil else { return .never }
        if conditions.isEmpty { return isNegated ? .never : .always }
        // Negated, "all hold" is "one does not hold", and the other way round.
        return (combinator == .and) != isNegated ? .all(conditions) : .any(conditions)
    }

    private enum Combinator: String { case and, or }

    /// Choice: a combinator that is left out is `and` (docs/FIDELITY.md, "Filters").
    private mutating func combinator(_ object: JSONObject) -> Combinator? {
        guard let node = object["combinator"] else { return .and }
        guard let name = node.string else {
            warn("combinator must be a string, not \(node.value.kindName)")
            return nil
        }
        if let combinator = Combinator(rawValue: name.lowercased()) { return combinator }
        warn("unknown combinator \(Self.quote(name))")
        return nil
    }

    private mutating func negation(_ object: JSONObject) -> Bool? {
        guard let node = object["not"] else { return false }
        if node.bool == nil { warn("not must be a boolean, not \(node.value.kindName)") }
        return node.bool
    }

    private mutating func rule(_ object: JSONObject, isNegated: Bool) -> FilterCondition {
        ruleCount += 1
        guard let field = object["field"] else { return unreadable("no field") }
        guard let name = field.string else { return unreadable("field must be a string, not \(field.value.kindName)") }
        guard !name.isEmpty else { return unreadable("field is empty") }
        guard let node = object["operator"] else { return unreadable("no operator") }
        guard let symbol = node.string
        else { return unreadable("operator must be a string, not \(node.value.kindName)") }
        guard let filterOperator = FilterOperator(rawValue: symbol) else {
            return unreadable("unknown operator \(Self.quote(symbol))")
        }
        do throws(UnreadableFilterValue) {
            let predicate = try filterOperator.predicate(value: object["value"])
            return .field(paths.number(of: name), predicate, isNegated: isNegated != filterOperator.isNegative)
        } catch {
            return unreadable("the operator \(Self.quote(symbol)) \(Self.complaint(error))")
        }
    }

    private static func complaint(_ error: UnreadableFilterValue) -> String {
        switch error {
        case .missing: "needs a value"
        case .notScalar(let kind): "takes a string, a number or a boolean, not \(kind)"
        case .notList(let kind): "takes an array or a string with commas, not \(kind)"
        case .elementNotScalar(let index, let kind):
            "takes strings, numbers and booleans, but value[\(index)] is \(kind)"
        case .outOfRange(let number): "cannot take the number \(quote(number)), which is out of range"
        }
    }

    private mutating func unreadable(_ problem: String) -> FilterCondition {
        warn(problem)
        return .never
    }

    private mutating func warn(_ problem: String) { warnings.add("\(place): \(problem)") }

    private var place: String {
        let steps = (root.isEmpty ? [] : [root]) + indices.map { "rules[\($0)]" }
        return steps.isEmpty ? "filter_spec" : steps.joined(separator: ".")
    }

    /// The client's own words, cut so that a warning stays a line.
    private static func quote(_ text: String) -> String {
        let start = String(String.UnicodeScalarView(text.unicodeScalars.prefix(40)))
        return start.utf8.count == text.utf8.count ? "\"\(start)\"" : "\"\(start)…\""
    }
}
