import SQLite

/// The modules of a server, and what follows from them. There is one of these in a server.
package final class Modules: Sendable {
    package let all: [any SandboxModule]
    /// Of all modules, in their order.
    let workloads: [any Workload.Type]
    let scenarioSubjects: [any ScenarioSubject.Type]
    package let counts: [RowCount]
    package let figures: [RowCount]
    private let builtIn: BuiltInSeeds

    /// - Parameter prepared: the built-in seeds read and filled for these modules beforehand, where they were.
    package init(_ all: [any SandboxModule], prepared: [BuiltInSeed: PreparedSeed] = [:]) {
        self.all = all
        workloads = all.flatMap(\.workloads)
        scenarioSubjects = all.flatMap(\.scenarioSubjects)
        counts = all.flatMap(\.counts)
        figures = all.flatMap(\.figures)
        // Stable: of equal ones the first module's come first.
        roles = all.flatMap(\.roles).enumerated().sorted { left, right in
            (right.element.right, left.offset) < (left.element.right, right.offset)
        }.map(\.element)
        scopes = all.compactMap(\.scopes)
        ratePlans = all.flatMap(\.ratePlans)
        builtIn = BuiltInSeeds(prepared: prepared)
        assert(Self.areDistinct(all.map(\.name)), "two modules have one name")
        assert(Self.areDistinct((counts + figures).map(\.name)), "two modules count under one name")
        let subjects = scenarioSubjects
        assert(
            Self.areDistinct(subjects.map { $0.resource }) && Self.areDistinct(subjects.flatMap { $0.selectors }),
            "two kinds of work have one name, or are chosen by one member")
    }

    private static func areDistinct(_ names: [String]) -> Bool { Set(names).count == names.count }

    /// No module.
    static let none = Modules([])

    // MARK: Built-in seeds

    /// A built-in seed's document.
    package func bytes(of seed: BuiltInSeed) -> [UInt8] { builtIn.bytes(of: seed, self) }

    /// What it says beside its rows.
    func head(of seed: BuiltInSeed) throws(SeedRefusal) -> SeedHead { try builtIn.head(of: seed, self) }

    /// Its database, filled beforehand; nil when it was not.
    func preparedImage(of seed: BuiltInSeed) throws -> DatabaseImage? { try builtIn.image(of: seed) }

    // MARK: Credentials

    /// All roles, the one that may most first.
    let roles: [CredentialRole]
    let scopes: [ScopeGrammar]

    /// The roles that a key can have, the one that may most first: those of its module, or all where that knows none.
    func roles(ofKey token: String) -> [CredentialRole] {
        guard let own = module(ofKey: token)?.roles, !own.isEmpty else { return roles }
        return own
    }

    /// What a key's role is when nobody has said.
    func usualRole(ofKey token: String) -> String { roles(ofKey: token).first?.name ?? "" }

    /// Of the module that has a role, the one that may least.
    func leastRole(instead role: String) -> String {
        let own = all.first { module in module.roles.contains { $0.name == role } }?.roles ?? roles
        return own.last?.name ?? ""
    }

    /// The role of that name; nil when there is none.
    func role(named name: String) -> CredentialRole? { roles.first { $0.name == name } }

    /// The module whose API takes that key; nil when none does.
    package func module(ofKey token: String) -> (any SandboxModule)? { all.first { $0.keys.isKey(token) } }

    func isScope(_ text: String) -> Bool { scopes.contains { $0.isScope(text) } }

    /// What a credential lets its holder do by the control plane: of its role and its scopes, the one that gives less
    /// counts.
    ///
    /// Choice: whichever API takes the key; a revoked key keeps the clock (docs/FIDELITY.md, "Rights").
    package func right(of credential: Credential) -> SandboxRight {
        var right = role(named: credential.role)?.right ?? (roles.isEmpty ? .administer : .read)
        if let held = credential.scopes {
            right = min(right, held.contains { scope in scopes.contains { $0.writes(scope) } } ? .write : .read)
        }
        return credential.revoked ? min(right, .moveClock) : right
    }

    /// Who has a right, for messages.
    package func holders(of right: SandboxRight) -> String {
        let names = roles.filter { $0.right >= right }.map(\.name).joined(separator: " or ")
        let role = names.isEmpty ? "a credential" : "a credential with the role \(names)"
        guard right > .read else { return "any credential of the sandbox" }
        if scopes.isEmpty { return role }
        if right == .administer { return role + (names.isEmpty ? " without scopes" : " and without scopes") }
        return "\(role) and, if it has scopes, \(scopes.map(\.writing).joined(separator: " or "))"
    }

    // MARK: Rate limits

    /// All plans, the one that allows most last.
    let ratePlans: [String]
    /// A sandbox's plan when its seed names none.
    package var usualPlan: String { ratePlans.last ?? "" }
}
