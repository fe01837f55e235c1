import CSQLite

/// What SQLite refused, with its own extended result code.
package struct SQLiteError: Error, CustomStringConvertible {
    package let code: Int32
    package let message: String

    package var description: String { "SQLite \(code): \(message)" }
    /// Whether the file is no SQLite database at all.
    package var isNotADatabase: Bool { code & 0xFF == SQLITE_NOTADB }
}

/// One connection to one SQLite database, with its prepared statements kept.
///
/// It has no lock of its own (`SQLITE_OPEN_NOMUTEX`): whoever owns it uses it from one thread at a time.
package final class Database {
    let handle: OpaquePointer
    private var statements: [StaticKey: Statement] = [:]

    /// Opens (and creates) a database file, or one in memory when there is no path.
    package init(path: String? = nil) throws(SQLiteError) {
        Self.configured
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path ?? ":memory:", &opened, flags, nil)
        guard let opened else { throw SQLiteError(code: code, message: "out of memory") }
        guard code == SQLITE_OK else {
            defer { sqlite3_close_v2(opened) }
            throw SQLiteError(code: code, message: String(cString: sqlite3_errmsg(opened)))
        }
        handle = opened
    }

    /// What holds for all databases, set before the first one is opened. SQLite refuses it when somebody else in the process
    /// has opened one already, and then goes on as it is.
    private static let configured: Void = { _ = understudy_sqlite_count_no_memory() }()

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    func error(_ code: Int32) -> SQLiteError {
        SQLiteError(code: code, message: String(cString: sqlite3_errmsg(handle)))
    }

    /// Runs statements that take no values and give no rows: schema, pragmas.
    package func execute(script: String) throws(SQLiteError) {
        let code = sqlite3_exec(handle, script, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code) }
    }

    /// The prepared statement of a literal piece of SQL: made at its first use, kept from then on, ready to bind.
    package func statement(_ sql: StaticString) throws(SQLiteError) -> Statement {
        let key = StaticKey(address: UInt(bitPattern: sql.utf8Start))
        if let kept = statements[key] {
            kept.reset()
            return kept
        }
        let made = try Statement(sql, in: self)
        statements[key] = made
        return made
    }

    /// Runs a literal statement for its effect.
    package func run(_ sql: StaticString, _ values: any SQLBindable...) throws(SQLiteError) {
        let statement = try statement(sql)
        for (index, value) in values.enumerated() { statement.bind(value, at: index + 1) }
        while try statement.step() {}
        statement.reset()
    }

    /// Whether the next write belongs to a transaction already.
    package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Rows changed by the last statement.
    package var changes: Int { Int(sqlite3_changes64(handle)) }

    package var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Does the work in a transaction: all of it, or, when it throws, nothing. Inside another one it simply joins in.
    package func transaction<Result, Failure: Error>(
        _ work: () throws(Failure) -> Result
    ) throws -> Result {
        if isInTransaction { return try work() }
        try run("BEGIN IMMEDIATE")
        do {
            let result = try work()
            try run("COMMIT")
            return result
        } catch {
            if isInTransaction { try? run("ROLLBACK") }
            throw error
        }
    }
}

/// A literal's address stands for its text: literals are never freed and compare in one instruction.
private struct StaticKey: Hashable {
    let address: UInt
}
