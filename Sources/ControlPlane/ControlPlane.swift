package import Emulation
import EmbeddedDocuments
package import HTTPFront
import JSON
package import Sandboxes
import Simulation
import Threads

/// What the control plane needs to know of the server it belongs to.
package struct ControlPlaneConfiguration: Sendable {
    package var version: String
    /// Strict mode takes a credential for everything; open mode has the sandbox `default` for who sends none.
    package var mode: SandboxConfiguration.Mode
    /// Without one, in open mode anybody is the admin, in strict mode nobody.
    package var adminToken: AdminToken?
    /// How many bytes a whole seed may have, be it imported or what a sandbox is made from; everything else takes
    /// ``Pipeline/bodyLimit``. What can be exported fits.
    package var seedLimit = 64 << 20
    /// Gives memory that a large document took back to the system.
    package var releaseMemory: @Sendable () -> Void = {}
    /// Whether there is more of it than health.
    package var isOn = true
    /// So many letters and digits that nobody can guess.
    package var freshSecret: @Sendable (_ length: Int) -> String
    /// The figures of `GET /_understudy/metrics`, in Prometheus' text format.
    package var metrics: @Sendable () -> [UInt8] = { [] }
    /// Names, besides those that every server has, that the control plane answers under.
    package var allowedHosts: Set<HostName> = []
    /// Whether the port speaks TLS.
    package var isEncrypted = false
    package var steadySeconds: @Sendable () -> Double
    package var requestID: @Sendable () -> String
    package var failed: @Sendable (_ requestID: String, _ error: any Error) -> Void
    /// Where requests to the emulated APIs are kept; nil keeps none.
    package var journals: RequestJournals?
    /// Whether the emulated APIs hold every answer against their documents.
    package var checksContract = false

    package init(
        version: String, mode: SandboxConfiguration.Mode, freshSecret: @escaping @Sendable (Int) -> String,
        steadySeconds: @escaping @Sendable () -> Double,
        requestID: @escaping @Sendable () -> String, failed: @escaping @Sendable (String, any Error) -> Void
    ) {
        self.version = version
        self.mode = mode
        self.freshSecret = freshSecret
        self.steadySeconds = steadySeconds
        self.requestID = requestID
        self.failed = failed
    }
}

