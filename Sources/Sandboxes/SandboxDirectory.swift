package import Simulation
import SQLite
import Synchronization

/// How sandboxes are made and kept.
package struct SandboxConfiguration: Sendable {
    /// Whether a credential that nobody has named gets a sandbox of its own.
    package enum Mode: String, CaseIterable, Sendable {
        case open, strict
    }

    package var mode = Mode.open
    /// The folder of the databases; nil keeps everything in memory.
    package var dataFolder: String?
    package var maximumSandboxes = 10_000
    /// How many file descriptors an open sandbox needs when it is a file: it and its snapshots, each with a log and that one's index.
    package static let descriptorsPerStoredSandbox = 6
    /// Of each sandbox.
    package var snapshotLimits = SnapshotLimits()
    package var clockMode: SandboxClock.Mode?
    package var clockSpeed: Double?
    /// What the sandbox `default` is made from.
    package var seed: SandboxSeed
    /// What every other sandbox is made from.
    package var freshSeed: SandboxSeed
    /// The machine's time, handed in so that tests can hold it.
    package var machine: @Sendable () -> Instant
    /// Told what an operator should know, in one line.
    package var notice: @Sendable (String) -> Void = { _ in }

    package init(seed: SandboxSeed, freshSeed: SandboxSeed, machine: @escaping @Sendable () -> Instant) {
        self.seed = seed
        self.freshSeed = freshSeed
        self.machine = machine
    }
}

/// A credential together with the sandbox it belongs to.
package struct KnownCredential: Sendable {
    package let sandbox: Sandbox
    package let credential: Credential
}

