import JSON
import SQLite

extension SeedExport {
    /// In the order in which they were written, which decides between them.
    static func exportFaults(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        let faults = try database.statement("SELECT name, document, matched, used FROM fault ORDER BY written")
        try text.rows("faults", of: faults) { (writer, fault) throws(SQLiteError) in
            writer.fault(
                name: fault.text("name"), document: fault.text("document"), matched: fault.integer("matched"),
                used: fault.integer("used"))
        }
    }
}

extension JSONWriter {
    /// A fault with its counts: `{"name", "match", "response", "matched", "used"}`.
    package mutating func fault(_ fault: Fault) {
        self.fault(name: fault.name, document: fault.rule.text, matched: fault.matched, used: fault.used)
    }

    fileprivate mutating func fault(name: String, document: String, matched: Int64, used: Int64) {
        beginObject()
        key("name")
        string(name)
        members(ofObject: document)
        key("matched")
        integer(matched)
        key("used")
        integer(used)
        endObject()
    }
}
