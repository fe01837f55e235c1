import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

/// `/_understudy/admin/sandboxes`: all sandboxes of the server.
struct AdminEndpoints: EndpointGroup {
    let directory: SandboxDirectory
    let apis: [any EmulatedAPI]
    /// So many characters that nobody can guess.
    let freshSecret: @Sendable (_ length: Int, _ alphabet: KeyGrammar.Alphabet) -> String

    var endpoints: [Endpoint] {
        let path = "/_understudy/admin/sandboxes"
        return [
            Endpoint("list_sandboxes", "GET", path, .admin(.read) { _ in .apart(list) }),
            Endpoint(
                "make_sandbox", "POST", path, .admin(.administer) { call in .apart { try make(call) } },
                takesSeed: true),
            Endpoint("look_at_sandbox", "GET", "\(path)/{name}", .admin(.read, look)),
            Endpoint("remove_sandbox", "DELETE", "\(path)/{name}", .admin(.administer, remove), takesLong: true),
        ]
    }

    /// So many sandboxes a list has at most.
    private static let listLimit = 1_000

    /// Those that nothing drops first, then the others, the last used one first.
    private func list() -> HTTPResponse {
        let (sandboxes, total) = directory.summaries(atMost: Self.listLimit)
        return .json(capacity: 256 + 200 * sandboxes.count) { writer in
            writer.beginObject()
            writer.key("data")
            writer.beginArray()
            for sandbox in sandboxes { writer.sandbox(sandbox) }
            writer.endArray()
            writer.key("total")
            writer.integer(total)
            writer.endObject()
        }
    }

    /// Makes one that nothing drops, with a fresh key for each API.
    private func make(_ call: AdminCall) throws -> HTTPResponse {
        let bytes = call.request.body.isEmpty ? Array("{}".utf8) : call.request.body
        let body = try RequestBody(bytes, maximumDepth: SandboxRecipe.maximumDepth)
        var reader = FieldReader(body.object)
        reader.refuseAll(but: ["name", "seed", "clock"])
        let freshName = "sandbox-\(freshSecret(8, .lettersAndDigits).lowercased())"
        let name = reader.string("name", body.object["name"]) ?? freshName
        if reader.violations.isEmpty, !PlainName.isOne(name) {
            reader.report("name", PlainName.message)
        }
        guard reader.violations.isEmpty else { throw ControlRefusal.invalid(reader.violations) }
        do {
            let recipe = try SandboxRecipe(body.object, in: bytes, modules: directory.modules)
            let fresh = try apis.map { api in
                let token = api.makeKey(freshSecret)
                let standing = JSONObject(members: [])
                return (api.name, try SeedCredential(token: token, standing: standing, modules: directory.modules))
            }
            let made = try directory.make(named: name, from: recipe, keys: fresh.map(\.1), takesOver: call.isAdmin)
            let shown = zip(made.credentials, fresh).map { credential, fresh in
                ShownCredential(listed: credential, api: fresh.0, token: fresh.1.token)
            }
            let seeded = made.credentials.dropFirst(fresh.count).map { ShownCredential(listed: $0) }
            return try made.sandbox.withWorld {
                try describe($0, named: name, status: 201, credentials: shown + seeded)
            }
        } catch let refusal as SeedRefusal {
            throw ControlRefusal.invalidSeed(refusal)
        } catch let refusal as DirectoryRefusal {
            throw ControlRefusal(refusal, sandbox: name)
        }
    }

    /// Opens it, if it was closed, and says what it holds.
    private func look(_ call: AdminCall) throws -> ControlWork {
        let name = call.parameter
        guard let sandbox = directory.sandbox(named: name) else {
            throw ControlRefusal.notFound(what: "sandbox \(name)")
        }
        return .inside(sandbox) { world in
            let credentials = directory.credentials(of: name).map { ShownCredential(listed: $0) }
            return try describe(world, named: name, status: 200, credentials: credentials)
        }
    }

    /// Answers what it was. What opens it opens nothing from now on; its files go when those who are inside or wait are
    /// through.
    private func remove(_ call: AdminCall) throws -> ControlWork {
        do {
            let removal = try directory.beginRemoval(of: call.parameter)
            return .removal(removal.sandbox) { world in
                try directory.finish(removal, world)
                return .json { $0.sandbox(removal.summary) }
            }
        } catch let refusal as DirectoryRefusal {
            throw ControlRefusal(refusal, sandbox: call.parameter)
        }
    }

    private func describe(
        _ world: World, named name: String, status: Int, credentials: [ShownCredential]
    ) throws -> HTTPResponse {
        // It may have been removed meanwhile.
        guard let summary = directory.summary(of: name) else { throw ControlRefusal.notFound(what: "sandbox \(name)") }
        let now = world.now
        try world.advanceIfThereIsRoom(to: now)
        let counts = try world.counts()
        return .json(status, capacity: 1_024) { writer in
            writer.beginObject()
            writer.members(of: summary)
            writer.contents(of: world, at: now, counts, credentials)
            writer.endObject()
        }
    }
}

extension JSONWriter {
    fileprivate mutating func sandbox(_ sandbox: SandboxSummary) {
        beginObject()
        members(of: sandbox)
        endObject()
    }

    fileprivate mutating func members(of sandbox: SandboxSummary) {
        key("name")
        string(sandbox.name)
        key("tenant_id")
        string(sandbox.tenantID)
        key("made_by")
        string(sandbox.origin.rawValue)
        key("last_used_at")
        instant(sandbox.lastUsedAt)
        key("open")
        bool(sandbox.isOpen)
        key("evictable")
        bool(sandbox.isEvictable)
    }
}
