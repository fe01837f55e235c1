import SQLite
import Time

/// What a world is given besides its contents.
struct WorldSettings: Sendable {
    let modules: Modules
    var account = MemoryAccount()
    var snapshotLimits = SnapshotLimits()
    let machine: @Sendable () -> Instant

    /// What an open connection takes beside its database's pages: the schema it has read, the statements it has
    /// prepared, and some pages that it keeps at hand. Measured: docs/decisions/0010-what-a-sandbox-may-take.md.
    static let connectionBytes = 160 << 10

    /// Lets a database grow only as far as the sandbox's limit and the server's allow.
    func limit(_ database: Database) {
        let account = account
        database.allowedBytes = { account.databaseAllowance }
    }
}

/// A write that would have taken more than the sandbox, or the server, may. Nothing is changed.
package struct SandboxFull: Error, Hashable {
    /// In bytes.
    package let limit: Int
    /// Whether it is the limit of all sandboxes together.
    package let isServers: Bool

    package init(_ account: MemoryAccount) {
        isServers = account.isServerFull
        limit = isServers ? account.budget.limit : account.limit
    }
}
