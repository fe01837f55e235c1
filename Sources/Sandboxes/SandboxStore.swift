import Glibc
import SQLite
import Simulation
import Synchronization

/// A data folder that cannot be used, in one line that says what to do.
package struct CannotStore: Error, CustomStringConvertible {
    package let description: String
}

/// The data folder: one database file a sandbox, and a register of which credential belongs to which.
///
/// `@unchecked Sendable` because of `register` and `hold`: only the directory uses them, with its own lock held.
final class SandboxStore: @unchecked Sendable {
    struct Row {
        let sandbox: String
        let tenantID: String
        let digest: Digest
        let credential: Credential
    }

    private let folder: String
    private var hold: FolderHold?
    private let register: Database

    init(folder: String) throws {
        self.folder = folder
        if mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw CannotStore(
                description:
                    "cannot make the data folder \(folder): \(String(cString: strerror(errno))); give --data a folder that can be written"
            )
        }
        hold = try FolderHold(of: folder)
        do {
            register = try Database(path: "\(folder)/understudy.sqlite")
            try Self.makeDurable(register)
            try register.execute(
                script: """
                    CREATE TABLE IF NOT EXISTS credential (
                        digest BLOB PRIMARY KEY NOT NULL,
                        sandbox TEXT NOT NULL,
                        tenant_id TEXT NOT NULL,
                        label TEXT NOT NULL,
                        masked TEXT NOT NULL
                    ) STRICT;
                    """)
        } catch let error as SQLiteError {
            throw Self.refusal(folder, error)
        }
    }

    /// Lets another program have the folder.
    func letGo() { hold = nil }

    private static func refusal(_ place: String, _ error: SQLiteError) -> CannotStore {
        error.isNotADatabase
            ? CannotStore(
                description:
                    "cannot use \(place): it holds a file that is no database; move it away or give --data another folder"
            )
            : CannotStore(
                description: "cannot read or write \(place): \(error.message); give --data a folder that can be written"
            )
    }

    /// Readers and the writer do not wait for each other, and a killed process loses nothing it has acknowledged.
    static func makeDurable(_ database: Database) throws {
        try database.execute(script: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
    }

    /// Opens a sandbox's file, or makes it whole before it gets its name.
    func open(_ name: String, orMake fresh: () throws -> Database) throws -> Database {
        let path = "\(folder)/\(name).sqlite"
        do {
            if access(path, F_OK) != 0 { try write(fresh(), to: path) }
            let database = try Database(path: path)
            try Self.makeDurable(database)
            try Schema.migrate(database)
            return database
        } catch let error as SQLiteError {
            throw Self.refusal(path, error)
        } catch Schema.Refusal.newerVersion(let found, let known) {
            throw CannotStore(
                description:
                    "cannot use \(path): it was written by a newer version (schema \(found), this one knows \(known)); use that version or another --data folder"
            )
        }
    }

    /// Where that sandbox's snapshots are. No sandbox's file ends like this.
    func snapshots(of name: String) -> SnapshotShelf { .file(SnapshotFile(path: "\(folder)/\(name).snapshots")) }

    private func write(_ database: Database, to path: String) throws {
        let target = try Database(path: path + ".new")
        try database.copy(over: target)
        guard rename(path + ".new", path) == 0 else {
            throw CannotStore(description: "cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }

    func register(_ sandbox: String, tenantID: String, digest: Digest, credential: Credential) throws {
        try register.run(
            "INSERT INTO credential (digest, sandbox, tenant_id, label, masked) VALUES (?, ?, ?, ?, ?)",
            SQLBlob(digest.bytes), sandbox, tenantID, credential.label, credential.masked)
    }

    func registered() throws -> [Row] {
        let statement = try register.statement("SELECT digest, sandbox, tenant_id, label, masked FROM credential")
        defer { statement.reset() }
        var rows: [Row] = []
        while try statement.step() {
            rows.append(
                Row(
                    sandbox: statement.text(1), tenantID: statement.text(2),
                    digest: Digest(bytes: Array(statement.bytes(0))),
                    credential: Credential(label: statement.text(3), masked: statement.text(4))))
        }
        return rows
    }
}

/// The data folder for one program alone, as long as this lives: each keeps clocks and credentials in memory, so two
/// would not see what the other does. The system lets go of it for a program that is killed.
private final class FolderHold {
    private let descriptor: Int32

    init(of folder: String) throws {
        let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // A file system that knows no locks is used without one.
        if opened >= 0, flock(opened, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            close(opened)
            throw CannotStore(
                description:
                    "cannot use \(folder): another understudy uses it; stop that one or give --data another folder")
        }
        descriptor = opened
    }

    deinit { close(descriptor) }
}
