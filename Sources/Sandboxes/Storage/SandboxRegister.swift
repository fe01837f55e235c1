import SQLite
import Time

/// The data folder's register: which sandboxes admins have made, and which credential belongs to which sandbox. Of a
/// credential it keeps the digest alone.
///
/// `@unchecked Sendable` because of `database`: the store hands it to one at a time.
final class SandboxRegister: @unchecked Sendable {
    /// A sandbox that an admin has made.
    struct SandboxRow {
        let name: String
        let tenantID: String
        let recipe: String?
    }

    struct CredentialRow {
        let sandbox: String
        let tenantID: String
        let digest: Digest
        let credential: Credential
        /// `seed` for one that the seed of `default` names, once it was changed.
        let origin: CredentialOrigin
    }

    struct DeletedRow {
        let digest: Digest
        /// The sandbox that it opened.
        let sandbox: String
        /// Whether it is never forgotten.
        let stays: Bool
    }

    /// All that is registered.
    struct Contents {
        var sandboxes: [SandboxRow] = []
        var credentials: [CredentialRow] = []
        /// The one deleted first comes first.
        var deleted: [DeletedRow] = []
    }

    private let database: Database

    /// - Throws: `SQLiteError`, or `Schema.Refusal` for a register of a newer version.
    init(path: String) throws {
        database = try Database(path: path)
        try SandboxStore.makeDurable(database)
        try Schema.migrate(database, by: Self.migrations)
    }

    /// A credential of a sandbox, as it is from now on; the sandbox's other ones where they are not there already.
    func add(_ row: CredentialRow, beside others: [CredentialRow]) throws {
        try database.transaction {
            try insert(row)
            for other in others where try !isThere(other.digest) { try insert(other) }
            try finish(row.sandbox)
        }
    }

    /// Those of a sandbox that was made at first use, unless they are there already.
    func addUnlessThere(_ rows: [CredentialRow]) throws {
        try database.transaction {
            for row in rows where try !isThere(row.digest) { try insert(row) }
        }
    }

    private func isThere(_ digest: Digest) throws -> Bool {
        let statement = try database.statement("SELECT 1 FROM credential WHERE digest = ?")
        defer { statement.reset() }
        statement.bind(SQLBlob(digest.bytes), at: 1)
        return try statement.step()
    }

