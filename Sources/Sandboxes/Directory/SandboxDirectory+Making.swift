import Time
import Synchronization

// Making sandboxes at first use, and letting go of those that nobody uses.
extension SandboxDirectory {
    /// Roles of a JWT come with each token; this only marks where its tenant's sandbox is.
    var tenantCredential: Credential { Credential(label: "", role: "", masked: "") }
    /// The same where tokens may as little as any.
    var readingTenantCredential: Credential { Credential(label: "", role: "", masked: "", bindsTokens: true) }

    /// The tenant of a sandbox that has a name before it has a credential.
    static func tenantID(of name: String) -> String { Digest(of: "sandbox \(name)").tenantID }

    var making: SandboxMaking {
        SandboxMaking(
            configuration: configuration, store: store, pool: workers,
            willWrite: { [weak self] name in try self?.willWrite(name) },
            opened: { [weak self] name in self?.opened(name) })
    }

    /// The entry of a sandbox that was registered.
    func restoredEntry(
        _ name: String, _ tenantID: String, _ origin: SandboxOrigin, _ recipe: String?
    ) -> SandboxEntry {
        let template =
            recipe.map { SandboxTemplate(kept: $0, otherwise: configuration.freshSeed, modules: modules) }
            ?? freshTemplate
        return SandboxEntry(
            name: name, tenantID: tenantID, origin: origin, template: template,
            sandbox: making.sandbox(name, tenantID: tenantID, template: template))
    }

    func make(
        for presented: PresentedCredential, digest: Digest
    ) throws(DirectoryRefusal) -> KnownCredential? {
        let name: String
        let tenantID: String
        let credential: Credential
        switch presented {
        case .key(let token):
            name = "key-\(digest.prefix(bytes: 8))"
            tenantID = digest.tenantID
            credential = Credential(
                label: Credential.unnamedLabel, role: modules.usualRole(ofKey: token), masked: Credential.mask(token))
        case .tenant(let id):
            name = "tenant-\(digest.prefix(bytes: 8))"
            tenantID = UUIDValue(id)?.description ?? digest.tenantID
            credential = tenantCredential
        }
        // It costs next to nothing until somebody's turn comes in it.
        let sandbox = making.sandbox(name, tenantID: tenantID, template: freshTemplate)
        let entry = SandboxEntry(
            name: name, tenantID: tenantID, origin: .firstUse, template: freshTemplate, sandbox: sandbox)
        // Two first requests with one credential make one sandbox: the second finds it here.
        let (known, room) = try state.withLock {
            (state) throws(DirectoryRefusal) -> (KnownCredential?, Room) in
            if let grant = state.grants[digest] {
                use(grant.entry, in: &state)
                return (KnownCredential(sandbox: grant.entry.sandbox, credential: grant.credential), Room())
            }
            // A deleted one opens nothing, nor the sandbox of that name that is there: this is no credential of it any
            // more.
            if state.deleted.contains(digest) || state.entries[name] != nil { return (nil, Room()) }
            // One that is being removed is still on its way out.
            guard !state.pending.contains(name), !state.pendingDigests.contains(digest) else {
                throw DirectoryRefusal.busy
            }
            let room = try makeRoom(in: &state)
            entry.digests = [digest]
            state.entries[name] = entry
            state.grants[digest] = Grant(entry: entry, credential: credential, origin: .firstUse)
            entry.place = .unwritten
            note(entry, in: &state)
            state.unwritten.append(entry)
            return (KnownCredential(sandbox: sandbox, credential: credential), room)
        }
        for entry in room.dropped {
            configuration.notice("dropped sandbox \(entry.name): \(Self.reason(of: configuration))")
        }
        for entry in room.closed {
            entry.sandbox.close()
            configuration.notice("closed sandbox \(entry.name): \(Self.reason(of: configuration))")
        }
        return known
    }

    // MARK: Use

    func use(_ entry: SandboxEntry, in state: inout State) {
        switch entry.place {
        case .none: break
        case .unwritten: state.unwritten.touch(entry)
        case .written: state.written.touch(entry)
        }
        note(entry, in: &state)
    }

    private func note(_ entry: SandboxEntry, in state: inout State) {
        state.uses += 1
        entry.lastUse = state.uses
        entry.lastUsedAt = configuration.machine()
    }

    /// A sandbox made at first use is about to be written to: from now on it is one to keep. By whoever has its turn.
    private func willWrite(_ name: String) throws {
        let (rows, isStillThere) = state.withLock { state -> ([SandboxRegister.CredentialRow], Bool) in
            // Those that nobody drops are registered already.
            guard let entry = state.entries[name] else { return ([], state.pending.contains(name)) }
            guard entry.isEvictable else { return ([], true) }
            return (keepWritten(entry, in: &state), true)
        }
        // It was dropped while somebody waited for a turn in it.
        guard isStillThere else { throw DirectoryRefusal.busy }
        if !rows.isEmpty { try store?.withRegister { try $0.addUnlessThere(rows) } }
    }

