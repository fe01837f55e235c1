package import Time
import SQLite
import Synchronization
package import Threads

/// How sandboxes are made and kept.
package struct SandboxConfiguration: Sendable {
    /// Whether a credential that nobody has named gets a sandbox of its own.
    package enum Mode: String, CaseIterable, Sendable {
        case open, strict
    }

    package let modules: Modules
    package var mode = Mode.open
    /// The folder of the databases; nil keeps everything in memory.
    package var dataFolder: String?
    /// How many sandboxes are kept; of those that are files, how many are open.
    package var maximumSandboxes = 10_000
    /// How many file descriptors an open sandbox needs when it is a file: it and its snapshots, each with a log and
    /// that one's index.
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

    /// Whether a JWT, which anybody can write, only reads in the sandbox `default`.
    package var protectsDefault = false

    package init(
        modules: Modules, seed: SandboxSeed, freshSeed: SandboxSeed, machine: @escaping @Sendable () -> Instant
    ) {
        self.modules = modules
        self.seed = seed
        self.freshSeed = freshSeed
        self.machine = machine
    }
}

/// A credential together with the sandbox it belongs to.
package struct KnownCredential: Sendable {
    package let sandbox: Sandbox
    package let credential: Credential

    /// What its holder may do: what a token says of itself, but in a sandbox that is only read by tokens no more than
    /// that.
    package func standing(of token: Credential?, _ modules: Modules) -> Credential {
        guard let token else { return credential }
        return credential.bindsTokens ? token.changed(role: modules.leastRole(instead: token.role)) : token
    }
}

/// All sandboxes, and which credential belongs to which.
///
/// Its lock is held for look-ups in memory alone: no file is opened, no seed read and nothing logged under it. Who has
/// a sandbox's turn may take it, never the other way round.
package final class SandboxDirectory: Sendable {
    package static let defaultName = "default"
    /// A sandbox that was used within so many seconds is not dropped.
    static let secondsInUse: Int64 = 600

    struct State {
        var entries: [String: SandboxEntry] = [:]
        var grants: [Digest: Grant] = [:]
        var deleted = DeletedCredentials()
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
        let origin: CredentialOrigin
    }

    let configuration: SandboxConfiguration
    let seedTemplate: SandboxTemplate
    let freshTemplate: SandboxTemplate
    /// Of the built-in seeds, for whoever asks for one by name.
    let blankTemplate: SandboxTemplate
    let demoTemplate: SandboxTemplate
    let store: SandboxStore?
    package let workers: WorkerPool
    /// What admins ask for that concerns no sandbox yet: one after the other, so that it takes one worker at most.
    package let adminQueue: SerialQueue
    /// The digests of the credentials that the built-in seeds name; empty where they count as any other.
    let published: Set<Digest>
    let state = Mutex(State())
    /// The sandbox that the seed's credentials belong to; never dropped.
    package let defaultSandbox: Sandbox

    /// Opens the data folder, if there is one, and the sandbox `default`.
    package init(_ configuration: SandboxConfiguration) throws {
        self.configuration = configuration
        let modules = configuration.modules
        seedTemplate = SandboxTemplate(configuration.seed, modules: modules)
        freshTemplate = SandboxTemplate(configuration.freshSeed, modules: modules)
        blankTemplate = SandboxTemplate(.builtIn(.blank), modules: modules)
        demoTemplate = SandboxTemplate(.builtIn(.demo), modules: modules)
        let pool = WorkerPool(threads: configuration.threads)
        workers = pool
        adminQueue = SerialQueue(pool: pool)
        let store = try configuration.dataFolder.map { try SandboxStore(folder: $0, modules: modules) }
        self.store = store
        let tenantID = Self.tenantID(of: Self.defaultName)
        let making = SandboxMaking(configuration: configuration, store: store, pool: pool)
        let made = making.sandbox(Self.defaultName, tenantID: tenantID, template: seedTemplate)
        defaultSandbox = made
        published = configuration.mode == .strict ? try Self.publishedDigests(modules) : []
        let registered = try store?.withRegister { try $0.contents() } ?? SandboxRegister.Contents()
        let start = try made.withWorld { $0.clock.start }
        let credentials = try Self.seededCredentials(configuration)
        let template = seedTemplate
        let granted = state.withLock { state in
            let byDefault = SandboxEntry(
                name: Self.defaultName, tenantID: tenantID, origin: .start, template: template, sandbox: made)
            state.entries[Self.defaultName] = byDefault
            restore(registered, in: &state)
            // Anybody can write a JWT, whose signature is not verified: in strict mode none opens anything.
            if configuration.mode == .open {
                let tenant = PresentedCredential.tenant(tenantID).digest
                let credential = configuration.protectsDefault ? readingTenantCredential : tenantCredential
                state.grants[tenant] = Grant(entry: byDefault, credential: credential, origin: .seed)
            }
            return grant(credentials, of: byDefault, clockStart: start, registered, in: &state)
        }
        try store?.withRegister { register in
            for taken in granted.taken { try register.release(taken.digest, from: taken.sandbox) }
        }
        for notice in granted.notices { configuration.notice(notice) }
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
        return state.withLock { state in
            if let grant = state.grants[digest] {
                return .sandbox(KnownCredential(sandbox: grant.entry.sandbox, credential: grant.credential))
            }
            return configuration.mode == .open && !state.deleted.contains(digest) ? .newcomer : .nothing
        }
    }

    /// Whether sandboxes are files.
    package var keepsFiles: Bool { store != nil }

    /// Whether it takes more than a few milliseconds to make what a sandbox is reset to.
    package func isLargeReset(_ name: String) -> Bool {
        state.withLock { $0.entries[name]?.template.isLarge } ?? freshTemplate.isLarge
    }

    package var modules: Modules { configuration.modules }

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

    /// Whether workers are doing something.
    package var isWorking: Bool { workers.running > 0 }

    /// Lets another program have the data folder. Only once nothing is asked of the sandboxes any more.
    package func close() {
        workers.stop()
        workers.finish(withinMilliseconds: 300)
        // Work that goes on has the folder to itself until the process ends.
        if !isWorking { store?.letGo() }
    }

    /// Back to the seed: data, clock, random numbers, rate windows. Snapshots stay.
    package func reset(_ world: World) throws {
        world.providerStates = [:]
        let template = state.withLock { $0.entries[world.name]?.template } ?? freshTemplate
        world.beginTimeAnew()
        try world.replaceContents(
            with: SandboxMaking.freshContents(world.name, template: template, configuration: configuration),
            as: .reset)
    }
}
