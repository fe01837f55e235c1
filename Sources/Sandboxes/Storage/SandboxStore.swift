import Glibc
import SQLite
import Time
import Synchronization

/// A data folder that cannot be used, in one line that says what to do.
package struct CannotStore: Error, CustomStringConvertible {
    package let description: String
}

/// The data folder: one database file a sandbox, and a register of which credential belongs to which.
///
/// Each file is touched by whoever has its sandbox's turn.
final class SandboxStore: Sendable {
    private let register: SandboxRegister
    private let registerLock = Mutex(())
    private let folder: String
    private let modules: Modules
    private let hold = Mutex<FolderHold?>(nil)

    init(folder: String, modules: Modules) throws {
        self.folder = folder
        self.modules = modules
        if mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw CannotStore(
                description:
                    "cannot make the data folder \(folder): \(String(cString: strerror(errno))); give --data a folder that can be written"
            )
        }
        let held = try FolderHold(of: folder)
        hold.withLock { $0 = held }
        let path = "\(folder)/understudy.sqlite"
        let files = RegisteredFiles(in: folder)
        try files.requireRegister(at: path)
        register = try Self.explaining(path, orIn: folder) {
            let register = try SandboxRegister(path: path)
            guard try register.isSound() else { throw Self.useless(path, "it is a damaged database") }
            return register
        }
        try Self.explaining(path, orIn: folder) { try files.requireNames(in: register) }
        try Self.explaining(path, orIn: folder) { try clear() }
    }

    /// Reads or changes the register, which is for one at a time.
    func withRegister<Result>(_ work: (SandboxRegister) throws -> Result) rethrows -> Result {
        try registerLock.withLock { _ in try work(register) }
    }

    /// Removes what a server that was killed had begun to make, or to remove.
    private func clear() throws {
        for name in try register.unfinished() {
            remove(name)
            try register.finish(name)
        }
        guard let listing = opendir(folder) else { return }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let file = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if Self.unfinishedEndings.contains(where: { file.hasSuffix($0) }) { unlink("\(folder)/\(file)") }
        }
    }

    /// Of a sandbox's file that has not got its name yet, and of what SQLite keeps beside it.
    private static let unfinishedEndings = [".sqlite.new", ".sqlite.new-journal"]

    /// Lets another program have the folder.
    func letGo() { hold.withLock { $0 = nil } }

    private static func refusal(_ path: String, orIn place: String, _ error: SQLiteError) -> CannotStore {
        if error.isNotADatabase { return useless(path, "it is no database") }
        if error.isDamaged { return useless(path, "it is a damaged database") }
        return CannotStore(
            description: "cannot read or write \(place): \(error.message); give --data a folder that can be written")
    }

    private static func useless(_ path: String, _ reason: String) -> CannotStore {
        CannotStore(description: "cannot use \(path): \(reason); move it away or give --data another folder")
    }

    /// Readers and the writer do not wait for each other, and a killed process loses nothing it has acknowledged.
    static func makeDurable(_ database: Database) throws {
        // SQLite copies the log into the file, and waits for the disk, once in 8 MB of writes instead of 4.
        try database.execute(
            script: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 2000")
    }

    private func path(of name: String) -> String { "\(folder)/\(name).sqlite" }

    /// Whether a sandbox has a file. Of one that cannot be reached nobody knows: that is for SQLite to say.
    func hasFile(of name: String) -> Bool { access(path(of: name), F_OK) == 0 || errno != ENOENT }

    /// Makes a sandbox's file, whole before it gets its name.
    func make(_ name: String, from fresh: Database) throws -> Database {
        let path = path(of: name)
        try Self.explaining(path, orIn: path) { try write(fresh, to: path) }
        return try open(name)
    }

    /// Opens a sandbox's file.
    func open(_ name: String) throws -> Database {
        let path = path(of: name)
        return try Self.explaining(path, orIn: path) {
            let database = try Database(path: path)
            // Ours have their schema before they have their name.
            guard try Schema.version(of: database) > 0 else { throw Self.useless(path, "it is no database of ours") }
            try Self.makeDurable(database)
            try Schema.migrate(database, modules)
            return database
        }
    }

    /// Removes a sandbox's file, its snapshots, and what SQLite keeps beside them. Nothing happens when there is none.
    func remove(_ name: String) {
        for file in ["sqlite", "snapshots"] {
            for ending in ["", "-wal", "-shm", "-journal", ".new", ".new-journal"] {
                unlink("\(folder)/\(name).\(file)\(ending)")
            }
        }
    }

    /// Turns what the database says of a file into one line that says what to do.
    private static func explaining<Value>(
        _ path: String, orIn place: String, _ work: () throws -> Value
    ) throws -> Value {
        do { return try work() } catch let error as SQLiteError {
            throw refusal(path, orIn: place, error)
        } catch Schema.Refusal.newerVersion(let found, let known) {
            throw CannotStore(
                description:
                    "cannot use \(path): it was written by a newer version (schema \(found), this one knows \(known)); use that version or another --data folder"
            )
        } catch Schema.Refusal.olderLayout {
            throw CannotStore(
                description:
                    "cannot use \(path): it was written by an older version, whose files this one cannot read; move the folder away or give --data another folder"
            )
        } catch Schema.Refusal.unknownModule(let name) {
            throw CannotStore(
                description:
                    "cannot use \(path): it holds data of the API \(name), which this program does not have; give --data another folder"
            )
        }
    }

    /// Where that sandbox's snapshots are. No sandbox's file ends like this.
    func snapshots(of name: String) -> SnapshotShelf {
        .file(SnapshotFile(path: "\(folder)/\(name).snapshots", modules: modules))
    }

    private func write(_ database: Database, to path: String) throws {
        do {
            let target = try Database(path: path + ".new")
            try database.copy(over: target)
            guard rename(path + ".new", path) == 0 else {
                throw CannotStore(description: "cannot write \(path): \(String(cString: strerror(errno)))")
            }
        } catch {
            // On a full disk a piece of a file is in the way of everybody.
            for ending in [".new", ".new-journal"] { unlink(path + ending) }
            throw error
        }
    }
}

/// The data folder for one program alone, as long as this lives: each keeps clocks and credentials in memory, so two
/// would not see what the other does. The system lets go of it for a program that is killed.
private final class FolderHold: Sendable {
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
