import Emulation
import HTTPFront
import JSON
import Sandboxes
import Simulation
import Threads

extension ControlPlane {
    /// So many sandboxes a list has at most.
    static let listLimit = 1_000

    /// `GET /_understudy/admin/sandboxes`: those that nothing drops first, then the others, the last used one first.
    func listSandboxes(_ call: AdminCall) -> Reply { apart(call) { $0.sandboxList() } }

    private func sandboxList() -> HTTPResponse {
        let (sandboxes, total) = directory.summaries(atMost: Self.listLimit)
        var writer = JSONWriter(capacity: 256 + 200 * sandboxes.count)
        writer.beginObject()
        writer.key("data")
        writer.beginArray()
        for sandbox in sandboxes {
            writer.beginObject()
            writer.members(of: sandbox)
            writer.endObject()
        }
        writer.endArray()
        writer.key("total")
        writer.integer(total)
        writer.endObject()
        return HTTPResponse(200, json: writer.bytes)
    }

    /// `POST /_understudy/admin/sandboxes`: makes one that nothing drops, with a fresh key for each API.
    func makeSandbox(_ call: AdminCall) -> Reply { apart(call) { try $0.madeSandbox(call) } }

    private func madeSandbox(_ call: AdminCall) throws -> HTTPResponse {
        let bytes = call.request.body.isEmpty ? Array("{}".utf8) : call.request.body
        let body = try RequestBody(bytes, maximumDepth: SandboxRecipe.maximumDepth)
        var reader = FieldReader(body.object)
        reader.refuseAll(but: ["name", "seed", "clock"])
        let name = reader.string("name", body.object["name"]) ?? "sandbox-\(configuration.freshSecret(8).lowercased())"
        if reader.violations.isEmpty, !PlainName.isOne(name) {
            reader.report("name", PlainName.message)
        }
        guard reader.violations.isEmpty else { throw ControlRefusal.invalid(reader.violations) }
        do {
            let recipe = try SandboxRecipe(body.object, in: bytes)
            let fresh = try apis.map { api in
                (api.name, try SeedCredential(token: freshKey(of: api), standing: JSONObject(members: []), in: []))
            }
            let made = try directory.make(
                named: name, from: recipe, keys: fresh.map(\.1), takesOver: isAdmin(call.request))
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

    /// `GET /_understudy/admin/sandboxes/{name}`: opens it, if it was closed, and says what it holds.
    func lookAtSandbox(_ call: AdminCall) throws -> Reply {
        let name = call.parameter
        guard let sandbox = directory.sandbox(named: name) else {
            throw ControlRefusal.notFound(what: "sandbox \(name)")
        }
        return turn(call.endpoint, in: sandbox, call.request, call.answer) { [self] world in
            let credentials = directory.credentials(of: name).map { ShownCredential(listed: $0) }
            return try describe(world, named: name, status: 200, credentials: credentials)
        }
    }

    /// `DELETE /_understudy/admin/sandboxes/{name}`: answers what it was.
    ///
    /// What opens it opens nothing from now on; its files go when those who are inside or wait are through.
    func removeSandbox(_ call: AdminCall) throws -> Reply {
        do {
            let removal = try directory.beginRemoval(of: call.parameter)
            let answered: @Sendable (HTTPResponse) -> Answered = {
                Answered($0, route: call.endpoint.route, sandbox: removal.sandbox, answer: call.answer)
            }
            return .turn(
                ControlTurn(
                    place: .sandbox(removal.sandbox), effort: .long, comesThroughFullQueue: true,
                    answer: { [self] opened, _ in
                        do {
                            try directory.finish(removal, try? opened?.get())
                            var writer = JSONWriter(capacity: 256)
                            writer.beginObject()
                            writer.members(of: removal.summary)
                            writer.endObject()
                            return answered(HTTPResponse(200, json: writer.bytes))
                        } catch { return answered(refusal(for: error, call.answer).response) }
                    },
                    refuse: { answered(ControlRefusal.unavailable($0).response) }))
        } catch let refusal as DirectoryRefusal {
            throw ControlRefusal(refusal, sandbox: call.parameter)
        }
    }

    /// An answer that takes long and is made in no sandbox's turn.
    private func apart(_ call: AdminCall, _ work: @escaping @Sendable (ControlPlane) throws -> HTTPResponse) -> Reply {
        let answered: @Sendable (HTTPResponse) -> Answered = {
            Answered($0, route: call.endpoint.route, sandbox: nil, answer: call.answer)
        }
        return .turn(
            ControlTurn(
                place: .apart(directory.adminQueue), effort: .long,
                answer: { [self] _, _ in
                    do { return answered(try work(self)) } catch {
                        return answered(refusal(for: error, call.answer).response)
                    }
                },
                refuse: { answered(ControlRefusal.unavailable($0).response) }))
    }

    private func describe(
        _ world: World, named name: String, status: Int, credentials: [ShownCredential]
    ) throws -> HTTPResponse {
        // It may have been removed meanwhile.
        guard let summary = directory.summary(of: name) else { throw ControlRefusal.notFound(what: "sandbox \(name)") }
        let now = world.now
        try world.advanceIfThereIsRoom(to: now)
        let counts = try world.counts()
        var writer = JSONWriter()
        writer.beginObject()
        writer.members(of: summary)
        writer.contents(of: world, at: now, counts, credentials)
        writer.endObject()
        return HTTPResponse(status, json: writer.bytes)
    }
}

extension JSONWriter {
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
