import Emulation
import HTTPFront
import Sandboxes

/// `/_understudy/sandbox`: the caller's sandbox as a whole.
struct SandboxEndpoints: EndpointGroup {
    private let directory: SandboxDirectory
    private let faultVocabulary: FaultVocabulary
    private let journals: RequestJournals?
    private let releaseMemory: @Sendable () -> Void

    init(
        directory: SandboxDirectory, faultVocabulary: FaultVocabulary, _ configuration: ControlPlaneConfiguration
    ) {
        self.directory = directory
        self.faultVocabulary = faultVocabulary
        journals = configuration.journals
        releaseMemory = configuration.releaseMemory
    }

    var endpoints: [Endpoint] {
        [
            Endpoint("get_sandbox", "GET", "/_understudy/sandbox", .sandbox(.read, get)),
            Endpoint(
                "reset_sandbox", "POST", "/_understudy/sandbox/reset", .sandbox(.administer, reset),
                movesContents: true),
            Endpoint("export_sandbox", "GET", "/_understudy/sandbox/export", .sandbox(.read, export), takesLong: true),
            Endpoint(
                "import_sandbox", "PUT", "/_understudy/sandbox/import", .sandbox(.administer, importSeed),
                takesLong: true, takesSeed: true),
        ]
    }

    /// What the sandbox is and holds.
    private func get(_ call: ControlCall) throws -> HTTPResponse { try call.world.description(from: directory) }

    /// Back to the seed; nobody waits any longer. Answers as ``get(_:)`` does.
    private func reset(_ call: ControlCall) throws -> HTTPResponse {
        let journal = journals?.journal(of: call.sandbox)
        try directory.reset(call.world)
        journal?.remove()
        let answer = try call.world.description(from: directory)
        let over = ControlRefusal.timeout(reason: "The sandbox was reset, and nobody waits in it any longer.")
        journal?.letGo(answering: over.response)
        HeldAnswers.of(call.sandbox).letGo()
        return answer
    }

    /// The whole sandbox as one seed document.
    private func export(_ call: ControlCall) throws -> HTTPResponse {
        try call.world.advanceIfThereIsRoom(to: call.world.now)
        return HTTPResponse(200, json: try call.world.export())
    }

    /// What was taken to read a larger one is given back.
    private static let largeDocument = 4 << 20

    /// Replaces everything by what a seed document says, or, when it is no good one, changes nothing.
    private func importSeed(_ call: ControlCall) throws -> HTTPResponse {
        do {
            let memory = ReadingMemory(directory.memory)
            defer {
                withExtendedLifetime(memory) {}
                if call.request.body.count > Self.largeDocument { releaseMemory() }
            }
            let document = try SeedDocument(
                reading: call.request.body, modules: directory.modules, memory: memory)
            try document.requireFaults(within: faultVocabulary)
            try call.world.replace(by: document)
            return try call.world.description(from: directory)
        } catch let refusal as SeedRefusal {
            if refusal.lacksMemory { throw ControlRefusal.unavailable(.memory(limit: directory.memory.limit)) }
            throw ControlRefusal.invalidSeed(refusal)
        }
    }
}