/// All sandboxes, and which credential belongs to which.
///
/// Who holds a sandbox's lock may take the directory's, never the other way round.
package final class SandboxDirectory: Sendable {
    package static let defaultName = "default"

    struct State {
        var entries: [String: SandboxEntry] = [:]
        var grants: [Digest: Grant] = [:]
        /// Names that are being made or removed: not there, and not to be had.
        var pending: Set<String> = []
        var uses: UInt64 = 0
        /// The open sandboxes that may be dropped: one look through them finds the least recently used.
        var droppable: [ObjectIdentifier: SandboxEntry] = [:]
        /// Those that were closed while a request was being answered: let go of when the next one is opened.
        var leaving: [SandboxEntry] = []
        /// How many of the sandboxes are held open.
        var openCount = 0

        /// The sandbox of a name that a client says.
        func entry(named name: String) -> SandboxEntry? { PlainName.isOne(name) ? entries[name] : nil }
    }

    /// What a credential opens.
    struct Grant {
        let entry: SandboxEntry
        let credential: Credential
    }

    let configuration: SandboxConfiguration
    let seedTemplate: SandboxTemplate
    let freshTemplate: SandboxTemplate
    /// Of the built-in seeds, for whoever asks for one by name.
    let blankTemplate = SandboxTemplate(.builtIn(.blank))
    let demoTemplate = SandboxTemplate(.builtIn(.demo))
    let store: SandboxStore?
    let state = Mutex(State())
    /// The sandbox that the seed's credentials belong to; never dropped.
    package let defaultSandbox: Sandbox

    /// Opens the data folder, if there is one, and the sandbox `default`.
    package init(_ configuration: SandboxConfiguration) throws {
        self.configuration = configuration
        seedTemplate = SandboxTemplate(configuration.seed)
        freshTemplate = SandboxTemplate(configuration.freshSeed)
        store = try configuration.dataFolder.map { try SandboxStore(folder: $0) }
        let tenantID = Self.tenantID(of: Self.defaultName)
        let made = Sandbox(
            try Self.world(
                Self.defaultName, tenantID: tenantID, template: seedTemplate, configuration: configuration, store: store
            ))
        defaultSandbox = made
        let registered = try store?.register.contents() ?? SandboxRegister.Contents()
        let start = made.withWorld { $0.clock.start }
        let credentials = try Self.seededCredentials(configuration)
        state.withLock { state in
            let byDefault = SandboxEntry(name: Self.defaultName, tenantID: tenantID, origin: .start, sandbox: made)
            state.openCount = 1
            state.entries[Self.defaultName] = byDefault
            Self.restore(registered, mode: configuration.mode, in: &state)
            // Anybody can write a JWT, whose signature is not verified: in strict mode none opens anything.
            if configuration.mode == .open {
                let tenant = PresentedCredential.tenant(tenantID).digest
                state.grants[tenant] = Grant(entry: byDefault, credential: Self.tenantCredential)
            }
            for seeded in credentials {
                let digest = Digest(of: seeded.token)
                byDefault.digests.insert(digest)
                state.grants[digest] = Grant(entry: byDefault, credential: seeded.credential(start: start))
            }
        }
    }

    /// A published credential opens nothing where only known ones count.
    private static func seededCredentials(_ configuration: SandboxConfiguration) throws -> [SeedCredential] {
        let head = try configuration.seed.head
        guard configuration.mode == .strict else { return head.credentials }
        return configuration.seed.isPublished ? [] : head.ownCredentials
    }

    /// What was registered under the data folder. Credentials that were taken in at first use, and the sandboxes that were made
    /// for them, were accepted in open mode, which in strict mode counts for nothing.
    private static func restore(
        _ registered: SandboxRegister.Contents, mode: SandboxConfiguration.Mode, in state: inout State
    ) {
        for row in registered.sandboxes {
            state.entries[row.name] = SandboxEntry(
                name: row.name, tenantID: row.tenantID, origin: .admin, recipeText: row.recipe)
        }
        for row in registered.credentials {
            if mode == .strict, !row.isGranted || state.entries[row.sandbox] == nil { continue }
            let entry =
                state.entries[row.sandbox]
                ?? SandboxEntry(name: row.sandbox, tenantID: row.tenantID, origin: .firstUse)
            state.entries[row.sandbox] = entry
            entry.digests.insert(row.digest)
            state.grants[row.digest] = Grant(entry: entry, credential: row.credential)
        }
    }

    /// The sandbox and standing of a well-formed credential. In open mode an unknown one gets a sandbox of its own; in
    /// strict mode there is none for it: nil.
    package func resolve(_ presented: PresentedCredential) throws -> KnownCredential? {
        let digest = presented.digest
        if let found = try known(digest) { return found }
        return configuration.mode == .open ? try make(for: presented, digest: digest) : nil
    }

    /// The sandbox and standing of a credential that has one already.
    package func known(_ presented: PresentedCredential) throws -> KnownCredential? { try known(presented.digest) }

    private func known(_ digest: Digest) throws -> KnownCredential? {
        try state.withLock { state in
            guard let grant = state.grants[digest] else { return nil }
            return KnownCredential(sandbox: try open(grant.entry, in: &state), credential: grant.credential)
        }
    }

    /// The sandbox of that name; nil when there is none.
    package func sandbox(named name: String) throws -> Sandbox? {
        try state.withLock { state in try state.entry(named: name).map { try open($0, in: &state) } }
    }

    /// Lets another program have the data folder. Only once nothing is asked of the sandboxes any more.
    package func close() { state.withLock { _ in store?.letGo() } }

    /// How many sandboxes there are.
    package var count: Int { state.withLock { $0.entries.count } }

    /// The credentials of a sandbox, by label; JWT tenants are not listed.
    package func credentials(of sandbox: String) -> [Credential] {
        state.withLock { state in
            guard let entry = state.entries[sandbox] else { return [] }
            return entry.digests.compactMap { state.grants[$0] }
                .filter { $0.entry === entry && !$0.credential.masked.isEmpty }
                .map(\.credential).sorted { ($0.label, $0.masked) < ($1.label, $1.masked) }
        }
    }

    /// Back to the seed: data, clock, random numbers, rate windows. Snapshots stay.
    package func reset(_ world: World) throws {
        world.providerStates = [:]
        let template = try template(of: world.name)
        try world.replaceContents(
            with: Self.freshContents(world.name, template: template, configuration: configuration))
    }
}
