package import Sandboxes
import JSON

import SQLite

/// What is known of a sandbox's entities, which come and go with all contents only.
final class KnownEntities: WorldCache {
    fileprivate var typeCount: (type: String, count: Int)?
    fileprivate var count: Int64?
    /// The entities that the last filter matched.
    fileprivate var matches: KnownMatches?

    init() {}
}

/// What a filter came to.
private struct KnownMatches {
    let type: String
    let filter: EntityFilter
    let ids: [String]

    /// Longer lists, and those of filters with more rules, are not kept.
    static let mostIDs = 10_000
    static let mostRules = 100
}

extension World {
    /// The ids of the entities of a type that a filter matches, in the order they were made.
    ///
    /// The last answer is kept: a client that verifies a filter creates a backfill with it next. Nothing changes an
    /// entity but what replaces all contents.
    ///
    /// - Throws: ``FilterExcess`` when the filter is past a bound.
    package func entities(ofType type: String, matching filter: EntityFilter) throws -> [String] {
        let known = cache(KnownEntities.self)
        if let knownMatches = known.matches, knownMatches.type == type, knownMatches.filter == filter {
            return knownMatches.ids
        }
        if let excess = filter.excess(entities: try entityCount(ofType: type)) { throw excess }
        let statement = try database.statement("SELECT id, number, fields FROM entity WHERE type = ? ORDER BY row")
        defer { statement.reset() }
        statement.bind(type, at: 1)
        var matches: [String] = []
        let reading = FilterReading(filter)
        // A filter looks at few fields of many entities: none is read but these.
        var members = JSONMembers(named: filter.fieldNames)
        while try statement.step() {
            let id = statement.text("id")
            let bytes = statement.bytes("fields")
            try members.read(bytes, maximumDepth: SeedReader.maximumDepth)
            let entity = EntityFields(id: id, type: type, number: statement.optionalText("number")) {
                members[$0]?.value
            }
            guard let isMatch = reading.matches(entity, bytes: bytes.count) else { throw FilterExcess.bytes }
            if isMatch { matches.append(id) }
        }
        let isKept = matches.count <= KnownMatches.mostIDs && filter.ruleCount <= KnownMatches.mostRules
        known.matches = isKept ? KnownMatches(type: type, filter: filter, ids: matches) : nil
        return matches
    }

    private func entityCount(ofType type: String) throws -> Int {
        let cache = cache(KnownEntities.self)
        if let known = cache.typeCount, known.type == type { return known.count }
        let statement = try database.statement("SELECT count(*) FROM entity WHERE type = ?")
        defer { statement.reset() }
        statement.bind(type, at: 1)
        let count = try statement.step() ? Int(statement.integer) : 0
        cache.typeCount = (type, count)
        return count
    }

    /// Whether a filter takes more than a few milliseconds to look at all entities.
    package var hasManyEntities: Bool {
        let cache = cache(KnownEntities.self)
        if let known = cache.count { return known > 2_000 }
        // Entities are never removed one by one.
        let count = (try? database.number("SELECT max(row) FROM entity")) ?? 0
        cache.count = count
        return count > 2_000
    }
}
