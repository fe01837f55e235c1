import CSQLite
import Glibc

extension Database {
    /// The whole database as it is now. Nothing is copied as long as nothing was written since it was an image before.
    package func image() throws(SQLiteError) -> DatabaseImage {
        if let shared { return shared }
        let connection = try writable()
        var size: sqlite3_int64 = 0
        guard let copy = sqlite3_serialize(connection.handle, "main", &size, 0) else {
            throw SQLiteError(code: SQLITE_NOMEM, message: "the database cannot be serialized")
        }
        return DatabaseImage(ImageMemory(start: copy, count: Int(size)))
    }

    /// Whether there is room where the database is: of one that is in memory always.
    package var diskHasRoom: Bool {
        guard let path = filePath else { return true }
        var disk = statvfs()
        return statvfs(path, &disk) != 0 || UInt64(disk.f_bavail) * UInt64(disk.f_frsize) > 1 << 20
    }

    /// How many bytes ``image()`` would have.
    package func byteCount() throws(SQLiteError) -> Int {
        if let shared { return shared.count }
        return try readable().byteCount()
    }

    /// Copies every page of this database over a file's, in one transaction: whoever looks, and whoever opens the file
    /// after a kill in the midst of it, finds all of the old or all of the new.
    package func copy(over target: Database) throws(SQLiteError) {
        let (source, target) = (try writable(), try target.writable())
        // The limit of its last transaction is no limit for a copy.
        try target.limit(bytes: .max)
        guard let backup = sqlite3_backup_init(target.handle, "main", source.handle, "main") else {
            throw target.error(sqlite3_extended_errcode(target.handle))
        }
        let code = sqlite3_backup_step(backup, -1)
        sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE else { throw SQLiteError(code: code, message: "the database cannot be copied") }
    }
}
