package import Simulation
import SQLite
import Synchronization

/// Why the directory does not do what an admin, or the holder of a credential, asks for.
package enum DirectoryRefusal: Error, Hashable {
    case unknownSandbox
    /// The name is taken, or of a form that is kept for sandboxes made at first use.
    case nameTaken
    /// Another sandbox has this credential, shown masked.
    case credentialTaken(masked: String)
    case defaultStays
    /// So many sandboxes that nothing drops are all that may be kept open.
    case tooMany(limit: Int)
}

/// A credential that is to open a sandbox.
package struct GrantedCredential: Sendable {
    let digest: Digest
    package let credential: Credential

    /// A key with its standing; relative times count from the start of the sandbox's clock.
    package init(_ seeded: SeedCredential, clockStart: Instant) {
        digest = Digest(of: seeded.token)
        credential = seeded.credential(start: clockStart)
    }
}

// What admins do, and what a sandbox's own credential may add to it.
extension SandboxDirectory {
    /// Makes a sandbox that nothing drops, opened by the keys that its seed names and by those given: all of it or nothing.
    package func make(
        named name: String, from recipe: SandboxRecipe?, keys: [SeedCredential]
    ) throws -> (sandbox: Sandbox, credentials: [Credential]) {
        let all = keys + (recipe?.credentials ?? [])
        try state.withLock { state in
            try refuseName(name, in: state)
            for key in all { try refuse(Digest(of: key.token), named: key, in: state) }
            try store?.register.begin(name)
            state.pending.insert(name)
        }
        defer { state.withLock { state in _ = state.pending.remove(name) } }
        let template = template(for: recipe)
        let tenantID = Self.tenantID(of: name)
        // What a removal that was cut off has left behind is nobody's.
        store?.remove(name)
        let world = try Self.world(
            name, tenantID: tenantID, template: template, configuration: configuration, store: store)
        let start = world.clock.start
        let sandbox = Sandbox(world)
        let granted = all.map { GrantedCredential($0, clockStart: start) }
        do {
            try state.withLock { state in
                for (key, grant) in zip(all, granted) { try refuse(grant.digest, named: key, in: state) }
                let rows = granted.map { row($0, sandbox: name, tenantID: tenantID) }
                try store?.register.add(
                    .init(name: name, tenantID: tenantID, recipe: recipe?.text), credentials: rows)
                let entry = SandboxEntry(name: name, tenantID: tenantID, origin: .admin, recipeText: recipe?.text)
                entry.template = template
                for grant in granted {
                    entry.digests.insert(grant.digest)
                    state.grants[grant.digest] = Grant(entry: entry, credential: grant.credential)
                }
                publish(sandbox, as: entry, in: &state)
            }
        } catch {
            sandbox.withWorld { try? $0.detach() }
            removeFiles(of: name)
            throw error
        }
        return (sandbox, granted.map(\.credential))
    }

    /// Lets a credential open the sandbox of that name. One that does already keeps its standing.
    package func attach(
        _ granted: GrantedCredential, to name: String
    ) throws -> (isNew: Bool, credential: Credential) {
        try state.withLock { state in
            guard let entry = state.entry(named: name) else { throw DirectoryRefusal.unknownSandbox }
            if let known = state.grants[granted.digest] {
                guard known.entry === entry else {
                    throw DirectoryRefusal.credentialTaken(masked: granted.credential.masked)
                }
                return (false, known.credential)
            }
            try store?.register.add(row(granted, sandbox: name, tenantID: entry.tenantID))
            entry.digests.insert(granted.digest)
            state.grants[granted.digest] = Grant(entry: entry, credential: granted.credential)
            return (true, granted.credential)
        }
    }

