import JSON
import SQLite

extension SeedExport {
    /// In the order in which they were written, which decides between them.
    static func exportScenarios(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        let scenarios = try database.statement("SELECT name, document, used FROM scenario ORDER BY written")
        try text.rows("scenarios", of: scenarios) { (writer, scenario) throws(SQLiteError) in
            writer.scenario(
                name: scenario.text("name"), document: scenario.text("document"), used: scenario.integer("used"))
        }
    }
}

extension JSONWriter {
    /// A scenario with its use count: `{"name", "when", "then", "used"}`.
    package mutating func scenario(_ scenario: Scenario) {
        self.scenario(name: scenario.name, document: scenario.rule.text, used: scenario.used)
    }

    fileprivate mutating func scenario(name: String, document: String, used: Int64) {
        beginObject()
        key("name")
        string(name)
        members(ofObject: document)
        key("used")
        integer(used)
        endObject()
    }
}
