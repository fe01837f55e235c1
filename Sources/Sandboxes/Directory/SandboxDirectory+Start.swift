import Time

// What is known of credentials when a server starts: what its seed names, and what was registered under the data
// folder.
extension SandboxDirectory {
    /// A published credential opens nothing where only known ones count.
    static func seededCredentials(_ configuration: SandboxConfiguration) throws -> [SeedCredential] {
        let head = try configuration.seed.head(configuration.modules)
        guard configuration.mode == .strict else { return head.credentials }
        return configuration.seed.isPublished ? [] : head.ownCredentials
    }

    /// The digests of the keys that everybody can read in the built-in seeds.
    static func publishedDigests(_ modules: Modules) throws -> Set<Digest> {
        var digests: Set<Digest> = []
        for seed in BuiltInSeed.allCases {
            for credential in try SandboxSeed.builtIn(seed).head(modules).credentials {
                digests.insert(Digest(of: credential.token))
            }
        }
        return digests
    }

    /// What was registered under the data folder. Credentials that were taken in at first use, and the sandboxes that
    /// were made for them, were accepted in open mode, which in strict mode counts for nothing.
    func restore(_ registered: SandboxRegister.Contents, in state: inout State) {
        for row in registered.sandboxes {
            state.entries[row.name] = restoredEntry(row.name, row.tenantID, .admin, row.recipe)
        }
        for row in registered.credentials where row.origin != .seed {
            if configuration.mode == .strict, row.origin == .firstUse || state.entries[row.sandbox] == nil { continue }
            if published.contains(row.digest) { continue }
            let entry = state.entries[row.sandbox] ?? restoredEntry(row.sandbox, row.tenantID, .firstUse, nil)
            state.entries[row.sandbox] = entry
            state.add(Grant(entry: entry, credential: row.credential, origin: row.origin), for: row.digest)
        }
        for row in registered.deleted { state.deleted.add(row.digest, of: row.sandbox, stays: row.stays) }
    }

    /// What the seed of `default` has taken over from other sandboxes, and what an operator should know, in a line
    /// each.
    struct Seeded {
        var taken: [(digest: Digest, sandbox: String)] = []
        var notices: [String] = []
    }

    /// Lets the seed's credentials open `default`, but for those that were deleted there, each with the standing that
    /// it was last given.
    func grant(
        _ credentials: [SeedCredential], of byDefault: SandboxEntry, clockStart: Instant,
        _ registered: SandboxRegister.Contents, in state: inout State
    ) -> Seeded {
        let changed = Dictionary(
            registered.credentials.lazy.filter { $0.origin == .seed }.map { ($0.digest, $0.credential) },
            uniquingKeysWith: { first, _ in first })
        var seeded = Seeded()
        for named in credentials {
            let digest = Digest(of: named.token)
            if published.contains(digest) {
                seeded.notices.append(
                    "the seed names the published credential \(named.label): it opens nothing in strict mode")
                continue
            }
            let former = state.deleted.sandbox(of: digest)
            if former == Self.defaultName { continue }
            if let other = state.grants[digest]?.entry, other !== byDefault {
                seeded.taken.append((digest, other.name))
                seeded.notices.append(Self.takenNotice(from: other.name, by: Self.defaultName))
            } else if let former {
                seeded.taken.append((digest, former))
            }
            state.takeOver(digest)
            let credential = changed[digest] ?? named.credential(start: clockStart)
            state.add(Grant(entry: byDefault, credential: credential, origin: .seed), for: digest)
        }
        return seeded
    }
}