    /// Removes a sandbox. Its credentials open nothing from now on; what is inside already finishes, then its files go.
    @discardableResult
    package func remove(_ name: String) throws -> SandboxSummary {
        guard name != Self.defaultName else { throw DirectoryRefusal.defaultStays }
        let (sandbox, summary) = try state.withLock { state in
            guard let entry = state.entry(named: name) else { throw DirectoryRefusal.unknownSandbox }
            let summary = entry.summary
            try store?.register.remove(name)
            state.entries[name] = nil
            for digest in entry.digests where state.grants[digest]?.entry === entry { state.grants[digest] = nil }
            if entry.sandbox != nil { state.openCount -= 1 }
            state.droppable[ObjectIdentifier(entry)] = nil
            state.pending.insert(name)
            return (entry.used, summary)
        }
        defer { state.withLock { state in _ = state.pending.remove(name) } }
        // One whose database is broken goes all the same.
        sandbox?.withWorld { try? $0.detach() }
        removeFiles(of: name)
        return summary
    }

    /// Removes a sandbox's files, and the note that they are to be removed; what is left of either waits for the next start.
    private func removeFiles(of name: String) {
        guard let store else { return }
        store.remove(name)
        state.withLock { _ in try? store.register.finish(name) }
    }

    /// The sandboxes, those that nothing drops first, by name, then the others, the last used one first; and how many there are.
    package func summaries(atMost limit: Int) -> (first: [SandboxSummary], total: Int) {
        state.withLock { state in
            let sorted = state.entries.values.sorted { left, right in
                if left.isEvictable != right.isEvictable { return right.isEvictable }
                if left.isEvictable, left.lastUse != right.lastUse { return left.lastUse > right.lastUse }
                return left.name < right.name
            }
            return (sorted.prefix(limit).map(\.summary), sorted.count)
        }
    }

    /// The sandbox of that name, without opening it.
    package func summary(of name: String) -> SandboxSummary? { state.withLock { $0.entry(named: name)?.summary } }

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

    private func refuse(_ digest: Digest, named key: SeedCredential, in state: borrowing State) throws {
        guard state.grants[digest] == nil else {
            throw DirectoryRefusal.credentialTaken(masked: Credential.mask(key.token))
        }
    }

    /// Names of sandboxes made at first use, and of the register's own file.
    private static func isKept(_ name: String) -> Bool {
        let digits = ["key-", "tenant-"].first { name.hasPrefix($0) }.map { name.utf8.dropFirst($0.utf8.count) }
        return name == "understudy" || digits?.count == 16
    }

    private func row(
        _ granted: GrantedCredential, sandbox: String, tenantID: String
    ) -> SandboxRegister.CredentialRow {
        .init(
            sandbox: sandbox, tenantID: tenantID, digest: granted.digest, credential: granted.credential,
            isGranted: true)
    }

    // MARK: Templates

    /// What the sandbox of that name is set back to.
    func template(of name: String) throws -> SandboxTemplate {
        if name == Self.defaultName { return seedTemplate }
        let (known, text) = state.withLock { ($0.entries[name]?.template, $0.entries[name]?.recipeText) }
        guard known == nil, let text else { return known ?? freshTemplate }
        let template = try template(kept: text)
        state.withLock { $0.entries[name]?.template = template }
        return template
    }

    /// What the entry's sandbox is made from.
    func template(of entry: SandboxEntry) throws -> SandboxTemplate {
        if entry.origin == .start { return seedTemplate }
        if entry.template == nil, let text = entry.recipeText { entry.template = try template(kept: text) }
        return entry.template ?? freshTemplate
    }

    private func template(kept text: String) throws -> SandboxTemplate {
        guard let recipe = SandboxRecipe(kept: text) else {
            throw SandboxDamaged(reason: "what it was made from cannot be read any more")
        }
        return template(for: recipe)
    }

    private func template(for recipe: SandboxRecipe?) -> SandboxTemplate {
        switch (recipe?.seed, recipe?.clock) {
        case (nil, nil): freshTemplate
        case (.builtIn(let seed)?, nil): seed == .demo ? demoTemplate : blankTemplate
        case (let seed, let clock): SandboxTemplate(seed ?? configuration.freshSeed, clock: clock)
        }
    }
}
