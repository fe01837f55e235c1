package import JSON
package import SQLite
package import Time

/// Writes a sandbox as a seed document: fixed order of members, rows in the order of their keys, one a line.
package enum SeedExport {
    /// The whole database as one seed document, without credentials.
    ///
    /// Read again and exported again it gives the same bytes. `now` is the clock's present.
    package static func export(
        _ database: Database, modules: Modules, clock: SandboxClock, now: Instant, randomSeed: Int64,
        randomPosition: Int64, ratePlan: String
    ) throws(SQLiteError) -> [UInt8] {
        var text = SeedText()
        text.member("understudy") { $0.integer(1 as Int64) }
        text.member("random_seed") { $0.integer(randomSeed) }
        text.member("random_position") { $0.integer(randomPosition) }
        text.member("clock") { writer in
            writer.beginObject()
            writer.key("mode")
            writer.string(clock.mode.rawValue)
            writer.key("now")
            writer.instant(now)
            writer.key("speed")
            writer.double(clock.speed)
            writer.key("start")
            writer.instant(clock.start)
            writer.endObject()
        }
        if !modules.ratePlans.isEmpty { text.member("rate_limit_plan") { $0.string(ratePlan) } }
        for module in modules.all { try module.export(database, to: &text) }
        try exportScenarios(database, to: &text)
        try exportFaults(database, to: &text)
        return text.finished()
    }
}

/// The text of a document whose members, and the elements of whose lists, stand on lines of their own.
package struct SeedText {
    private var bytes: [UInt8] = Array("{".utf8)
    private var isFirst = true

    /// One member on one line.
    package mutating func member(_ name: StaticString, _ write: (inout JSONWriter) -> Void) {
        begin(name)
        append(write)
    }

    /// A list, or an object, of one element for each row of a query.
    package mutating func rows(
        _ name: StaticString, of statement: Statement, brackets: (StaticString, StaticString) = ("[", "]"),
        _ write: (inout JSONWriter, Statement) throws(SQLiteError) -> Void
    ) throws(SQLiteError) {
        begin(name)
        append(brackets.0)
        var isEmpty = true
        while try statement.step() {
            append(isEmpty ? "\n" : ",\n")
            isEmpty = false
            var writer = JSONWriter()
            try write(&writer, statement)
            bytes.append(contentsOf: writer.bytes)
        }
        statement.reset()
        if !isEmpty { append("\n") }
        append(brackets.1)
    }

    /// The whole document.
    consuming func finished() -> [UInt8] {
        append("\n}\n")
        return bytes
    }

    private mutating func begin(_ name: StaticString) {
        append(isFirst ? "\n\"" : ",\n\"")
        isFirst = false
        append(name)
        append("\": ")
    }

    private mutating func append(_ write: (inout JSONWriter) -> Void) {
        var writer = JSONWriter(capacity: 128)
        write(&writer)
        bytes.append(contentsOf: writer.bytes)
    }

    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

// Columns as the members of a seed's objects. The column is called as the member is, unless another name is given.
extension JSONWriter {
    /// A member that is an array of objects: one for each row that the query gives, with what `write` says of it.
    package mutating func rows(
        _ name: StaticString, of rows: Statement, write: (inout JSONWriter, Statement) -> Void
    ) throws(SQLiteError) {
        defer { rows.reset() }
        key(name)
        beginArray()
        while try rows.step() {
            beginObject()
            write(&self, rows)
            endObject()
        }
        endArray()
    }

    package mutating func member(_ name: StaticString, text row: Statement, _ column: StaticString? = nil) {
        key(name)
        string(row.optionalText(column ?? name))
    }

    package mutating func member(_ name: StaticString, integer row: Statement, _ column: StaticString? = nil) {
        key(name)
        integer(row.optionalInteger(column ?? name))
    }

    /// A time of work.
    package mutating func member(_ name: StaticString, time row: Statement, _ column: StaticString? = nil) {
        key(name)
        instant(row.optionalInstant(column ?? name))
    }

    /// A time that does not move with the clock's start.
    package mutating func member(_ name: StaticString, fixedTime row: Statement, _ column: StaticString? = nil) {
        key(name)
        instant(row.optionalFixedInstant(column ?? name))
    }

    /// Stored JSON without white space, as a seed reads it.
    package mutating func member(_ name: StaticString, json row: Statement, _ column: StaticString? = nil) {
        key(name)
        json(stored: row, column ?? name)
    }

    /// Stored JSON as it stands.
    package mutating func member(_ name: StaticString, verbatim row: Statement, _ column: StaticString? = nil) {
        key(name)
        raw(row.bytes(column ?? name))
    }

    package mutating func json(stored row: Statement, _ column: StaticString) {
        if let node = JSONNode(stored: row, column) { value(node) } else { null() }
    }
}

extension JSONNode {
    /// A column's JSON; nil when it is NULL.
    package init?(stored row: Statement, _ column: StaticString) {
        let bytes = Array(row.bytes(column))
        guard !bytes.isEmpty, let node = try? JSONParser.parse(bytes, maximumDepth: SeedReader.maximumDepth) else {
            return nil
        }
        self = node
    }
}
