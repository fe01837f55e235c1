import CSQLite

/// What SQLite refused, with its own extended result code.
package struct SQLiteError: Error, CustomStringConvertible {
    package let code: Int32
    package let message: String

    init(code: Int32, message: String) {
        self.code = code
        self.message = message
    }

    /// A write that somebody else than SQLite prevents.
    package static func prevented(_ reason: String) -> SQLiteError { SQLiteError(code: SQLITE_ABORT, message: reason) }

    package var description: String { "SQLite \(code): \(message)" }
    /// Whether the file is no SQLite database at all.
    package var isNotADatabase: Bool { code & 0xFF == SQLITE_NOTADB }
    /// Whether there was no room: on the disk, or for a database that may not grow any more.
    package var isFull: Bool { code & 0xFF == SQLITE_FULL }
    /// Whether the file was a database, and something has spoilt it.
    package var isDamaged: Bool { code & 0xFF == SQLITE_CORRUPT }
}

/// One SQLite database: a file, or in memory, there perhaps an image that it shares with others until the first write.
///
/// It has no lock of its own (`SQLITE_OPEN_NOMUTEX`): whoever owns it uses it from one thread at a time.
package final class Database {
    private enum Contents {
        case own(Connection)
        /// Nothing has been written yet: others may read the same image.
        case shared(DatabaseImage)
    }

    private var contents: Contents
    /// Grows with every write, so that what was read can be known to be still right: while it is the same, and no
    /// transaction is open, every row is as it was.
    package private(set) var revision: UInt64 = 0
    /// Asked before the first write to contents that are shared: gives the database to go on with in their place, or
    /// nil for a copy in memory. What it throws prevents the write.
    package var beforeFirstWrite: ((DatabaseImage) throws(SQLiteError) -> Database?)?
    /// How many bytes the database may have; asked before each transaction. What would make it larger is refused
    /// (``SQLiteError/isFull``).
    package var allowedBytes: (() -> Int)?
    /// What times that are stored count from, in microseconds: an image fits every start of a clock.
    package var origin: Int64 = 0
    /// Whether a transaction has begun that has written nothing yet, and so has taken no copy of what is shared.
    private var hasWaitingTransaction = false
    /// The connection that reads are done with while the contents are shared.
    private var borrowed: (connection: Connection, from: DatabaseImage)?

    /// Opens (and creates) a database file, or one in memory when there is no path.
    package init(path: String? = nil) throws(SQLiteError) { contents = .own(try Connection(path: path)) }

    /// A database in memory with an image's contents. They are copied when something is written first.
    package init(_ image: DatabaseImage) { contents = .shared(image) }

    deinit { rest() }

    /// Gives back what it has borrowed. To be called when nobody steps through a statement any more, as often as it
    /// pleases.
    package func rest() {
        guard let borrowed else { return }
        self.borrowed = nil
        borrowed.from.takeBack(borrowed.connection)
    }

    /// The image that nothing has been written to yet, if it is still one.
    package var shared: DatabaseImage? {
        if case .shared(let image) = contents { image } else { nil }
    }

    /// Replaces all contents of a database in memory by an image's, which costs nothing.
    package func share(_ image: DatabaseImage) {
        rest()
        revision += 1
        contents = .shared(image)
    }

    func readable() throws(SQLiteError) -> Connection {
        switch contents {
        case .own(let connection): return connection
        case .shared(let image):
            if let borrowed { return borrowed.connection }
            let connection = try image.lend()
            borrowed = (connection, image)
            return connection
        }
    }

    /// The one place where sharing ends: whatever has an effect goes through here, and the first that does makes the
    /// copy.
    ///
    /// What was borrowed is kept until ``rest()``: somebody may be stepping through it.
    func writable() throws(SQLiteError) -> Connection {
        revision += 1
        switch contents {
        case .own(let connection): return connection
        case .shared(let image):
            let connection: Connection
            if let kept = try beforeFirstWrite?(image)?.own {
                connection = kept
            } else {
                connection = try Connection(copying: image.memory)
            }
            contents = .own(connection)
            if hasWaitingTransaction { try begin(on: connection) }
            return connection
        }
    }

    /// Ends the sharing of contents, as a write does.
    package func makeOwn() throws(SQLiteError) { _ = try writable() }

    private func begin(on connection: Connection) throws(SQLiteError) {
        if let allowedBytes { try connection.limit(bytes: allowedBytes()) }
        let statement = try connection.statement("BEGIN IMMEDIATE")
        defer { statement.reset() }
        _ = try statement.step()
    }

    /// Runs statements that take no values and give no rows: schema, pragmas.
    package func execute(script: String) throws(SQLiteError) { try writable().execute(script: script) }

    /// The prepared statement of a literal piece of SQL: made at its first use, kept from then on, ready to bind. One
    /// that writes belongs into a transaction.
    package func statement(_ sql: StaticString) throws(SQLiteError) -> Statement {
        let statement = try readable().statement(sql)
        statement.origin = origin
        return statement
    }

    /// Runs a literal statement for its effect.
    package func run(_ sql: StaticString, _ values: any SQLBindable...) throws(SQLiteError) {
        let statement = try writable().statement(sql)
        statement.origin = origin
        for (index, value) in values.enumerated() { statement.bind(value, at: index + 1) }
        while try statement.step() {}
        statement.reset()
    }

    /// Whether the next write belongs to a transaction already.
    package var isInTransaction: Bool { own.map { sqlite3_get_autocommit($0.handle) == 0 } ?? hasWaitingTransaction }

    package var lastInsertedRow: Int64 { own.map { sqlite3_last_insert_rowid($0.handle) } ?? 0 }

    /// The path of its file; nil for one in memory.
    var filePath: String? {
        guard let own, let path = sqlite3_db_filename(own.handle, "main") else { return nil }
        let text = String(cString: path)
        return text.isEmpty ? nil : text
    }

    private var own: Connection? {
        if case .own(let connection) = contents { connection } else { nil }
    }

    /// Does the work in a transaction: all of it, or, when it throws, nothing. Inside another one it simply joins in.
    package func transaction<Result, Failure: Error>(
        _ work: () throws(Failure) -> Result
    ) throws -> Result {
        if isInTransaction { return try work() }
        if own == nil { return try waitingTransaction(work) }
        try begin(on: writable())
        return try committing(work)
    }

    /// The same on contents that are shared: it begins with the first write, if there is one.
    private func waitingTransaction<Result, Failure: Error>(
        _ work: () throws(Failure) -> Result
    ) throws -> Result {
        hasWaitingTransaction = true
        defer { hasWaitingTransaction = false }
        return try committing(work)
    }

    private func committing<Result, Failure: Error>(_ work: () throws(Failure) -> Result) throws -> Result {
        do {
            let result = try work()
            if own != nil { try run("COMMIT") }
            return result
        } catch {
            if own != nil, isInTransaction { try? run("ROLLBACK") }
            throw error
        }
    }
}