    private func insert(_ row: CredentialRow) throws {
        let credential = row.credential
        try undelete(row.digest)
        // One that was only taken in counts for nothing in strict mode, and is then replaced.
        try database.run(
            """
            INSERT OR REPLACE INTO credential
                (digest, sandbox, tenant_id, label, masked, role, scopes, expires_at, revoked, origin)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            SQLBlob(row.digest.bytes), row.sandbox, row.tenantID, credential.label, credential.masked,
            credential.role, credential.scopes?.joined(separator: " "), credential.expiresAt?.microseconds,
            credential.revoked ? 1 : 0, row.origin.rawValue)
    }

    /// A sandbox together with its first credentials, some of which were those of other sandboxes.
    func add(_ sandbox: SandboxRow, credentials: [CredentialRow], takenFrom others: [String]) throws {
        try database.transaction {
            try database.run(
                "INSERT OR REPLACE INTO sandbox (name, tenant_id, recipe) VALUES (?, ?, ?)", sandbox.name,
                sandbox.tenantID, sandbox.recipe)
            for row in credentials { try insert(row) }
            try finish(sandbox.name)
            for other in others { try abandon(other) }
        }
    }

    /// Takes a credential away from a sandbox, and keeps that it was deleted.
    func delete(_ digest: Digest, of sandbox: String, stays: Bool) throws {
        try database.transaction {
            try database.run("DELETE FROM credential WHERE digest = ?", SQLBlob(digest.bytes))
            try database.run(
                "INSERT OR REPLACE INTO deleted (digest, sandbox, stays) VALUES (?, ?, ?)", SQLBlob(digest.bytes),
                sandbox, stays ? 1 : 0)
            try database.run(
                """
                DELETE FROM deleted WHERE number IN (
                    SELECT number FROM deleted WHERE stays = 0 ORDER BY number DESC LIMIT -1 OFFSET ?)
                """, DeletedCredentials.limit)
            try abandon(sandbox)
        }
    }

    /// Takes a credential away from a sandbox, or from those that were deleted there, for another one.
    func release(_ digest: Digest, from sandbox: String) throws {
        try database.transaction {
            try undelete(digest)
            try database.run("DELETE FROM credential WHERE digest = ?", SQLBlob(digest.bytes))
            try abandon(sandbox)
        }
    }

    /// Forgets that a credential was deleted.
    private func undelete(_ digest: Digest) throws {
        try database.run("DELETE FROM deleted WHERE digest = ?", SQLBlob(digest.bytes))
    }

    /// Of a sandbox made at first use that no credential opens any more, the files are nobody's from the next start on.
    private func abandon(_ sandbox: String) throws {
        try database.run(
            """
            INSERT OR IGNORE INTO unfinished (sandbox) SELECT ?1 WHERE ?1 <> 'default'
                AND NOT EXISTS (SELECT 1 FROM sandbox WHERE name = ?1)
                AND NOT EXISTS (SELECT 1 FROM credential WHERE sandbox = ?1)
            """, sandbox)
    }

    /// Notes that a sandbox's files are nobody's: it is about to be made, and whoever starts next removes them, unless
    /// it is added.
    func begin(_ sandbox: String) throws {
        try database.run("INSERT OR IGNORE INTO unfinished (sandbox) VALUES (?)", sandbox)
    }

    /// Forgets what was noted of a sandbox's files: they are gone, or somebody's.
    func finish(_ sandbox: String) throws { try database.run("DELETE FROM unfinished WHERE sandbox = ?", sandbox) }

    /// The sandboxes whose files were being made or removed when a server ended.
    func unfinished() throws -> [String] {
        let statement = try database.statement("SELECT sandbox FROM unfinished")
        defer { statement.reset() }
        var names: [String] = []
        while try statement.step() { names.append(statement.text("sandbox")) }
        return names
    }

    /// Every name that a sandbox's file may have by what is registered.
    func names() throws -> Set<String> {
        let statement = try database.statement(
            """
            SELECT name FROM sandbox UNION SELECT sandbox FROM credential UNION SELECT sandbox FROM unfinished
            """)
        defer { statement.reset() }
        var names: Set<String> = []
        while try statement.step() { names.insert(statement.text("name")) }
        return names
    }

    /// Whether SQLite finds nothing wrong in it.
    func isSound() throws -> Bool {
        let statement = try database.statement("PRAGMA quick_check(1)")
        defer { statement.reset() }
        return try statement.step() && statement.text == "ok"
    }

    /// Forgets a sandbox and all that opens it. Its files are nobody's from now on.
    func remove(_ sandbox: String) throws {
        try database.transaction {
            try begin(sandbox)
            try database.run("DELETE FROM sandbox WHERE name = ?", sandbox)
            try database.run("DELETE FROM credential WHERE sandbox = ?", sandbox)
        }
    }

    func contents() throws -> Contents {
        var contents = Contents()
        let sandboxes = try database.statement("SELECT name, tenant_id, recipe FROM sandbox")
        defer { sandboxes.reset() }
        while try sandboxes.step() {
            contents.sandboxes.append(
                SandboxRow(
                    name: sandboxes.text("name"), tenantID: sandboxes.text("tenant_id"),
                    recipe: sandboxes.optionalText("recipe")))
        }
        let credentials = try database.statement(
            """
            SELECT digest, sandbox, tenant_id, origin, label, masked, role, scopes, expires_at, revoked FROM credential
            """)
        defer { credentials.reset() }
        while try credentials.step() {
            contents.credentials.append(
                CredentialRow(
                    sandbox: credentials.text("sandbox"), tenantID: credentials.text("tenant_id"),
                    digest: Digest(bytes: Array(credentials.bytes("digest"))), credential: Self.credential(credentials),
                    origin: CredentialOrigin(rawValue: credentials.text("origin")) ?? .firstUse))
        }
        let deleted = try database.statement("SELECT digest, sandbox, stays FROM deleted ORDER BY number")
        defer { deleted.reset() }
        while try deleted.step() {
            contents.deleted.append(
                DeletedRow(
                    digest: Digest(bytes: Array(deleted.bytes("digest"))), sandbox: deleted.text("sandbox"),
                    stays: deleted.bool("stays")))
        }
        return contents
    }

    private static func credential(_ row: Statement) -> Credential {
        Credential(
            label: row.text("label"), role: row.text("role"),
            scopes: row.optionalText("scopes").map { $0.split(separator: " ").map(String.init) },
            expiresAt: row.optionalInteger("expires_at").map { Instant(microseconds: $0) },
            revoked: row.bool("revoked"),
            masked: row.text("masked"))
    }
}
