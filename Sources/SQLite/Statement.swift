import CSQLite

/// A prepared statement: bind values at positions from 1, step through rows, read columns from 0.
package final class Statement {
    let handle: OpaquePointer
    private unowned let connection: Connection
    /// What times that are stored count from, in microseconds: its database's ``Database/origin``.
    package internal(set) var origin: Int64 = 0
    /// The columns that were asked for by name. A literal's address stands for its text.
    private var known: [(name: UnsafePointer<UInt8>, column: Int32)] = []
    /// Where in these the next one is likely to be.
    private var next = 0

    init(_ sql: StaticString, on connection: Connection) throws(SQLiteError) {
        var prepared: OpaquePointer?
        let text = UnsafeRawPointer(sql.utf8Start).assumingMemoryBound(to: CChar.self)
        let code = sqlite3_prepare_v3(
            connection.handle, text, Int32(sql.utf8CodeUnitCount), UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw connection.error(code) }
        handle = prepared
        self.connection = connection
    }

    deinit { sqlite3_finalize(handle) }

    /// Moves to the next row; false when there is none.
    package func step() throws(SQLiteError) -> Bool {
        next = 0
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let error = connection.error(code)
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Ready to be bound and stepped again; its locks are given up.
    package func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    package func bind(_ value: some SQLBindable, at position: Int) { value.bind(to: self, at: Int32(position)) }

    // MARK: Columns, by name

    package func isNull(_ name: StaticString) -> Bool { sqlite3_column_type(handle, column(name)) == SQLITE_NULL }
    package func integer(_ name: StaticString) -> Int64 { sqlite3_column_int64(handle, column(name)) }
    package func double(_ name: StaticString) -> Double { sqlite3_column_double(handle, column(name)) }
    package func bool(_ name: StaticString) -> Bool { integer(name) != 0 }
    package func optionalInteger(_ name: StaticString) -> Int64? { isNull(name) ? nil : integer(name) }
    package func text(_ name: StaticString) -> String { String(decoding: bytes(name), as: UTF8.self) }
    package func optionalText(_ name: StaticString) -> String? { isNull(name) ? nil : text(name) }

    /// The column's text or blob, valid until the next step or reset.
    package func bytes(_ name: StaticString) -> UnsafeBufferPointer<UInt8> { bytes(at: column(name)) }

    /// The first column, of queries that have but one.
    package var isNull: Bool { sqlite3_column_type(handle, 0) == SQLITE_NULL }
    package var integer: Int64 { sqlite3_column_int64(handle, 0) }
    package var text: String { String(decoding: bytes(at: 0), as: UTF8.self) }

    private func bytes(at column: Int32) -> UnsafeBufferPointer<UInt8> {
        guard let start = sqlite3_column_blob(handle, column) else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        let count = Int(sqlite3_column_bytes(handle, column))
        return UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: count)
    }

    /// The column of that name, which is looked for once: the names of a row are asked for in one order, so the next
    /// one is nearly always that of the last row.
    private func column(_ name: StaticString) -> Int32 {
        if next < known.count, known[next].name == name.utf8Start {
            defer { next += 1 }
            return known[next].column
        }
        let place = known.firstIndex { $0.name == name.utf8Start } ?? find(name)
        next = place + 1
        return known[place].column
    }

    private func find(_ name: StaticString) -> Int {
        let text = "\(name)"
        let column = (0..<sqlite3_column_count(handle)).first { index in
            sqlite3_column_name(handle, index).map { String(cString: $0) == text } ?? false
        }
        guard let column else { preconditionFailure("the statement has no column \(name)") }
        known.append((name.utf8Start, column))
        return known.count - 1
    }
}

/// What can be bound to a statement; SQL never carries a value in its text.
package protocol SQLBindable {
    func bind(to statement: Statement, at position: Int32)
}

extension Int64: SQLBindable {
    package func bind(to statement: Statement, at position: Int32) {
        sqlite3_bind_int64(statement.handle, position, self)
    }
}

extension Int: SQLBindable {
    package func bind(to statement: Statement, at position: Int32) {
        sqlite3_bind_int64(statement.handle, position, Int64(self))
    }
}

extension Bool: SQLBindable {
    package func bind(to statement: Statement, at position: Int32) {
        sqlite3_bind_int64(statement.handle, position, self ? 1 : 0)
    }
}

extension Double: SQLBindable {
    package func bind(to statement: Statement, at position: Int32) {
        sqlite3_bind_double(statement.handle, position, self)
    }
}

extension String: SQLBindable {
    package func bind(to statement: Statement, at position: Int32) {
        var text = self
        text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { chars in
                // An empty Swift string may have no address, which SQLite would take for NULL.
                _ = sqlite3_bind_text(
                    statement.handle, position, chars.baseAddress ?? emptyText, Int32(chars.count),
                    understudy_sqlite_transient())
            }
        }
    }
}

nonisolated(unsafe) private let emptyText: UnsafePointer<CChar> = {
    let text = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    text.initialize(to: 0)
    return UnsafePointer(text)
}()

/// Bytes to be stored as a BLOB.
package struct SQLBlob: SQLBindable {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package func bind(to statement: Statement, at position: Int32) {
        bytes.withUnsafeBytes { buffer in
            _ =
                buffer.isEmpty
                ? sqlite3_bind_zeroblob(statement.handle, position, 0)
                : sqlite3_bind_blob(
                    statement.handle, position, buffer.baseAddress, Int32(buffer.count), understudy_sqlite_transient())
        }
    }
}

extension Optional: SQLBindable where Wrapped: SQLBindable {
    package func bind(to statement: Statement, at position: Int32) {
        if let self { self.bind(to: statement, at: position) } else { sqlite3_bind_null(statement.handle, position) }
    }
}
