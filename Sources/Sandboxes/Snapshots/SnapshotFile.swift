import Glibc
import SQLite
import Time

/// The snapshots of a sandbox under `--data`: rows of a database beside the sandbox's own, opened at first use.
///
/// A row holds a whole database file, the sandbox's row included. It is written in one transaction.
final class SnapshotFile {
    private let path: String
    private let modules: Modules
    private var opened: Database?

    init(path: String, modules: Modules) {
        self.path = path
        self.modules = modules
    }

    func all() throws -> [Snapshot] {
        guard let database = try database() else { return [] }
        let statement = try database.statement(
            "SELECT name, created_at, length(image) AS size FROM snapshot ORDER BY name")
        defer { statement.reset() }
        var snapshots: [Snapshot] = []
        while try statement.step() {
            snapshots.append(
                Snapshot(
                    name: statement.text("name"), createdAt: Instant(microseconds: statement.integer("created_at")),
                    sizeBytes: Int(statement.integer("size"))))
        }
        return snapshots
    }

    /// What a snapshot holds, brought to the newest schema.
    func contents(named name: String) throws -> SandboxContents? {
        guard let database = try database() else { return nil }
        let statement = try database.statement("SELECT created_at, image FROM snapshot WHERE name = ?")
        defer { statement.reset() }
        statement.bind(name, at: 1)
        guard try statement.step() else { return nil }
        let kept = Database(try DatabaseImage(copying: UnsafeRawBufferPointer(statement.bytes("image"))))
        try Schema.migrate(kept, modules)
        let row = try WorldRow(reading: kept)
        var clock = row.clock
        // A real clock's row says when it was set last; the time of the snapshot is later.
        clock.set(to: Instant(microseconds: statement.integer("created_at")), machine: clock.readAt)
        return SandboxContents(
            image: try kept.image(), clock: clock, random: row.random, rateLimitPlan: row.rateLimitPlan)
    }

    func put(_ snapshot: Snapshot, _ image: DatabaseImage) throws {
        try database(creating: true)?.run(
            "INSERT OR REPLACE INTO snapshot (name, created_at, image) VALUES (?, ?, ?)",
            snapshot.name, snapshot.createdAt.microseconds, image)
    }

    func remove(named name: String) throws { try database()?.run("DELETE FROM snapshot WHERE name = ?", name) }

    /// Nil when there is no file and none is to be made.
    private func database(creating: Bool = false) throws -> Database? {
        if let opened { return opened }
        guard creating || access(path, F_OK) == 0 else { return nil }
        let database = try Database(path: path)
        try SandboxStore.makeDurable(database)
        try database.execute(
            script: """
                CREATE TABLE IF NOT EXISTS snapshot (
                    name TEXT PRIMARY KEY NOT NULL,
                    created_at INTEGER NOT NULL,
                    image BLOB NOT NULL
                ) STRICT;
                """)
        opened = database
        return database
    }
}
