import Time
import SQLite
import Synchronization

/// Why the directory does not do what an admin, or the holder of a credential, asks for.
package enum DirectoryRefusal: Error, Hashable {
    case unknownSandbox
    /// The name is taken, or of a form that is kept for sandboxes made at first use.
    case nameTaken
    /// Another sandbox has this credential, shown masked.
    case credentialTaken(masked: String)
    /// The sandbox has the credential of this id already, with another standing.
    case credentialStanding(id: String)
    /// This credential, shown masked, was deleted, and opens nothing from then on.
    case credentialDeleted(masked: String)
    /// This credential, shown masked, stands in a built-in seed, and strict mode takes none of those.
    case credentialPublished(masked: String)
    /// The sandbox has no credential of that id.
    case unknownCredential
    /// A sandbox has at most so many credentials.
    case tooManyCredentials(limit: Int)
    case defaultStays
    /// So many sandboxes that nothing drops are all that may be kept open.
    case tooMany(limit: Int)
    /// All sandboxes together take as many bytes as they may, and all of them are in use.
    case noMemory(limit: Int)
    /// A sandbox of that name is being made or removed.
    case busy
}

// What admins do.
extension SandboxDirectory {
    /// Makes a sandbox that nothing drops, opened by the keys that its seed names and by those given: all of it or
    /// nothing.
    ///
    /// - Parameter takesOver: whether keys that nobody but their tenants have named become the new sandbox's.
    package func make(
        named name: String, from recipe: SandboxRecipe?, keys: [SeedCredential], takesOver: Bool
    ) throws -> (sandbox: Sandbox, credentials: [ListedCredential]) {
        let all = keys + (recipe?.credentials ?? [])
        guard all.count <= Self.credentialLimit else {
            throw DirectoryRefusal.tooManyCredentials(limit: Self.credentialLimit)
        }
        let digests = all.map { Digest(of: $0.token) }
        try state.withLock { state in
            try refuseName(name, in: state)
            for (key, digest) in zip(all, digests) { try refuse(key, digest, takesOver: takesOver, in: state) }
            state.pending.insert(name)
            state.pendingDigests.formUnion(digests)
        }
        defer {
            state.withLock { state in
                state.pending.remove(name)
                state.pendingDigests.subtract(digests)
            }
        }
        let template = template(for: recipe)
        let tenantID = Self.tenantID(of: name)
        // What a removal that was cut off has left behind is nobody's.
        store?.remove(name)
        let sandbox = making.sandbox(name, tenantID: tenantID, template: template)
        let start = try sandbox.withWorld { $0.clock.start }
        let granted = all.map { GrantedCredential($0, clockStart: start) }
        let rows = granted.map {
            SandboxRegister.CredentialRow(
                sandbox: name, tenantID: tenantID, digest: $0.digest, credential: $0.credential, origin: .admin)
        }
        let former = state.withLock { state in digests.compactMap { state.grants[$0]?.entry.name } }
        try store?.withRegister {
            try $0.add(
                .init(name: name, tenantID: tenantID, recipe: recipe?.text), credentials: rows, takenFrom: former)
        }
        state.withLock { state in
            let entry = SandboxEntry(
                name: name, tenantID: tenantID, origin: .admin, template: template, sandbox: sandbox)
            for grant in granted {
                state.takeOver(grant.digest)
                state.add(Grant(entry: entry, credential: grant.credential, origin: .admin), for: grant.digest)
            }
            use(entry, in: &state)
            state.entries[name] = entry
        }
        for former in former { configuration.notice(Self.takenNotice(from: former, by: name)) }
        return (sandbox, granted.map { listed($0.digest, $0.credential) })
    }

    /// A sandbox that is on its way out.
    package struct Removal: Sendable {
        package let sandbox: Sandbox
        package let summary: SandboxSummary
    }

    /// Lets nothing open a sandbox any more. ``finish(_:_:)`` is to follow in the sandbox's turn: its name is not free
    /// before.
    package func beginRemoval(of name: String) throws -> Removal {
        guard name != Self.defaultName else { throw DirectoryRefusal.defaultStays }
        return try state.withLock { state in
            guard let entry = state.entry(named: name) else { throw DirectoryRefusal.unknownSandbox }
            let summary = entry.summary(isStored: store != nil)
            drop(entry, from: &state)
            state.pending.insert(name)
            return Removal(sandbox: entry.sandbox, summary: summary)
        }
    }

    /// Removes all that a sandbox has kept. Whoever comes to it later finds it gone.
    /// One that cannot be opened goes all the same.
    package func finish(_ removal: Removal, _ world: World?) throws {
        let name = removal.summary.name
        defer { state.withLock { state in _ = state.pending.remove(name) } }
        removal.sandbox.isRemoved = true
        try store?.withRegister { try $0.remove(name) }
        try? world?.detach()
        removeFiles(of: name)
    }

    /// Removes a sandbox's files, and the note that they are to be removed; what is left of either waits for the next
    /// start.
    private func removeFiles(of name: String) {
        guard let store else { return }
        store.remove(name)
        store.withRegister { try? $0.finish(name) }
    }

    /// The sandboxes, those that nothing drops first, by name, then the others, the last used one first; and how many
    /// there are.
    package func summaries(atMost limit: Int) -> (first: [SandboxSummary], total: Int) {
        // Sorted without the lock, which every request takes.
        let all = state.withLock { state in
            state.entries.values.map { ($0.summary(isStored: store != nil), $0.lastUse) }
        }
        let sorted = all.sorted { left, right in
            if left.0.isEvictable != right.0.isEvictable { return right.0.isEvictable }
            if left.0.isEvictable, left.1 != right.1 { return left.1 > right.1 }
            return left.0.name < right.0.name
        }
        return (sorted.prefix(limit).map(\.0), sorted.count)
    }

    /// The sandbox of that name, without opening it.
    package func summary(of name: String) -> SandboxSummary? {
        state.withLock { $0.entry(named: name)?.summary(isStored: store != nil) }
    }

    // MARK: Rules

    private func refuseName(_ name: String, in state: borrowing State) throws {
        guard state.entries[name] == nil, !state.pending.contains(name), !Self.isKept(name) else {
            throw DirectoryRefusal.nameTaken
        }
        let staying = state.entries.values.count { !$0.isEvictable }
        if staying >= configuration.maximumSandboxes {
            throw DirectoryRefusal.tooMany(limit: configuration.maximumSandboxes)
        }
    }

    /// Names of sandboxes made at first use, and of the register's own file.
    private static func isKept(_ name: String) -> Bool { name == "understudy" || isMadeAtFirstUse(name) }

    /// Whether only a sandbox that was made at first use has such a name.
    static func isMadeAtFirstUse(_ name: String) -> Bool {
        let digits = ["key-", "tenant-"].first { name.hasPrefix($0) }.map { name.utf8.dropFirst($0.utf8.count) }
        return digits?.count == 16
    }

    // MARK: Templates

    private func template(for recipe: SandboxRecipe?) -> SandboxTemplate {
        switch (recipe?.seed, recipe?.clock) {
        case (nil, nil): freshTemplate
        case (.builtIn(let seed)?, nil): seed == .demo ? demoTemplate : blankTemplate
        case (let seed, let clock): SandboxTemplate(seed ?? configuration.freshSeed, modules: modules, clock: clock)
        }
    }
}
