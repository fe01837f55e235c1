package import JSON

/// A backfill's `filter_spec`, read once and then asked about any number of entities.
package struct EntityFilter: Hashable, Sendable {
    /// What could not be read, each with its place: at most 20, then how many more.
    package let warnings: [String]
    private let condition: FilterCondition

    /// Reads the spec. It cannot fail: what it does not understand matches nothing and is warned of.
    ///
    /// A spec without a filter object matches every entity, with a warning unless it is `{}`; one that is no object, which the
    /// API refuses before, matches none.
    package init(spec: JSONNode) {
        var reader = FilterReader()
        condition = reader.spec(spec)
        warnings = reader.warnings.lines
    }

    /// Whether the entity is one that the filter describes.
    package func matches(_ entity: some FilterableEntity) -> Bool { condition.holds(for: entity) }
}

/// A list of warnings that a hostile document cannot make long.
struct BoundedWarnings: Sendable {
    static let limit = 20
    private var kept: [String] = []
    private var droppedCount = 0

    /// Takes the warning down; past the limit it is only counted.
    mutating func add(_ text: String) {
        if kept.count < Self.limit { kept.append(text) } else { droppedCount += 1 }
    }

    /// The warnings, and a last line that counts those left out.
    var lines: [String] { droppedCount == 0 ? kept : kept + ["and \(droppedCount) more"] }
}
