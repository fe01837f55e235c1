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
    /// Of each sandbox.
    package var snapshotLimits = SnapshotLimits()
    package var clockMode: SandboxClock.Mode?
    package var clockSpeed: Double?
    /// What the sandbox `default` is made from.
    package var seed: SeedDocument
    /// What every other sandbox is made from; read when the first one is.
    package var freshSeed: @Sendable () throws -> SeedDocument
    /// Whether the seed's credentials are everybody's to know, as those of the built-in seeds are.
    package var seedIsPublished = true
    /// The machine's time, handed in so that tests can hold it.
    package var machine: @Sendable () -> Instant
    /// Told what an operator should know, in one line.
    package var notice: @Sendable (String) -> Void = { _ in }

    package init(
        seed: SeedDocument, freshSeed: @autoclosure @escaping @Sendable () throws -> SeedDocument,
        machine: @escaping @Sendable () -> Instant
    ) {
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
package final class SandboxDirectory: Sendable {
    package static let defaultName = "default"

    private struct Entry {
        var sandbox: Sandbox?
        /// A sandbox that was closed may still be answering a request: then it is the one to go on with.
        weak var stillUsed: Sandbox?
        var tenantID: String
        /// Neither the seed's nor an admin's: it may be dropped when there are too many.
        var isEvictable: Bool
        /// What leads to it, and is dropped with it.
        var digests: [Digest] = []
    }

    private struct State {
        var sandboxes: [String: Entry] = [:]
        var credentials: [Digest: (sandbox: String, credential: Credential)] = [:]
        var uses: UInt64 = 0
        /// When each open sandbox that may be dropped was last used: one look through it finds the oldest.
        var lastUses: [String: UInt64] = [:]
        /// How many of the sandboxes are held open.
        var openCount = 0
    }

    private let configuration: SandboxConfiguration
    private let seedTemplate: SandboxTemplate
    private let freshTemplate: SandboxTemplate
    private let store: SandboxStore?
    private let state = Mutex(State())
    /// The sandbox that the seed's credentials belong to; never dropped.
    package let defaultSandbox: Sandbox

    /// Opens the data folder, if there is one, and the sandbox `default`.
    package init(_ configuration: SandboxConfiguration) throws {
        self.configuration = configuration
        seedTemplate = SandboxTemplate(configuration.seed)
        freshTemplate = SandboxTemplate(try configuration.freshSeed())
        store = try configuration.dataFolder.map { try SandboxStore(folder: $0) }
        let tenantID = Digest(of: "sandbox default").tenantID
        let world = try Self.world(
            Self.defaultName, tenantID: tenantID, template: seedTemplate,
            configuration: configuration, store: store)
        let made = Sandbox(world)
        defaultSandbox = made
        // What is registered was accepted in open mode, which in strict mode counts for nothing.
        let known = configuration.mode == .open ? try store?.registered() ?? [] : []
        state.withLock { state in
            state.openCount = 1
            state.sandboxes[Self.defaultName] = Entry(
                sandbox: made, stillUsed: made, tenantID: tenantID, isEvictable: false)
            for row in known {
                state.sandboxes[row.sandbox] = Entry(
                    sandbox: nil, stillUsed: nil, tenantID: row.tenantID, isEvictable: true)
                state.credentials[row.digest] = (row.sandbox, row.credential)
            }
            // Anybody can write a JWT, whose signature is not verified: in strict mode none opens anything.
            if configuration.mode == .open {
                state.credentials[PresentedCredential.tenant(tenantID).digest] = (
                    Self.defaultName, Self.tenantCredential
                )
            }
            // A published credential opens nothing where only known ones count.
            if configuration.mode == .strict, configuration.seedIsPublished { return }
            let start = made.withWorld { $0.clock.start }
            for seeded in configuration.seed.credentials {
                state.credentials[Digest(of: seeded.token)] = (Self.defaultName, seeded.credential(start: start))
            }
        }
    }

    /// The sandbox and standing of a well-formed credential. In open mode an unknown one gets a sandbox of its own; in
    /// strict mode there is none for it: nil.
    package func resolve(_ presented: PresentedCredential) throws -> KnownCredential? {
        let digest = presented.digest
        let found = try state.withLock { state -> KnownCredential? in
            guard let (name, credential) = state.credentials[digest] else { return nil }
            return KnownCredential(sandbox: try open(name, in: &state), credential: credential)
        }
        if let found { return found }
        return configuration.mode == .open ? try make(for: presented, digest: digest) : nil
    }

    /// Lets another program have the data folder. Only once nothing is asked of the sandboxes any more.
    package func close() { state.withLock { _ in store?.letGo() } }

    /// How many sandboxes there are.
    package var count: Int { state.withLock { $0.sandboxes.count } }

    /// The credentials of a sandbox, by label; JWT tenants are not listed.
    package func credentials(of sandbox: String) -> [Credential] {
        state.withLock { state in
            state.credentials.values.filter { $0.sandbox == sandbox && !$0.credential.masked.isEmpty }
                .map(\.credential).sorted { ($0.label, $0.masked) < ($1.label, $1.masked) }
        }
    }

    /// Back to the seed: data, clock, random numbers, rate windows. Snapshots stay.
    package func reset(_ world: World) throws {
        world.providerStates = [:]
        let template = world.name == Self.defaultName ? seedTemplate : freshTemplate
        try world.replaceContents(
            with: Self.freshContents(world.name, template: template, configuration: configuration))
    }

    // MARK: Making and opening

    /// Roles of a JWT come with each token; this only marks where its tenant's sandbox is.
    private static let tenantCredential = Credential(label: "", masked: "")

    private func make(for presented: PresentedCredential, digest: Digest) throws -> KnownCredential {
        // Two first requests with one credential make one sandbox: the second finds it here.
        try state.withLock { state in
            if let (name, credential) = state.credentials[digest] {
                return KnownCredential(sandbox: try open(name, in: &state), credential: credential)
            }
            let name: String
            let tenantID: String
            let credential: Credential
            switch presented {
            case .key(let token):
                name = "key-\(digest.prefix(bytes: 8))"
                tenantID = digest.tenantID
                credential = Credential(label: Credential.unnamedLabel, masked: Credential.mask(token))
            case .tenant(let id):
                name = "tenant-\(digest.prefix(bytes: 8))"
                tenantID = UUIDValue(id)?.description ?? digest.tenantID
                credential = Self.tenantCredential
            }
            let world = try Self.world(
                name, tenantID: tenantID, template: freshTemplate,
                configuration: configuration, store: store)
            try store?.register(name, tenantID: tenantID, digest: digest, credential: credential)
            let sandbox = Sandbox(world)
            state.uses += 1
            state.openCount += 1
            state.sandboxes[name] = Entry(
                sandbox: sandbox, stillUsed: sandbox, tenantID: tenantID, isEvictable: true,
                digests: [digest])
            state.lastUses[name] = state.uses
            state.credentials[digest] = (name, credential)
            evict(in: &state)
            return KnownCredential(sandbox: sandbox, credential: credential)
        }
    }

    private func open(_ name: String, in state: inout State) throws -> Sandbox {
        state.uses += 1
        guard let entry = state.sandboxes[name] else { throw SandboxDamaged(reason: "no sandbox \(name)") }
        if let open = entry.sandbox {
            if entry.isEvictable { state.lastUses[name] = state.uses }
            return open
        }
        let sandbox =
            try entry.stillUsed
            ?? Sandbox(
                Self.world(
                    name, tenantID: entry.tenantID, template: freshTemplate, configuration: configuration, store: store)
            )
        state.sandboxes[name]?.sandbox = sandbox
        state.sandboxes[name]?.stillUsed = sandbox
        if entry.isEvictable { state.lastUses[name] = state.uses }
        state.openCount += 1
        evict(in: &state)
        return sandbox
    }

    /// Drops (in memory) or closes (with files) the least recently used sandbox when there are too many.
    private func evict(in state: inout State) {
        guard state.openCount > configuration.maximumSandboxes,
            let oldest = state.lastUses.min(by: { $0.value < $1.value })?.key
        else { return }
        state.openCount -= 1
        state.lastUses[oldest] = nil
        if store == nil {
            for digest in state.sandboxes.removeValue(forKey: oldest)?.digests ?? [] { state.credentials[digest] = nil }
            configuration.notice("dropped sandbox \(oldest): more than \(configuration.maximumSandboxes) sandboxes")
        } else {
            state.sandboxes[oldest]?.sandbox = nil
            configuration.notice("closed sandbox \(oldest): more than \(configuration.maximumSandboxes) sandboxes")
        }
    }

    private static func world(
        _ name: String, tenantID: String, template: SandboxTemplate, configuration: SandboxConfiguration,
        store: SandboxStore?
    ) throws -> World {
        func fresh() throws -> SandboxContents {
            try freshContents(name, template: template, configuration: configuration)
        }
        guard let store else {
            return World(
                name: name, tenantID: tenantID, contents: try fresh(), snapshots: .memory([:]),
                limits: configuration.snapshotLimits, machine: configuration.machine)
        }
        return try World(
            name: name, file: store.open(name) { try fresh().database(tenantID: tenantID) },
            snapshots: store.snapshots(of: name), limits: configuration.snapshotLimits,
            machine: configuration.machine)
    }

    /// What a sandbox of that name starts from. Its name stands for its credential, so the same credential draws the same ids
    /// in every process.
    private static func freshContents(
        _ name: String, template: SandboxTemplate, configuration: SandboxConfiguration
    ) throws -> SandboxContents {
        let document = try template.document
        let clock = try template.initialClock(
            mode: configuration.clockMode, speed: configuration.clockSpeed, machineNow: configuration.machine())
        let random = SeededRandom(
            signedSeed: document.randomSeed ?? SeededRandom.derived(from: name).signedSeed,
            position: UInt64(bitPattern: document.randomPosition ?? 0))
        return try template.contents(random: random, clock: clock)
    }
}

extension Digest {
    /// A tenant id drawn from a credential.
    fileprivate var tenantID: String {
        UUIDValue(
            version4High: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
            low: bytes.dropFirst(8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        ).description
    }
}
