package import JSON

/// A backfill's `filter_spec`, read once and then asked about any number of entities.
package struct EntityFilter: Hashable, Sendable {
    /// What could not be read, each with its place: at most 20, then how many more.
    package let warnings: [String]
    /// How many rules and groups there are; one more than ``FilterBounds/mostRules`` when there are too many, of which
    /// the rest was not read.
    package let ruleCount: Int
    /// The names of the entities' own fields that the rules look at.
    package let fieldNames: Set<String>
    let paths: [FieldPath]
    let condition: FilterCondition

    /// Reads the spec. It cannot fail: what it does not understand matches nothing and is warned of.
    ///
    /// A spec without a filter object matches every entity, with a warning unless it is `{}`; one that is no object,
    /// which the API refuses before, matches none.
    package init(spec: JSONNode) {
        var reader = FilterReader()
        condition = reader.spec(spec)
        warnings = reader.warnings.lines
        ruleCount = reader.ruleCount
        paths = reader.paths.all
        fieldNames = Set(paths.flatMap(\.fieldNames))
    }

    /// How many comparisons it may take to ask it about so many entities.
    package func cost(entities: Int) -> Int { ruleCount.multipliedReportingOverflow(by: entities).partialValue }

    /// Why it is not asked about so many entities; nil when it is.
    package func excess(entities: Int) -> FilterExcess? {
        if ruleCount > FilterBounds.mostRules { return .rules }
        return ruleCount > 0 && entities > FilterBounds.mostComparisons / ruleCount
            ? .comparisons(rules: ruleCount, entities: entities) : nil
    }

    /// Whether the entity is one that the filter describes.
    package func matches(_ entity: some FilterableEntity) -> Bool {
        FilterReading(self).matches(entity, bytes: 0) ?? false
    }
}

// Choice: the bounds of a filter (docs/FIDELITY.md, "Filters").
package enum FilterBounds {
    /// The most rules and groups.
    package static let mostRules = 1_000
    /// The most rules and groups times entities.
    package static let mostComparisons = 5_000_000
    /// The most bytes of entities and their fields that are looked at, each time that a rule looks at them.
    package static let mostBytes = 128 << 20
}

/// Which bound a filter is past.
package enum FilterExcess: Error, Hashable {
    case rules
    case comparisons(rules: Int, entities: Int)
    case bytes
}

/// A list of warnings that a hostile document cannot make long.
package struct BoundedWarnings: Sendable {
    static let limit = 20
    private var kept: [String] = []
    private var droppedCount = 0

    package init() {}

    /// Takes the warning down; past the limit it is only counted.
    package mutating func add(_ text: String) {
        if kept.count < Self.limit { kept.append(text) } else { droppedCount += 1 }
    }

    /// The warnings, and a last line that counts those left out.
    package var lines: [String] { droppedCount == 0 ? kept : kept + ["and \(droppedCount) more"] }
}
