import CSQLite
import Synchronization

/// A database at one moment: the bytes of a database file, which never change. Passed by reference, and so copied for
/// nothing.
///
/// Who only reads borrows a connection, statements and all; there are never more than were borrowed at the same time.
package final class DatabaseImage: Sendable {
    let memory: ImageMemory
    private let idle = Mutex<[Connection]>([])

    init(_ memory: ImageMemory) { self.memory = memory }

    /// The image that those bytes are a copy of, such as a stored one's.
    package convenience init(copying bytes: UnsafeRawBufferPointer) throws(SQLiteError) {
        self.init(try ImageMemory(copying: bytes))
    }

    /// How many bytes it has.
    package var count: Int { memory.count }

    /// A connection that reads it, for the borrower alone until ``takeBack(_:)``.
    func lend() throws(SQLiteError) -> Connection {
        if let connection = idle.withLock({ $0.popLast() }) { return connection }
        return try Connection(reading: memory)
    }

    func takeBack(_ connection: Connection) { idle.withLock { $0.append(connection) } }
}

extension DatabaseImage: SQLBindable {
    package func bind(to statement: Statement, at position: Int32) {
        sqlite3_bind_blob64(
            statement.handle, position, memory.start, sqlite3_uint64(memory.count), understudy_sqlite_transient())
    }
}

/// An image's bytes, freed with the last that reads them.
///
/// `@unchecked Sendable` because of `start`: nobody writes there once this is made.
final class ImageMemory: @unchecked Sendable {
    let start: UnsafeMutableRawPointer
    let count: Int

    /// Takes over memory that SQLite has allocated, with a database file's bytes in it.
    init(start: UnsafeMutableRawPointer, count: Int) {
        self.start = start
        self.count = count
        // A file's header says that it has a WAL beside it, which memory cannot have
        // (https://sqlite.org/c3ref/deserialize.html).
        if count >= 100 {
            start.storeBytes(of: 1, toByteOffset: 18, as: UInt8.self)
            start.storeBytes(of: 1, toByteOffset: 19, as: UInt8.self)
        }
    }

    convenience init(copying bytes: UnsafeRawBufferPointer) throws(SQLiteError) {
        let start = try Self.allocate(bytes.count)
        if let source = bytes.baseAddress { start.copyMemory(from: source, byteCount: bytes.count) }
        self.init(start: start, count: bytes.count)
    }

    deinit { sqlite3_free(start) }

    /// Memory of SQLite's own, which it can free and enlarge.
    static func allocate(_ count: Int) throws(SQLiteError) -> UnsafeMutableRawPointer {
        SQLiteLibrary.configure()
        guard let memory = sqlite3_malloc64(sqlite3_uint64(max(count, 1))) else {
            throw SQLiteError(code: SQLITE_NOMEM, message: "out of memory")
        }
        return memory
    }
}
