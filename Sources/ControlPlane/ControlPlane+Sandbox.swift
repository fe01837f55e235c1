import Emulation
import HTTPFront
import JSON
import Sandboxes
import Simulation

extension ControlPlane {
    /// `GET /_understudy/sandbox`: what the caller's sandbox is and holds.
    func sandbox(_ call: ControlCall) throws -> HTTPResponse {
        try call.withWorld { try describe($0) }
    }

    /// `POST /_understudy/sandbox/reset`: back to the seed; nobody waits any longer. Answers as ``sandbox(_:)`` does.
    func reset(_ call: ControlCall) throws -> HTTPResponse {
        let journal = configuration.journals?.journal(of: call.sandbox)
        let answer = try call.withWorld { world in
            try directory.reset(world)
            journal?.remove()
            return try describe(world)
        }
        let over = ControlRefusal.timeout(reason: "The sandbox was reset, and nobody waits in it any longer.")
        journal?.letGo(answering: over.response)
        HeldAnswers.of(call.sandbox).letGo()
        return answer
    }

    /// `GET /_understudy/sandbox/export`: the whole sandbox as one seed document.
    func export(_ call: ControlCall) throws -> HTTPResponse {
        try call.withWorld { world in
            try world.advanceIfThereIsRoom(to: world.now)
            return HTTPResponse(200, json: try world.export())
        }
    }

    /// What was taken to read a larger one is given back.
    private static let largeDocument = 4 << 20

    /// `PUT /_understudy/sandbox/import`: replaces everything by what a seed document says, or, when it is no good one,
    /// changes nothing.
    func importSeed(_ call: ControlCall) throws -> HTTPResponse {
        do {
            let memory = ReadingMemory(directory.memory)
            defer {
                withExtendedLifetime(memory) {}
                if call.request.body.count > Self.largeDocument { configuration.releaseMemory() }
            }
            let document = try SeedDocument(reading: call.request.body, memory: memory)
            try document.requireFaults(within: faultVocabulary)
            return try call.withWorld { world in
                try world.replace(by: document)
                return try describe(world)
            }
        } catch let refusal as SeedRefusal {
            if refusal.lacksMemory { throw ControlRefusal.unavailable(.memory(limit: directory.memory.limit)) }
            throw ControlRefusal.invalidSeed(refusal)
        }
    }

    /// What a sandbox is and holds, once what has fallen due has happened.
    func describe(_ world: World) throws -> HTTPResponse {
        let now = world.now
        try world.advanceIfThereIsRoom(to: now)
        let counts = try world.counts()
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("name")
        writer.string(world.name)
        writer.key("tenant_id")
        writer.string(world.tenantID)
        let credentials = directory.credentials(of: world.name).map { ShownCredential(listed: $0) }
        writer.contents(of: world, at: now, counts, credentials)
        writer.endObject()
        return HTTPResponse(200, json: writer.bytes)
    }

    /// `GET /_understudy/`: a page for people, until the console comes.
    func console(_ call: ControlCall) throws -> HTTPResponse {
        let (name, counts) = try call.withWorld { ($0.name, try $0.counts()) }
        let page = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Understudy</title></head>
            <body><h1>Understudy \(configuration.version)</h1>
            <p>Sandbox <code>\(name)</code>: \(counts.agents) agents, \(counts.entities) entities, \(counts.backfills) backfills,
            \(counts.executions) executions, \(counts.runs) agent runs, \(counts.agentConfigs) agent configs.</p>
            <ul>
            <li><a href="/public-api/openapi.json">The Neo API's OpenAPI document</a></li>
            <li><a href="/api/v1/openapi.json">The Backside API's OpenAPI document</a></li>
            <li><a href="/_understudy/openapi.json">The control plane's OpenAPI document</a></li>
            <li><a href="/_understudy/sandbox">This sandbox</a></li>
            <li><a href="/_understudy/sandbox/export">This sandbox as a seed document</a></li>
            <li><a href="/_understudy/requests">The last requests to the APIs</a>, <a href="/_understudy/requests.har">as HAR</a></li>
            <li><a href="/_understudy/conformance">What requests had that nothing reads</a></li>
            <li><a href="/_understudy/health">Health</a></li>
            </ul></body></html>

            """
        return HTTPResponse(
            200, fields: [HTTPField("Content-Type", "text/html; charset=utf-8")], body: Array(page.utf8))
    }
}

extension JSONWriter {
    /// The members that say what opens a sandbox and what it holds.
    mutating func contents(
        of world: World, at now: Instant, _ counts: World.Counts, _ credentials: [ShownCredential]
    ) {
        key("credentials")
        beginArray()
        for shown in credentials { credential(shown) }
        endArray()
        key("clock")
        clock(world.clock, now: now)
        key("counts")
        self.counts(counts)
    }

    fileprivate mutating func counts(_ counts: World.Counts) {
        beginObject()
        key("agents")
        integer(counts.agents)
        key("entities")
        integer(counts.entities)
        key("backfills")
        integer(counts.backfills)
        key("executions")
        integer(counts.executions)
        key("agent_configs")
        integer(counts.agentConfigs)
        key("runs")
        integer(counts.runs)
        endObject()
    }
}
