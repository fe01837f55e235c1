import CSQLite

/// One open connection, with its prepared statements kept.
///
/// `@unchecked Sendable` because of `handle` and `statements`: whoever holds a connection uses it from one thread at a
/// time.
final class Connection: @unchecked Sendable {
    let handle: OpaquePointer
    /// What a connection to an image reads, alive for as long.
    private let memory: ImageMemory?
    private var statements: [StaticKey: Statement] = [:]
    /// The last limit that was set, in steps; nil before.
    private var limitSteps: Int?
    private(set) lazy var pageSize = (try? number("PRAGMA page_size")) ?? 4096

    /// Opens (and creates) a database file, or one in memory when there is no path.
    init(path: String?) throws(SQLiteError) {
        handle = try Self.open(path)
        memory = nil
        try execute(script: "PRAGMA foreign_keys = ON")
    }

    /// Reads an image where it lies. Every write is refused.
    init(reading memory: ImageMemory) throws(SQLiteError) {
        handle = try Self.open(nil)
        self.memory = memory
        // Pages are not copied into a cache, but used in place, as those of a mapped file.
        try execute(script: "PRAGMA mmap_size = \(memory.count); PRAGMA cache_size = 1")
        try deserialize(memory.start, count: memory.count, flags: SQLITE_DESERIALIZE_READONLY)
    }

    /// A database in memory of its own, with an image's contents.
    init(copying memory: ImageMemory) throws(SQLiteError) {
        handle = try Self.open(nil)
        self.memory = nil
        let copy = try ImageMemory.allocate(memory.count)
        copy.copyMemory(from: memory.start, byteCount: memory.count)
        // From here on SQLite frees it, also when this fails.
        try deserialize(
            copy, count: memory.count, flags: SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE)
        try execute(script: "PRAGMA foreign_keys = ON")
    }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    private static func open(_ path: String?) throws(SQLiteError) -> OpaquePointer {
        SQLiteLibrary.configure()
        if let path { OwnersFile.prepare(path) }
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path ?? ":memory:", &opened, flags, nil)
        guard let opened else { throw SQLiteError(code: code, message: "out of memory") }
        guard code == SQLITE_OK else {
            defer { sqlite3_close_v2(opened) }
            throw SQLiteError(code: code, message: String(cString: sqlite3_errmsg(opened)))
        }
        return opened
    }

    private func deserialize(
        _ start: UnsafeMutableRawPointer, count: Int, flags: Int32
    ) throws(SQLiteError) {
        let size = sqlite3_int64(count)
        let code = sqlite3_deserialize(
            handle, "main", start.assumingMemoryBound(to: UInt8.self), size, size, UInt32(flags))
        guard code == SQLITE_OK else { throw error(code) }
    }

    func error(_ code: Int32) -> SQLiteError {
        SQLiteError(code: code, message: String(cString: sqlite3_errmsg(handle)))
    }

    /// How many bytes the database has.
    func byteCount() throws(SQLiteError) -> Int { try number("PRAGMA page_count") * pageSize }

    /// Refuses from now on what would make the database larger than that, but for a remainder of 256 KiB.
    func limit(bytes: Int) throws(SQLiteError) {
        let step = 256 << 10
        let steps = min(bytes, 1 << 42) / step
        guard steps != limitSteps else { return }
        limitSteps = steps
        // Fewer pages than there are mean: not one more (https://sqlite.org/pragma.html#pragma_max_page_count).
        try execute(script: "PRAGMA max_page_count = \(min(max(steps * step / pageSize, 1), 4_294_967_294))")
    }

    private func number(_ sql: StaticString) throws(SQLiteError) -> Int {
        let statement = try statement(sql)
        defer { statement.reset() }
        return try statement.step() ? Int(statement.integer) : 0
    }

    func execute(script: String) throws(SQLiteError) {
        let code = sqlite3_exec(handle, script, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code) }
    }

    /// The prepared statement of a literal, ready to bind.
    func statement(_ sql: StaticString) throws(SQLiteError) -> Statement {
        let key = StaticKey(address: UInt(bitPattern: sql.utf8Start))
        if let kept = statements[key] {
            kept.reset()
            return kept
        }
        let made = try Statement(sql, on: self)
        statements[key] = made
        return made
    }
}

/// A literal's address stands for its text: literals are never freed and compare in one instruction.
private struct StaticKey: Hashable {
    let address: UInt
}
