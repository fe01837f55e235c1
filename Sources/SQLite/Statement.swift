import CSQLite

/// A prepared statement: bind values at positions from 1, step through rows, read columns from 0.
package final class Statement {
    private let handle: OpaquePointer
    private unowned let connection: Connection

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

    package func bind(_ value: some SQLBindable, at position: Int) { value.bind(to: handle, at: Int32(position)) }

    package func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }
    package func integer(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }
    package func double(_ column: Int) -> Double { sqlite3_column_double(handle, Int32(column)) }
    package func bool(_ column: Int) -> Bool { integer(column) != 0 }
    package func optionalInteger(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }

    package func text(_ column: Int) -> String { String(decoding: bytes(column), as: UTF8.self) }
    package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }

    /// The column's text or blob, valid until the next step or reset.
    package func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        guard let start = sqlite3_column_blob(handle, Int32(column)) else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: count)
    }
}

/// What can be bound to a statement; SQL never carries a value in its text.
package protocol SQLBindable {
    func bind(to statement: OpaquePointer, at position: Int32)
}

extension Int64: SQLBindable {
    package func bind(to statement: OpaquePointer, at position: Int32) { sqlite3_bind_int64(statement, position, self) }
}

extension Int: SQLBindable {
    package func bind(to statement: OpaquePointer, at position: Int32) {
        sqlite3_bind_int64(statement, position, Int64(self))
    }
}

extension Bool: SQLBindable {
    package func bind(to statement: OpaquePointer, at position: Int32) {
        sqlite3_bind_int64(statement, position, self ? 1 : 0)
    }
}

extension Double: SQLBindable {
    package func bind(to statement: OpaquePointer, at position: Int32) {
        sqlite3_bind_double(statement, position, self)
    }
}

extension String: SQLBindable {
    package func bind(to statement: OpaquePointer, at position: Int32) {
        var text = self
        text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { chars in
                // An empty Swift string may have no address, which SQLite would take for NULL.
                _ = sqlite3_bind_text(
                    statement, position, chars.baseAddress ?? emptyText, Int32(chars.count),
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

    package func bind(to statement: OpaquePointer, at position: Int32) {
        bytes.withUnsafeBytes { buffer in
            _ =
                buffer.isEmpty
                ? sqlite3_bind_zeroblob(statement, position, 0)
                : sqlite3_bind_blob(
                    statement, position, buffer.baseAddress, Int32(buffer.count), understudy_sqlite_transient())
        }
    }
}

extension Optional: SQLBindable where Wrapped: SQLBindable {
    package func bind(to statement: OpaquePointer, at position: Int32) {
        if let self { self.bind(to: statement, at: position) } else { sqlite3_bind_null(statement, position) }
    }
}
