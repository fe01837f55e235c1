package import Emulation
import EmbeddedDocuments
package import HTTPFront
import JSON
package import Sandboxes
import Simulation

/// What the control plane needs to know of the server it belongs to.
package struct ControlPlaneConfiguration: Sendable {
    package var version: String
    /// Strict mode takes a credential for everything; open mode has the sandbox `default` for who sends none.
    package var mode: SandboxConfiguration.Mode
    /// Without one, in open mode anybody is the admin, in strict mode nobody.
    package var adminToken: AdminToken?
    /// Whether there is more of it than health.
    package var isOn = true
    /// So many letters and digits that nobody can guess.
    package var freshSecret: @Sendable (_ length: Int) -> String
    /// The figures of `GET /_understudy/metrics`, in Prometheus' text format.
    package var metrics: @Sendable () -> [UInt8] = { [] }
    /// Whether the server listens on a loopback address only: then no other `Host` may write.
    package var isLoopback: Bool
    package var steadySeconds: @Sendable () -> Double
    package var requestID: @Sendable () -> String
    package var failed: @Sendable (_ requestID: String, _ error: any Error) -> Void
    /// Where requests to the emulated APIs are kept; nil keeps none.
    package var journals: RequestJournals?
    /// Whether the emulated APIs hold every answer against their documents.
    package var checksContract = false

    package init(
        version: String, mode: SandboxConfiguration.Mode, isLoopback: Bool,
        freshSecret: @escaping @Sendable (Int) -> String, steadySeconds: @escaping @Sendable () -> Double,
        requestID: @escaping @Sendable () -> String, failed: @escaping @Sendable (String, any Error) -> Void
    ) {
        self.version = version
        self.mode = mode
        self.isLoopback = isLoopback
        self.freshSecret = freshSecret
        self.steadySeconds = steadySeconds
        self.requestID = requestID
        self.failed = failed
    }
}

/// `/_understudy`: what a test author needs that the emulated APIs do not offer. All of it is ours.
package struct ControlPlane: Sendable {
    package static let basePath = "/_understudy"
    package static let importPath = "/_understudy/sandbox/import"
    package static let sandboxesPath = "/_understudy/admin/sandboxes"
    /// How many bytes a whole seed may have, be it imported or what a sandbox is made from; everything else takes
    /// ``Pipeline/bodyLimit``.
    package static let seedLimit = 64 << 20

    /// The OpenAPI document, as it is served.
    package static let document = Array(
        UnsafeBufferPointer(
            start: understudy_openapi_control_plane_start(), count: Int(understudy_openapi_control_plane_size)))

    let directory: SandboxDirectory
    let configuration: ControlPlaneConfiguration
    let faultVocabulary: FaultVocabulary
    let apis: [any EmulatedAPI]
    private let began: Double
    private let router: Router<Endpoint>

    /// A route: what it is called in the OpenAPI document and what answers it.
    package struct Endpoint: Sendable {
        package let route: Route
        let handler: Handler

        init(id: String, method: String, path: String, handler: Handler) {
            route = Route(id: id, method: method, path: path)
            self.handler = handler
        }
    }

    enum Handler: Sendable {
        case open(@Sendable (ControlPlane) -> HTTPResponse)
        case sandbox(@Sendable (ControlPlane, ControlCall) throws -> HTTPResponse)
        case admin(@Sendable (ControlPlane, AdminCall) throws -> HTTPResponse)
    }

    package init(directory: SandboxDirectory, apis: [any EmulatedAPI], configuration: ControlPlaneConfiguration) {
        self.directory = directory
        self.apis = apis
        self.configuration = configuration
        faultVocabulary = FaultVocabulary(apis)
        began = configuration.steadySeconds()
        var router = Router<Endpoint>()
        for endpoint in Self.endpoints { router.add(endpoint.route.method, endpoint.route.path, endpoint) }
        self.router = router
    }

    /// Answers one request. Nothing here is rate limited.
    package func respond(to request: HTTPRequest) -> Answered {
        let answer = AnswerContext(requestID: configuration.requestID(), steadySeconds: configuration.steadySeconds)
        // The console's address works with and without its slash.
        let path = request.path == Self.basePath + "/" ? Self.basePath : request.path
        let match = router.match(request.method, path)
        let route: Route? = if case .found(let endpoint, _) = match { endpoint.route } else { nil }
        do {
            let (response, sandbox) = try perform(match, request)
            return Answered(response, route: route, sandbox: sandbox, answer: answer)
        } catch {
            return Answered(refusal(for: error, answer).response, route: route, sandbox: nil, answer: answer)
        }
    }

    /// The answer to a request, and the sandbox that gave it.
    private func perform(_ match: Router<Endpoint>.Match, _ request: HTTPRequest) throws -> (HTTPResponse, Sandbox?) {
        switch request.problem {
        case .headersTooLarge(let limit): throw ControlRefusal.headersTooLarge(limit: limit)
        case .bodyTooLarge(let limit): throw ControlRefusal.bodyTooLarge(limit: limit)
        case nil: break
        }
        if !configuration.isOn, request.path.hasPrefix(Self.basePath), !Self.isHealth(match) {
            throw ControlRefusal.switchedOff
        }
        switch match {
        case .nothing: throw ControlRefusal.unknownPath(method: request.method, path: request.path)
        case .wrongMethod(let allowed): throw ControlRefusal.wrongMethod(method: request.method, allowed: allowed)
        case .found(let endpoint, let parameters):
            let parameter = parameters.first ?? ""
            switch endpoint.handler {
            case .open(let handler): return (handler(self), nil)
            case .sandbox(let handler):
                try refuseForeignWrites(request)
                let sandbox = try sandbox(of: request)
                let call = ControlCall(request: request, parameter: parameter, sandbox: sandbox)
                return (try handler(self, call), sandbox)
            case .admin(let handler):
                try refuseForeignWrites(request)
                try requireAdmin(request)
                return (try handler(self, AdminCall(request: request, parameter: parameter)), nil)
            }
        }
    }

    private func refusal(for error: any Error, _ answer: AnswerContext) -> ControlRefusal {
        if let refusal = error as? ControlRefusal { return refusal }
        if let malformed = error as? MalformedBody { return .malformedBody(reason: malformed.reason) }
        configuration.failed(answer.requestID, error)
        return .internalError
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

/// A request to the control plane that has found its sandbox.
struct ControlCall {
    let request: HTTPRequest
    /// The decoded value of the path's parameter; empty when it has none.
    let parameter: String
    let sandbox: Sandbox
}

/// A request that only an admin may send.
struct AdminCall {
    let request: HTTPRequest
    /// The decoded value of the path's parameter; empty when it has none.
    let parameter: String
}
