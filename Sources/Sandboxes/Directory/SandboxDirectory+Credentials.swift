package import Time
import Synchronization

/// Who has let a credential open its sandbox.
package enum CredentialOrigin: String, CaseIterable, Sendable {
    /// The seed of the sandbox `default`.
    case seed
    /// An admin, with a sandbox's seed or beside it.
    case admin
    /// Whoever administers the sandbox.
    case attached
    /// Nobody: it was taken in at its first use, in open mode.
    case firstUse = "first_use"

    /// Neither the seed's nor an admin's: a seed that names it takes it over.
    var yieldsToSeeds: Bool { self == .attached || self == .firstUse }
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

/// A credential as it is listed.
package struct ListedCredential: Sendable {
    package let id: String
    package let credential: Credential
}

// The credentials of a sandbox, one by one.
extension SandboxDirectory {
    /// A sandbox has at most so many, JWTs not counted.
    package static let credentialLimit = SeedCredential.limit

    /// The credentials of a sandbox, by label; JWT tenants are not listed.
    package func credentials(of sandbox: String) -> [ListedCredential] {
        let found = state.withLock { state in
            state.entries[sandbox].map { entry in
                state.listed(entry).map { (digest: $0, credential: $1) }
            } ?? []
        }
        return found.sorted {
            ($0.credential.label, $0.credential.masked) < ($1.credential.label, $1.credential.masked)
        }
        .map { listed($0.digest, $0.credential) }
    }

    /// The sandbox's credential of that id; nil when it has none.
    package func credential(_ id: String, of sandbox: String) -> ListedCredential? {
        credentials(of: sandbox).first { $0.id == id }
    }

    /// What is known of a credential that opens a sandbox, without opening it.
    package func standing(of presented: PresentedCredential) -> Credential? {
        state.withLock { $0.grants[presented.digest]?.credential }
    }

    /// Whether the credential was deleted.
    package func isDeleted(_ presented: PresentedCredential) -> Bool {
        state.withLock { $0.deleted.contains(presented.digest) }
    }

    /// Lets a credential open the sandbox of that name. One that does already keeps its standing.
    ///
    /// This, ``change(_:of:_:)`` and ``deleteCredential(_:of:)`` are for whoever has the sandbox's turn.
    package func attach(
        _ granted: GrantedCredential, to name: String, origin: CredentialOrigin
    ) throws -> (isNew: Bool, credential: ListedCredential) {
        let (digest, credential) = (granted.digest, granted.credential)
        let (entry, known) = try state.withLock { state -> (SandboxEntry, Credential?) in
            guard let entry = state.entry(named: name) else { throw DirectoryRefusal.unknownSandbox }
            if let known = state.grants[digest], known.entry === entry { return (entry, known.credential) }
            guard state.grants[digest] == nil, !state.pendingDigests.contains(digest) else {
                throw DirectoryRefusal.credentialTaken(masked: credential.masked)
            }
            try refuseUnlessFree(digest, masked: credential.masked, in: state)
            guard state.listed(entry).count < Self.credentialLimit else {
                throw DirectoryRefusal.tooManyCredentials(limit: Self.credentialLimit)
            }
            state.pendingDigests.insert(digest)
            return (entry, nil)
        }
        if let known { return (false, listed(digest, known)) }
        defer { state.withLock { state in _ = state.pendingDigests.remove(digest) } }
        try keep(digest, Grant(entry: entry, credential: credential, origin: origin))
        return (true, listed(digest, credential))
    }

    /// Changes the standing of the sandbox's credential of that id, from the next request on.
    package func change(
        _ id: String, of name: String, _ change: (Credential) -> Credential
    ) throws -> ListedCredential {
        let (digest, grant) = try reserve(id, of: name)
        defer { state.withLock { state in _ = state.pendingDigests.remove(digest) } }
        let changed = Grant(entry: grant.entry, credential: change(grant.credential), origin: grant.origin)
        try keep(digest, changed)
        return listed(digest, changed.credential)
    }

    /// Deletes the sandbox's credential of that id: from the next request on it opens nothing, not even a sandbox of
    /// its own.
    package func deleteCredential(_ id: String, of name: String) throws -> ListedCredential {
        let (digest, grant) = try reserve(id, of: name)
        defer { state.withLock { state in _ = state.pendingDigests.remove(digest) } }
        let isSeeded = grant.origin == .seed
        try store?.withRegister { try $0.delete(digest, of: name, stays: isSeeded) }
        state.withLock { state in
            grant.entry.digests.remove(digest)
            state.grants[digest] = nil
            state.deleted.add(digest, of: name, stays: isSeeded)
        }
        return listed(digest, grant.credential)
    }

    /// Keeps a grant on disk, and then lets it hold. Its digest is reserved.
    private func keep(_ digest: Digest, _ grant: Grant) throws {
        let others = state.withLock { state in
            grant.entry.isEvictable ? keepWritten(grant.entry, in: &state).filter { $0.digest != digest } : []
        }
        try store?.withRegister { try $0.add(Self.row(grant, digest), beside: others) }
        try state.withLock { state in
            // It may have been removed meanwhile.
            guard state.entries[grant.entry.name] === grant.entry else { throw DirectoryRefusal.unknownSandbox }
            state.add(grant, for: digest)
        }
    }

    /// The sandbox's credential of that id, which nobody else changes until its digest is no longer pending.
    private func reserve(_ id: String, of name: String) throws -> (Digest, Grant) {
        try state.withLock { state in
            guard let entry = state.entry(named: name) else { throw DirectoryRefusal.unknownSandbox }
            for (digest, _) in state.listed(entry) where self.id(of: digest) == id {
                guard let grant = state.grants[digest] else { break }
                guard state.pendingDigests.insert(digest).inserted else { throw DirectoryRefusal.busy }
                return (digest, grant)
            }
            throw DirectoryRefusal.unknownCredential
        }
    }

    static func row(_ grant: Grant, _ digest: Digest) -> SandboxRegister.CredentialRow {
        .init(
            sandbox: grant.entry.name, tenantID: grant.entry.tenantID, digest: digest, credential: grant.credential,
            origin: grant.origin)
    }

    // MARK: Rules

    /// Refuses a key that a new sandbox's seed names, unless it is free or the seed may take it over.
    func refuse(_ key: SeedCredential, _ digest: Digest, takesOver: Bool, in state: borrowing State) throws {
        let masked = Credential.mask(key.token)
        guard !state.pendingDigests.contains(digest) else { throw DirectoryRefusal.credentialTaken(masked: masked) }
        if let grant = state.grants[digest] {
            guard takesOver, grant.origin.yieldsToSeeds else { throw DirectoryRefusal.credentialTaken(masked: masked) }
            return
        }
        if takesOver, state.deleted.contains(digest), !published.contains(digest) { return }
        try refuseUnlessFree(digest, masked: masked, in: state)
    }

    private func refuseUnlessFree(_ digest: Digest, masked: String, in state: borrowing State) throws {
        if published.contains(digest) { throw DirectoryRefusal.credentialPublished(masked: masked) }
        if state.deleted.contains(digest) { throw DirectoryRefusal.credentialDeleted(masked: masked) }
    }

    func listed(_ digest: Digest, _ credential: Credential) -> ListedCredential {
        ListedCredential(id: id(of: digest), credential: credential)
    }

    /// The same for a key on every machine. A key that the server made, 43 random characters, cannot be found by it.
    private func id(of digest: Digest) -> String {
        Digest(of: "credential \(digest.prefix(bytes: 32))").prefix(bytes: 8)
    }

    static func takenNotice(from former: String, by sandbox: String) -> String {
        "sandbox \(sandbox) took a credential of sandbox \(former) over: its seed names it"
    }
}

extension SandboxDirectory.State {
    /// The digests and standings of what is listed of a sandbox's credentials.
    func listed(_ entry: SandboxEntry) -> [(Digest, Credential)] {
        entry.digests.compactMap { digest in
            guard let grant = grants[digest], grant.entry === entry, !grant.credential.masked.isEmpty else {
                return nil
            }
            return (digest, grant.credential)
        }
    }

    mutating func add(_ grant: SandboxDirectory.Grant, for digest: Digest) {
        grant.entry.digests.insert(digest)
        grants[digest] = grant
    }

    /// Takes a credential away from the sandbox that has it, for another.
    mutating func takeOver(_ digest: Digest) {
        deleted.forget(digest)
        grants.removeValue(forKey: digest)?.entry.digests.remove(digest)
    }
}
