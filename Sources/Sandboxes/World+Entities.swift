import JSON
package import Simulation
import SQLite

extension World {
    /// The ids of the entities of a type that a filter matches, in the order they were made.
    package func entities(ofType type: String, matching filter: EntityFilter) throws -> [String] {
        let statement = try database.statement("SELECT id, number, fields FROM entity WHERE type = ? ORDER BY row")
        defer { statement.reset() }
        statement.bind(type, at: 1)
        var matches: [String] = []
        while try statement.step() {
            let id = statement.text(0)
            let fields = try JSONParser.parse(Array(statement.bytes(2))).object ?? JSONObject(members: [])
            let entity = EntityFields(id: id, type: type, number: statement.optionalText(1), fields: fields)
            if filter.matches(entity) { matches.append(id) }
        }
        return matches
    }
}
