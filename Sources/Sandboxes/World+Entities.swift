import JSON
package import Simulation
import SQLite

/// What a filter came to.
struct KnownMatches {
    let type: String
    let filter: EntityFilter
    let ids: [String]

    /// Longer lists are not kept.
    static let mostIDs = 10_000
}

extension World {
    /// The ids of the entities of a type that a filter matches, in the order they were made.
    ///
    /// The last answer is kept: a client that verifies a filter creates a backfill with it next. Nothing changes an entity
    /// but ``reload()``'s cause.
    package func entities(ofType type: String, matching filter: EntityFilter) throws -> [String] {
        if let knownMatches, knownMatches.type == type, knownMatches.filter == filter { return knownMatches.ids }
        let statement = try database.statement("SELECT id, number, fields FROM entity WHERE type = ? ORDER BY row")
        defer { statement.reset() }
        statement.bind(type, at: 1)
        // A filter looks at few fields of many entities: none is read but these.
        let field: (String) -> JSONValue? = { (try? JSONParser.member($0, of: statement.bytes(2)))?.value }
        var matches: [String] = []
        while try statement.step() {
            let id = statement.text(0)
            let entity = EntityFields(id: id, type: type, number: statement.optionalText(1), field: field)
            if filter.matches(entity) { matches.append(id) }
        }
        knownMatches =
            matches.count <= KnownMatches.mostIDs ? KnownMatches(type: type, filter: filter, ids: matches) : nil
        return matches
    }
}