/// `/_understudy`: what a test author needs that the emulated APIs do not offer. All of it is ours.
package final class ControlPlane: Sendable {
    package static let basePath = "/_understudy"
    package static let importPath = "/_understudy/sandbox/import"
    package static let sandboxesPath = "/_understudy/admin/sandboxes"
    /// The OpenAPI document, as it is served.
    package static let document = Array(
        UnsafeBufferPointer(
            start: understudy_openapi_control_plane_start(), count: Int(understudy_openapi_control_plane_size)))

    let directory: SandboxDirectory
    let configuration: ControlPlaneConfiguration
    let faultVocabulary: FaultVocabulary
    let apis: [any EmulatedAPI]
    let foreignRequests: ForeignRequests
    private let began: Double
    private let router: Router<Endpoint>

    /// A route: what it is called in the OpenAPI document and what answers it.
    package struct Endpoint: Sendable {
        package let route: Route
        let handler: Handler
        /// Long for what takes long in any sandbox, or that nobody can tell of before.
        let effort: Effort
        /// Whether it puts other contents in place, or writes beside the sandbox's database: long where those are files, or large.
        let movesContents: Bool

        init(
            id: String, method: String, path: String, effort: Effort = .brief, movesContents: Bool = false,
            handler: Handler
        ) {
            route = Route(id: id, method: method, path: path)
            self.handler = handler
            self.effort = effort
            self.movesContents = movesContents
        }

        /// What it asks of whoever calls it.
        package var need: ControlNeed {
            switch handler {
            case .open: .nothing
            case .sandbox(let right, _), .journal(let right, _): .right(right)
            case .admin(let right, _): .server(right)
            }
        }
    }

    enum Handler: Sendable {
        /// Needs no sandbox, and is brief.
        case open(@Sendable (ControlPlane) -> HTTPResponse)
        /// Runs in the caller's sandbox's turn.
        case sandbox(ControlRight, @Sendable (ControlPlane, ControlCall) throws -> HTTPResponse)
        /// Looks at the journal of the caller's sandbox alone: in its turn only if that takes long.
        case journal(ControlRight, @Sendable (ControlPlane, JournalCall) throws -> HTTPResponse)
        /// Takes the admin token.
        case admin(ControlRight, @Sendable (ControlPlane, AdminCall) throws -> Reply)
    }

    package init(directory: SandboxDirectory, apis: [any EmulatedAPI], configuration: ControlPlaneConfiguration) {
        self.directory = directory
        self.apis = apis
        self.configuration = configuration
        faultVocabulary = FaultVocabulary(apis)
        foreignRequests = ForeignRequests(
            allowedHosts: configuration.allowedHosts, isEncrypted: configuration.isEncrypted)
        began = configuration.steadySeconds()
        var router = Router<Endpoint>()
        for endpoint in Self.endpoints { router.add(endpoint.route.method, endpoint.route.path, endpoint) }
        self.router = router
    }

    /// Answers one request, or says in whose turn it is answered. Nothing here is rate limited.
    package func reply(to request: HTTPRequest) -> Reply {
        let answer = AnswerContext(requestID: configuration.requestID(), steadySeconds: configuration.steadySeconds)
        let match = match(request)
        let route: Route? = if case .found(let endpoint, _) = match { endpoint.route } else { nil }
        do {
            return try begin(match, request, answer)
        } catch {
            return .answered(Answered(refusal(for: error, answer).response, route: route, sandbox: nil, answer: answer))
        }
    }

    /// The endpoint that a request has found. The console's address works with and without its slash.
    func match(_ request: HTTPRequest) -> Router<Endpoint>.Match {
        router.match(request.method, request.path == Self.basePath + "/" ? Self.basePath : request.path)
    }

    /// Whatever is found out before the sandbox's turn.
    private func begin(
        _ match: Router<Endpoint>.Match, _ request: HTTPRequest, _ answer: AnswerContext
    ) throws -> Reply {
        switch request.problem {
        case .headersTooLarge(let limit): throw ControlRefusal.headersTooLarge(limit: limit)
        case .bodyTooLarge(let limit): throw ControlRefusal.bodyTooLarge(limit: limit)
        case .noMemory(let limit): throw ControlRefusal.unavailable(.memory(limit: limit))
        // The last connections are for the control plane, but for nobody to wait in.
        case .tooManyConnections where Self.waits(match): throw ControlRefusal.unavailable(.connections)
        case .tooManyConnections, nil: break
        }
        if !configuration.isOn, request.path.hasPrefix(Self.basePath), !Self.isHealth(match) {
            throw ControlRefusal.switchedOff
        }
        switch match {
        case .nothing: throw ControlRefusal.unknownPath(method: request.method, path: request.path)
        case .wrongMethod(let allowed): throw ControlRefusal.wrongMethod(method: request.method, allowed: allowed)
        case .found(let endpoint, let parameters):
            try foreignRequests.refuse(request, for: endpoint.route.id)
            let parameter = parameters.first ?? ""
            switch endpoint.handler {
            case .open(let handler):
                return .answered(Answered(handler(self), route: endpoint.route, sandbox: nil, answer: answer))
            case .sandbox(let right, let handler):
                let access = try access(of: request)
                try right.require(of: access.right)
                return turn(endpoint, in: access.sandbox, request, answer) { world in
                    try handler(
                        self,
                        ControlCall(
                            request: request, parameter: parameter, sandbox: access.sandbox, right: access.right,
                            world: world))
                }
            case .journal(let right, let handler):
                let access = try access(of: request)
                try right.require(of: access.right)
                let sandbox = access.sandbox
                let call = JournalCall(
                    request: request, parameter: parameter, journal: try journal(of: sandbox))
                if endpoint.effort == .long || call.journal.isLarge {
                    return turn(endpoint, in: sandbox, request, answer) { _ in try handler(self, call) }
                }
                return .answered(
                    Answered(try handler(self, call), route: endpoint.route, sandbox: sandbox, answer: answer))
            case .admin(let right, let handler):
                try requireAdmin(request, toBeAbleTo: right)
                return try handler(self, AdminCall(request: request, parameter: parameter, answer: answer, endpoint))
            }
        }
    }

    /// A turn in a sandbox, in which that gives the answer.
    func turn(
        _ endpoint: Endpoint, in sandbox: Sandbox, _ request: HTTPRequest, _ answer: AnswerContext,
        _ work: @escaping @Sendable (World) throws -> HTTPResponse
    ) -> Reply {
        let answered: @Sendable (HTTPResponse) -> Answered = { response in
            var response = response
            if !response.count(in: sandbox), request.method == "GET" {
                response = ControlRefusal.unavailable(.memory(limit: sandbox.account.budget.limit)).response
            }
            return Answered(response, route: endpoint.route, sandbox: sandbox, answer: answer)
        }
        let isBrief =
            endpoint.effort == .brief && request.body.count <= Self.briefBody
            && !(endpoint.movesContents && directory.keepsFiles)
        return .turn(
            ControlTurn(
                place: .sandbox(sandbox), effort: isBrief ? .brief : .long,
                answer: { [self] opened, mayTakeLong in
                    do {
                        guard let world = try opened?.get() else { throw ControlRefusal.unavailable(.busy) }
                        if !mayTakeLong, try takesLong(endpoint, request, in: world) { return nil }
                        return answered(try work(world))
                    } catch {
                        return answered(refusal(for: error, answer).response)
                    }
                },
                refuse: { answered(ControlRefusal.unavailable($0).response) }))
    }

    /// A body larger than this takes a while to read.
    private static let briefBody = 64 << 10

    /// Whether a request that is brief in most sandboxes takes long in this one.
    private func takesLong(_ endpoint: Endpoint, _ request: HTTPRequest, in world: World) throws -> Bool {
        if world.isLarge { return true }
        if endpoint.movesContents, world.hasLargeSnapshots || directory.isLargeReset(world.name) { return true }
        let now = world.now
        if world.needsFile {
            let reads = request.method == "GET" || request.method == "HEAD"
            if try !reads || world.isDue(at: now) { return true }
        }
        return try !world.dueIsBrief(at: now)
    }

    func refusal(for error: any Error, _ answer: AnswerContext) -> ControlRefusal {
        if let refusal = error as? ControlRefusal { return refusal }
        if let full = error as? SandboxFull { return .unavailable(Unavailability(full)) }
        if let refusal = error as? DirectoryRefusal { return .unavailable(Unavailability(refusal)) }
        if let malformed = error as? MalformedBody { return .malformedBody(reason: malformed.reason) }
        configuration.failed(answer.requestID, error)
        return .internalError
    }

    private static func waits(_ match: Router<Endpoint>.Match) -> Bool {
        if case .found(let endpoint, _) = match { endpoint.route.id == "wait_for_requests" } else { false }
    }

    private static func isHealth(_ match: Router<Endpoint>.Match) -> Bool {
        if case .found(let endpoint, _) = match { endpoint.route.id == "get_health" } else { false }
    }

    func health() -> HTTPResponse {
        var writer = JSONWriter(capacity: 128)
        writer.beginObject()
        writer.key("status")
        writer.string("ok")
        writer.key("version")
        writer.string(configuration.version)
        writer.key("uptime_seconds")
        writer.double(((configuration.steadySeconds() - began) * 1_000).rounded() / 1_000)
        writer.endObject()
        return HTTPResponse(200, json: writer.bytes)
    }
}

/// A request to the control plane whose sandbox's turn has come.
struct ControlCall {
    let request: HTTPRequest
    /// The decoded value of the path's parameter; empty when it has none.
    let parameter: String
    let sandbox: Sandbox
    /// What the caller may do there.
    let right: ControlRight
    let world: World

    func withWorld<Result>(_ work: (World) throws -> Result) rethrows -> Result { try work(world) }
}

/// A request about the journal of a sandbox.
struct JournalCall: Sendable {
    let request: HTTPRequest
    /// The decoded value of the path's parameter; empty when it has none.
    let parameter: String
    let journal: RequestJournal
}

/// A request that only an admin may send.
struct AdminCall: Sendable {
    let request: HTTPRequest
    /// The decoded value of the path's parameter; empty when it has none.
    let parameter: String
    let answer: AnswerContext
    let endpoint: ControlPlane.Endpoint

    init(request: HTTPRequest, parameter: String, answer: AnswerContext, _ endpoint: ControlPlane.Endpoint) {
        self.request = request
        self.parameter = parameter
        self.answer = answer
        self.endpoint = endpoint
    }
}
