package import SQLite

/// The schema of a sandbox's database: the core's tables, and those of each module. Both are numbered migrations, each
/// in its own transaction, never edited once released.
///
/// The schema guards the rules a second time: enums and sums by CHECK, what there may be once by a unique index.
/// Instants are INTEGER microseconds, of work from the start of the sandbox's clock, others since 1970; free-form JSON
/// is TEXT.
///
/// What is written often is not checked by IN: for more than two values SQLite makes a table of them at every check.
package enum Schema {
    /// A database that this program must not touch.
    package enum Refusal: Error, Equatable {
        case newerVersion(found: Int64, known: Int64)
        /// It is another program's, or was written before versions of modules were kept.
        case olderLayout
        /// It has a module's tables that this program does not know.
        case unknownModule(name: String)
    }

    /// Marks a sandbox's database as ours: "UNDY".
    private static let applicationID: Int64 = 0x554E_4459

    /// Brings a database to the newest version; refuses one that a newer program, or one with other modules, has
    /// written.
    package static func migrate(_ database: Database, _ modules: Modules) throws {
        if try version(of: database) == 0 {
            try database.execute(script: "PRAGMA application_id = \(applicationID)")
        } else if try number(of: "PRAGMA application_id", in: database) != applicationID {
            throw Refusal.olderLayout
        }
        try migrate(database, by: migrations)
        let versions = try moduleVersions(in: database)
        if let name = versions.keys.sorted().first(where: { name in !modules.all.contains { $0.name == name } }) {
            throw Refusal.unknownModule(name: name)
        }
        for module in modules.all {
            try migrate(database, from: versions[module.name] ?? 0, by: module.migrations) { version in
                try database.run(
                    "INSERT OR REPLACE INTO module (name, version) VALUES (?, ?)", module.name, version)
            }
        }
    }

    /// The same for a database with a schema of its own.
    static func migrate(_ database: Database, by migrations: [StaticString]) throws {
        try migrate(database, from: version(of: database), by: migrations) { version in
            try database.execute(script: "PRAGMA user_version = \(version)")
        }
    }

    private static func migrate(
        _ database: Database, from found: Int64, by migrations: [StaticString], keep: (Int64) throws -> Void
    ) throws {
        let known = Int64(migrations.count)
        guard found <= known else { throw Refusal.newerVersion(found: found, known: known) }
        for version in found..<known {
            try database.transaction {
                try database.execute(script: "\(migrations[Int(version)])")
                try keep(version + 1)
            }
        }
    }

    /// How many migrations of its own a database has had; 0 is also what another program's has.
    static func version(of database: Database) throws -> Int64 { try number(of: "PRAGMA user_version", in: database) }

    private static func number(of pragma: StaticString, in database: Database) throws -> Int64 {
        let statement = try database.statement(pragma)
        defer { statement.reset() }
        return try statement.step() ? statement.integer : 0
    }

    private static func moduleVersions(in database: Database) throws -> [String: Int64] {
        let statement = try database.statement("SELECT name, version FROM module")
        defer { statement.reset() }
        var versions: [String: Int64] = [:]
        while try statement.step() { versions[statement.text("name")] = statement.integer("version") }
        return versions
    }

    private static let migrations: [StaticString] = [migration1]

    private static let migration1: StaticString = """
        CREATE TABLE sandbox (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            tenant_id TEXT NOT NULL,
            random_seed INTEGER NOT NULL,
            random_position INTEGER NOT NULL,
            rate_limit_plan TEXT NOT NULL,
            clock_mode TEXT NOT NULL CHECK (clock_mode IN ('real', 'manual', 'poll')),
            clock_speed REAL NOT NULL CHECK (clock_speed > 0),
            clock_start INTEGER NOT NULL,
            clock_now INTEGER NOT NULL,
            clock_read_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE module (
            name TEXT PRIMARY KEY NOT NULL,
            version INTEGER NOT NULL CHECK (version >= 1)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE scenario (
            name TEXT PRIMARY KEY NOT NULL,
            resource TEXT NOT NULL,
            document TEXT NOT NULL,
            times INTEGER CHECK (times >= 1),
            used INTEGER NOT NULL CHECK (used >= 0),
            written INTEGER NOT NULL UNIQUE
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE fault (
            name TEXT PRIMARY KEY NOT NULL,
            document TEXT NOT NULL,
            times INTEGER CHECK (times >= 1),
            matched INTEGER NOT NULL CHECK (matched >= 0),
            used INTEGER NOT NULL CHECK (used BETWEEN 0 AND matched),
            written INTEGER NOT NULL UNIQUE,
            CHECK (used <= times)
        ) STRICT, WITHOUT ROWID;
        """
}