    /// From now on a sandbox made at first use is one to keep; what the register is to have of it.
    func keepWritten(_ entry: SandboxEntry, in state: inout State) -> [SandboxRegister.CredentialRow] {
        if entry.place == .unwritten {
            state.unwritten.remove(entry)
            entry.place = .written
            state.written.append(entry)
        }
        guard store != nil else { return [] }
        return entry.digests.compactMap { digest in state.grants[digest].map { Self.row($0, digest) } }
    }

    /// A sandbox's file was opened: closes the one used least recently when there are too many.
    private func opened(_ name: String) {
        let closed = state.withLock { state -> SandboxEntry? in
            guard let entry = state.entries[name], entry.isEvictable else { return nil }
            if entry.place == .none {
                entry.place = .written
                state.written.append(entry)
            }
            guard state.written.count > configuration.maximumSandboxes, let oldest = state.written.oldest,
                oldest !== entry
            else { return nil }
            state.written.remove(oldest)
            oldest.place = .none
            return oldest
        }
        guard let closed else { return }
        closed.sandbox.close()
        configuration.notice("closed sandbox \(closed.name): more than \(configuration.maximumSandboxes) sandboxes")
    }

    // MARK: Room

    /// What goes for a sandbox that comes.
    private struct Room {
        /// Those that are dropped, and those that are files and are closed.
        var dropped: [SandboxEntry] = []
        var closed: [SandboxEntry] = []
    }

    /// Makes room for one more sandbox: of those that nobody has used for a while the least recently used go, first
    /// those that were never written to. Where that is not enough, none goes.
    private func makeRoom(in state: inout State) throws(DirectoryRefusal) -> Room {
        var room = Room()
        // What is a file is closed when there are too many; what is none takes little.
        let isCrowd =
            store == nil
            ? state.entries.count >= configuration.maximumSandboxes
            : state.unwritten.count >= max(configuration.maximumSandboxes, Self.mostUnwritten)
        if isCrowd {
            let oldest = store == nil ? [state.unwritten.oldest, state.written.oldest] : [state.unwritten.oldest]
            guard let idle = oldest.lazy.compactMap({ $0 }).first(where: isIdle) else {
                throw .tooMany(limit: configuration.maximumSandboxes)
            }
            room.dropped.append(idle)
        }
        var missing = Self.roomForNewcomers - configuration.memory.room
        // Those never written to take some only where each has an image of its own.
        var unwritten = store == nil && missing > 0 ? state.unwritten.oldest : nil
        for _ in 0..<Self.looksForRoom {
            guard missing > 0, let entry = unwritten, isIdle(entry) else { break }
            if entry.sandbox.account.inMemory > 0, room.dropped.first !== entry {
                room.dropped.append(entry)
                missing -= entry.sandbox.account.inMemory
            }
            unwritten = entry.newer
        }
        var next = state.written.oldest
        while missing > 0 {
            guard let entry = next, isIdle(entry) else { throw .noMemory(limit: configuration.memory.limit) }
            if room.dropped.first !== entry {
                if store == nil { room.dropped.append(entry) } else { room.closed.append(entry) }
            }
            missing -= entry.sandbox.account.inMemory
            next = entry.newer
        }
        for entry in room.dropped { drop(entry, from: &state) }
        for entry in room.closed {
            state.written.remove(entry)
            entry.place = .none
        }
        return room
    }

    private func isIdle(_ entry: SandboxEntry) -> Bool {
        guard let lastUsedAt = entry.lastUsedAt else { return true }
        return lastUsedAt.adding(seconds: Self.secondsInUse) <= configuration.machine()
    }

    private static func reason(of configuration: SandboxConfiguration) -> String {
        "more than \(configuration.maximumSandboxes) sandboxes, or than --memory-limit allows"
    }

    /// How many sandboxes without a file are kept under a data folder, if `--max-sandboxes` is not more.
    private static let mostUnwritten = 10_000
    /// How many sandboxes that were never written to are looked at for memory.
    private static let looksForRoom = 256
    /// Who comes new is refused when there is less left.
    private static let roomForNewcomers = 1 << 20

    /// Takes an entry out of all that leads to it.
    func drop(_ entry: SandboxEntry, from state: inout State) {
        switch entry.place {
        case .none: break
        case .unwritten: state.unwritten.remove(entry)
        case .written: state.written.remove(entry)
        }
        entry.place = .none
        state.entries[entry.name] = nil
        for digest in entry.digests where state.grants[digest]?.entry === entry { state.grants[digest] = nil }
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
