import Emulation
import JSON
import Sandboxes
import Time

// Choice: a filter past a bound is a 422 that names it (docs/FIDELITY.md, "Filters").
extension Backfills {
    /// A filter with no more rules than one may have.
    static func filter(_ spec: JSONNode) throws(NeoRefusal) -> EntityFilter {
        let filter = EntityFilter(spec: spec)
        if let excess = filter.excess(entities: 0) { throw refusal(of: excess) }
        return filter
    }

    /// The ids of the entities that a filter matches.
    static func entities(ofType type: String, matching filter: EntityFilter, in world: World) throws -> [String] {
        do { return try world.entities(ofType: type, matching: filter) } catch let excess as FilterExcess {
            throw refusal(of: excess)
        }
    }

    private static func refusal(of excess: FilterExcess) -> NeoRefusal {
        let message =
            switch excess {
            case .rules: "has more than \(FilterBounds.mostRules) rules and groups"
            case .comparisons(let rules, let entities):
                "has \(rules) rules and groups for \(entities) entities, more than \(FilterBounds.mostComparisons) comparisons"
            case .bytes: "looks at more than \(FilterBounds.mostBytes) bytes of the entities' fields"
            }
        return .invalid([Violation(field: "filter_spec", message: message)])
    }
}
