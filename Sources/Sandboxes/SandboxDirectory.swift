package import Simulation
import SQLite
import Synchronization
package import Threads

/// How sandboxes are made and kept.
package struct SandboxConfiguration: Sendable {
    /// Whether a credential that nobody has named gets a sandbox of its own.
    package enum Mode: String, CaseIterable, Sendable {
        case open, strict
    }

    package var mode = Mode.open
    /// The folder of the databases; nil keeps everything in memory.
    package var dataFolder: String?
    /// How many sandboxes are kept; of those that are files, how many are open.
    package var maximumSandboxes = 10_000
    /// How many file descriptors an open sandbox needs when it is a file: it and its snapshots, each with a log and that one's index.
    package static let descriptorsPerStoredSandbox = 6
    /// In bytes: of one sandbox, and of all together.
    package var sandboxLimit = Int.max
    package var memory = MemoryBudget()
    /// Of each sandbox.
    package var snapshotLimits = SnapshotLimits()
    package var clockMode: SandboxClock.Mode?
    package var clockSpeed: Double?
    /// What the sandbox `default` is made from.
    package var seed: SandboxSeed
    /// What every other sandbox is made from.
    package var freshSeed: SandboxSeed
    /// Threads that read requests; as many workers as suit them are started when they are needed.
    package var threads = 2
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
/// Its lock is held for look-ups in memory alone: no file is opened, no seed read and nothing logged under it. Who has a
/// sandbox's turn may take it, never the other way round.
package final class SandboxDirectory: Sendable {
    package static let defaultName = "default"
    /// A sandbox that was used within so many seconds is not dropped.
    static let secondsInUse: Int64 = 600

    struct State {
        var entries: [String: SandboxEntry] = [:]
        var grants: [Digest: Grant] = [:]
        /// Names that are being made or removed, and what is to open them: not there, and not to be had.
        var pending: Set<String> = []
        var pendingDigests: Set<Digest> = []
        var uses: UInt64 = 0
        /// The sandboxes that may go, by their last use: those never written to, and the others, if they are open.
        var unwritten = RecencyList()
        var written = RecencyList()

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
    package let workers: WorkerPool
    let state = Mutex(State())
    /// The sandbox that the seed's credentials belong to; never dropped.
    package let defaultSandbox: Sandbox

    /// Opens the data folder, if there is one, and the sandbox `default`.
    package init(_ configuration: SandboxConfiguration) throws {
        self.configuration = configuration
        seedTemplate = SandboxTemplate(configuration.seed)
        freshTemplate = SandboxTemplate(configuration.freshSeed)
        let pool = WorkerPool(threads: configuration.threads)
        workers = pool
        let store = try configuration.dataFolder.map { try SandboxStore(folder: $0) }
        self.store = store
        let tenantID = Self.tenantID(of: Self.defaultName)
        let making = SandboxMaking(configuration: configuration, store: store, pool: pool)
        let made = making.sandbox(Self.defaultName, tenantID: tenantID, template: seedTemplate)
        defaultSandbox = made
        let registered = try store?.withRegister { try $0.contents() } ?? SandboxRegister.Contents()
        let start = try made.withWorld { $0.clock.start }
        let credentials = try Self.seededCredentials(configuration)
        let template = seedTemplate
        let entry = { self.restoredEntry($0, $1, $2, $3) }
        state.withLock { state in
            let byDefault = SandboxEntry(
                name: Self.defaultName, tenantID: tenantID, origin: .start, template: template, sandbox: made)
            state.entries[Self.defaultName] = byDefault
            Self.restore(registered, mode: configuration.mode, in: &state, entry: entry)
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
        _ registered: SandboxRegister.Contents, mode: SandboxConfiguration.Mode, in state: inout State,
        entry: (_ name: String, _ tenantID: String, SandboxOrigin, _ recipe: String?) -> SandboxEntry
    ) {
        for row in registered.sandboxes { state.entries[row.name] = entry(row.name, row.tenantID, .admin, row.recipe) }
        for row in registered.credentials {
            if mode == .strict, !row.isGranted || state.entries[row.sandbox] == nil { continue }
            let found = state.entries[row.sandbox] ?? entry(row.sandbox, row.tenantID, .firstUse, nil)
            state.entries[row.sandbox] = found
            found.digests.insert(row.digest)
            state.grants[row.digest] = Grant(entry: found, credential: row.credential)
        }
    }

    /// The sandbox and standing of a well-formed credential. In open mode an unknown one gets a sandbox of its own; in
    /// strict mode there is none for it: nil.
    ///
    /// - Throws: ``DirectoryRefusal`` when there is no room for another sandbox.
    package func resolve(_ presented: PresentedCredential) throws(DirectoryRefusal) -> KnownCredential? {
        let digest = presented.digest
        if let found = known(digest) { return found }
        return configuration.mode == .open ? try make(for: presented, digest: digest) : nil
    }

    /// What a credential would find, before anything is done for it: nothing is made, and it does not count as a use.
    package enum Prospect: Sendable {
        case sandbox(KnownCredential)
        /// A sandbox would be made for it.
        case newcomer
        case nothing
    }

    package func prospect(of presented: PresentedCredential) -> Prospect {
        let digest = presented.digest
        let known = state.withLock { state in
            state.grants[digest].map { KnownCredential(sandbox: $0.entry.sandbox, credential: $0.credential) }
        }
        return known.map { .sandbox($0) } ?? (configuration.mode == .open ? .newcomer : .nothing)
    }

    /// What the server may use for all sandboxes together.
    package var memory: MemoryBudget { configuration.memory }

    /// The sandbox and standing of a credential that has one already.
    package func known(_ presented: PresentedCredential) -> KnownCredential? { known(presented.digest) }

    private func known(_ digest: Digest) -> KnownCredential? {
        state.withLock { state in
            guard let grant = state.grants[digest] else { return nil }
            use(grant.entry, in: &state)
            return KnownCredential(sandbox: grant.entry.sandbox, credential: grant.credential)
        }
    }

    /// The sandbox of that name; nil when there is none.
    package func sandbox(named name: String) -> Sandbox? {
        state.withLock { state in
            guard let entry = state.entry(named: name) else { return nil }
            use(entry, in: &state)
            return entry.sandbox
        }
    }

    /// Lets another program have the data folder. Only once nothing is asked of the sandboxes any more.
    package func close() {
        workers.stop()
        store?.letGo()
    }

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
        let template = state.withLock { $0.entries[world.name]?.template } ?? freshTemplate
        try world.replaceContents(
            with: SandboxMaking.freshContents(world.name, template: template, configuration: configuration),
            isReset: true)
    }
}
