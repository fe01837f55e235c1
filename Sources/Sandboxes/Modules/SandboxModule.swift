package import SQLite

/// What an emulated API keeps in a sandbox, as the core knows it: its tables, its part of a seed, its work that takes
/// time, what scenarios do to that work, and its credentials.
///
/// Modules share a database: a module's tables begin with no other module's names, and none is called like one of the
/// core's (`sandbox`, `module`, `scenario`, `fault`).
package protocol SandboxModule: Sendable {
    /// A short name, of its own, for tables of versions, logs and rate windows.
    var name: String { get }
    /// The numbered migrations of its tables, each run in a transaction, never edited once released.
    var migrations: [StaticString] { get }
    /// Its kinds of work that take time.
    var workloads: [any Workload.Type] { get }
    /// What scenarios can be for.
    var scenarioSubjects: [any ScenarioSubject.Type] { get }
    /// Its part of a seed, as it is read.
    var seedDraft: any SeedPartDraft.Type { get }
    /// Its part of a built-in seed, a seed document; nil when it has none.
    func seedData(of seed: BuiltInSeed) -> [UInt8]?
    /// Writes all its rows as members of a seed document, in the order of their keys.
    func export(_ database: Database, to text: inout SeedText) throws(SQLiteError)
    /// What a sandbox is said to hold.
    var counts: [RowCount] { get }
    /// What the server's metrics say of all sandboxes together.
    var figures: [RowCount] { get }
    /// The keys that its API takes.
    var keys: KeyGrammar { get }
    /// The roles that a credential can have for it, the one that may most first; empty when it knows none.
    var roles: [CredentialRole] { get }
    /// The scopes that a credential can have for it; nil when it knows none.
    var scopes: ScopeGrammar? { get }
    /// The plans that set its rate limits, the one that allows most last; empty when there is nothing to choose.
    var ratePlans: [String] { get }
}

// A module without data has nothing to say but its keys.
extension SandboxModule {
    package var migrations: [StaticString] { [] }
    package var seedDraft: any SeedPartDraft.Type { EmptySeedPart.self }
    package func export(_ database: Database, to text: inout SeedText) throws(SQLiteError) {}
    package var counts: [RowCount] { [] }
    package var workloads: [any Workload.Type] { [] }
    package var scenarioSubjects: [any ScenarioSubject.Type] { [] }
    package func seedData(of seed: BuiltInSeed) -> [UInt8]? { nil }
    package var figures: [RowCount] { [] }
    package var roles: [CredentialRole] { [] }
    package var scopes: ScopeGrammar? { nil }
    package var ratePlans: [String] { [] }
}

/// How many rows of one kind there are.
package struct RowCount: Sendable {
    /// A member of an answer (`parcels`), or a metric (`understudy_parcels_active`).
    package let name: String
    /// What a metric says; empty for a member.
    package let help: String
    /// Gives the one number.
    package let query: StaticString

    package init(_ name: String, help: String = "", _ query: StaticString) {
        self.name = name
        self.help = help
        self.query = query
    }
}

/// The part of a seed of a module that has none.
private struct EmptySeedPart: SeedPartDraft, SeedPart {
    let rowCount = 0
    var part: any SeedPart { self }

    mutating func read(_ fields: inout SeedFields) {}
    func check(with checks: SeedChecks) {}
    func insert(by insertion: SeedInsertion) throws {}
}
