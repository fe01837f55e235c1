import SQLite
import Simulation
import Synchronization

// Making sandboxes at first use, opening and closing them.
extension SandboxDirectory {
    /// Roles of a JWT come with each token; this only marks where its tenant's sandbox is.
    static let tenantCredential = Credential(label: "", masked: "")

    /// The tenant of a sandbox that has a name before it has a credential.
    static func tenantID(of name: String) -> String { Digest(of: "sandbox \(name)").tenantID }

    func make(for presented: PresentedCredential, digest: Digest) throws -> KnownCredential? {
        // Two first requests with one credential make one sandbox: the second finds it here.
        try state.withLock { state in
            if let grant = state.grants[digest] {
                return KnownCredential(sandbox: try open(grant.entry, in: &state), credential: grant.credential)
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
            // One that is being removed is still on its way out.
            guard !state.pending.contains(name) else { return nil }
            let world = try Self.world(
                name, tenantID: tenantID, template: freshTemplate, configuration: configuration, store: store)
            try store?.register.add(
                .init(sandbox: name, tenantID: tenantID, digest: digest, credential: credential, isGranted: false))
            let entry = SandboxEntry(name: name, tenantID: tenantID, origin: .firstUse)
            entry.digests = [digest]
            state.grants[digest] = Grant(entry: entry, credential: credential)
            return KnownCredential(sandbox: publish(Sandbox(world), as: entry, in: &state), credential: credential)
        }
    }

    /// The entry's sandbox, opened when it was closed. Counts as a use.
    func open(_ entry: SandboxEntry, in state: inout State) throws -> Sandbox {
        if let open = entry.sandbox {
            use(entry, in: &state)
            return open
        }
        let sandbox =
            try entry.takeBack()
            ?? Sandbox(
                Self.world(
                    entry.name, tenantID: entry.tenantID, template: try template(of: entry),
                    configuration: configuration, store: store))
        return publish(sandbox, as: entry, in: &state)
    }

    /// From now on the sandbox can be found.
    @discardableResult
    func publish(_ sandbox: Sandbox, as entry: SandboxEntry, in state: inout State) -> Sandbox {
        entry.sandbox = sandbox
        use(entry, in: &state)
        state.entries[entry.name] = entry
        state.openCount += 1
        if entry.isEvictable { state.droppable[ObjectIdentifier(entry)] = entry }
        evict(in: &state)
        return sandbox
    }

    private func use(_ entry: SandboxEntry, in state: inout State) {
        state.uses += 1
        entry.lastUse = state.uses
        entry.lastUsedAt = configuration.machine()
    }

    /// Drops (in memory) or closes (with files) the least recently used sandbox when there are too many.
    private func evict(in state: inout State) {
        if !state.leaving.isEmpty { state.leaving.removeAll { $0.letGo() } }
        guard state.openCount > configuration.maximumSandboxes,
            let oldest = state.droppable.values.min(by: { $0.lastUse < $1.lastUse })
        else { return }
        state.openCount -= 1
        state.droppable[ObjectIdentifier(oldest)] = nil
        oldest.close()
        if store == nil {
            state.entries[oldest.name] = nil
            for digest in oldest.digests { state.grants[digest] = nil }
        } else if !oldest.letGo() {
            state.leaving.append(oldest)
        }
        let what = store == nil ? "dropped" : "closed"
        configuration.notice("\(what) sandbox \(oldest.name): more than \(configuration.maximumSandboxes) sandboxes")
    }

    // MARK: Worlds

    static func world(
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
    static func freshContents(
        _ name: String, template: SandboxTemplate, configuration: SandboxConfiguration
    ) throws -> SandboxContents {
        let head = try template.head
        let clock = try template.initialClock(
            mode: template.askedClock?.mode ?? configuration.clockMode,
            speed: template.askedClock?.speed ?? configuration.clockSpeed,
            machineNow: configuration.machine())
        let random = SeededRandom(
            signedSeed: head.randomSeed ?? SeededRandom.derived(from: name).signedSeed,
            position: UInt64(bitPattern: head.randomPosition ?? 0))
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
