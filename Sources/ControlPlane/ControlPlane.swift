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
        steadySeconds: @escaping @Sendable () -> Double,
        requestID: @escaping @Sendable () -> String, failed: @escaping @Sendable (String, any Error) -> Void
    ) {
        self.version = version
        self.mode = mode
        self.isLoopback = isLoopback
        self.steadySeconds = steadySeconds
        self.requestID = requestID
        self.failed = failed
    }
}

/// `/_understudy`: what a test author needs that the emulated APIs do not offer. All of it is ours.
package struct ControlPlane: Sendable {
    package static let basePath = "/_understudy"
    package static let importPath = "/_understudy/sandbox/import"
    /// How many bytes an import may have; everything else takes ``Pipeline/bodyLimit``.
    package static let importLimit = 64 << 20

    /// The OpenAPI document, as it is served.
    package static let document = Array(
        UnsafeBufferPointer(
            start: understudy_openapi_control_plane_start(), count: Int(understudy_openapi_control_plane_size)))

    let directory: SandboxDirectory
    let configuration: ControlPlaneConfiguration
    let apis: [any EmulatedAPI]
    private let began: Double
    private let router: Router<Endpoint>

    /// A route: what it is called in the OpenAPI document and what answers it.
    package struct Endpoint: Sendable {
        package let id: String
        package let method: String
        package let path: String
        fileprivate let handler: Handler
    }

    fileprivate enum Handler: Sendable {
        case open(@Sendable (ControlPlane) -> HTTPResponse)
        case sandbox(@Sendable (ControlPlane, ControlCall) throws -> HTTPResponse)
    }

    package init(directory: SandboxDirectory, apis: [any EmulatedAPI], configuration: ControlPlaneConfiguration) {
        self.directory = directory
        self.apis = apis
        self.configuration = configuration
        began = configuration.steadySeconds()
        var router = Router<Endpoint>()
        for endpoint in Self.endpoints { router.add(endpoint.method, endpoint.path, endpoint) }
        self.router = router
    }

    package static let endpoints: [Endpoint] = [
        Endpoint(id: "get_page", method: "GET", path: "/_understudy/", handler: .sandbox { try $0.console($1) }),
        Endpoint(id: "get_health", method: "GET", path: "/_understudy/health", handler: .open { $0.health() }),
        Endpoint(
            id: "get_openapi", method: "GET", path: "/_understudy/openapi.json",
            handler: .open { _ in HTTPResponse(200, json: document) }),
        Endpoint(
            id: "get_sandbox", method: "GET", path: "/_understudy/sandbox", handler: .sandbox { try $0.sandbox($1) }),
        Endpoint(
            id: "reset_sandbox", method: "POST", path: "/_understudy/sandbox/reset",
            handler: .sandbox { try $0.reset($1) }),
        Endpoint(
            id: "export_sandbox", method: "GET", path: "/_understudy/sandbox/export",
            handler: .sandbox { try $0.export($1) }),
        Endpoint(
            id: "import_sandbox", method: "PUT", path: importPath,
            handler: .sandbox { try $0.importSeed($1) }),
        Endpoint(id: "get_clock", method: "GET", path: "/_understudy/clock", handler: .sandbox { try $0.clock($1) }),
        Endpoint(
            id: "patch_clock", method: "PATCH", path: "/_understudy/clock", handler: .sandbox { try $0.patchClock($1) }),
        Endpoint(
            id: "advance_clock", method: "POST", path: "/_understudy/clock/advance",
            handler: .sandbox { try $0.advanceClock($1) }),
        Endpoint(
            id: "list_scenarios", method: "GET", path: "/_understudy/scenarios",
            handler: .sandbox { try $0.scenarios($1) }),
        Endpoint(
            id: "get_scenario", method: "GET", path: "/_understudy/scenarios/{name}",
            handler: .sandbox { try $0.scenario($1) }),
        Endpoint(
            id: "put_scenario", method: "PUT", path: "/_understudy/scenarios/{name}",
            handler: .sandbox { try $0.putScenario($1) }),
        Endpoint(
            id: "delete_scenario", method: "DELETE", path: "/_understudy/scenarios/{name}",
            handler: .sandbox { try $0.deleteScenario($1) }),
        Endpoint(
            id: "patch_backfill", method: "PATCH", path: "/_understudy/backfills/{id}",
            handler: .sandbox { try $0.correctBackfill($1) }),
        Endpoint(
            id: "list_requests", method: "GET", path: "/_understudy/requests", handler: .sandbox { try $0.requests($1) }
        ),
        Endpoint(
            id: "delete_requests", method: "DELETE", path: "/_understudy/requests",
            handler: .sandbox { try $0.deleteRequests($1) }),
        Endpoint(
            id: "count_requests", method: "GET", path: "/_understudy/requests/count",
            handler: .sandbox { try $0.countRequests($1) }),
        Endpoint(
            id: "wait_for_requests", method: "GET", path: "/_understudy/requests/wait",
            handler: .sandbox { try $0.waitForRequests($1) }),
        Endpoint(
            id: "get_request", method: "GET", path: "/_understudy/requests/{request_id}",
            handler: .sandbox { try $0.journaledRequest($1) }),
        Endpoint(
            id: "get_requests_har", method: "GET", path: "/_understudy/requests.har",
            handler: .sandbox { try $0.archive($1) }),
        Endpoint(
            id: "get_conformance", method: "GET", path: "/_understudy/conformance",
            handler: .sandbox { try $0.conformance($1) }),
    ]

    /// Answers one request. Nothing here is rate limited.
    package func respond(to request: HTTPRequest) -> HTTPResponse {
        do {
            switch request.problem {
            case .headersTooLarge(let limit): throw ControlRefusal.headersTooLarge(limit: limit)
            case .bodyTooLarge(let limit): throw ControlRefusal.bodyTooLarge(limit: limit)
            case nil: break
            }
            // The console's address works with and without its slash.
            let path = request.path == Self.basePath + "/" ? Self.basePath : request.path
            switch router.match(request.method, path) {
            case .nothing: throw ControlRefusal.unknownPath(method: request.method, path: request.path)
            case .wrongMethod(let allowed): throw ControlRefusal.wrongMethod(method: request.method, allowed: allowed)
            case .found(let endpoint, let parameters):
                switch endpoint.handler {
                case .open(let handler): return handler(self)
                case .sandbox(let handler):
                    try refuseForeignWrites(request)
                    return try handler(
                        self,
                        ControlCall(
                            request: request, parameter: parameters.first ?? "", sandbox: try sandbox(of: request)))
                }
            }
        } catch let refusal as ControlRefusal {
            return refusal.response
        } catch let malformed as MalformedBody {
            return ControlRefusal.malformedBody(reason: malformed.reason).response
        } catch {
            configuration.failed(configuration.requestID(), error)
            return ControlRefusal.internalError.response
        }
    }

    private func health() -> HTTPResponse {
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

    // MARK: Who may do what

    /// The caller's own sandbox, found by the same credential that the emulated APIs take.
    private func sandbox(of request: HTTPRequest) throws -> Sandbox {
        if case .missing = BearerToken.read(request) {
            guard configuration.mode == .open else {
                throw ControlRefusal.unauthorized(reason: "In strict mode this takes a credential of the sandbox.")
            }
            return directory.defaultSandbox
        }
        for api in apis {
            guard case .presented(let presented, let token) = api.authenticate(request) else { continue }
            guard let known = try directory.resolve(presented) else { break }
            let now = known.sandbox.withWorld { $0.now }
            if case .credentialRefused(let reason) = (token ?? known.credential).refusal(at: now) {
                throw ControlRefusal.unauthorized(reason: "The credential is not accepted: \(reason).")
            }
            return known.sandbox
        }
        throw ControlRefusal.unauthorized(reason: "The credential is not accepted: no emulated API knows it.")
    }

    /// A web page must not be able to wipe a sandbox: neither by a request from another origin, nor by a name that it
    /// has made to point at this machine.
    private func refuseForeignWrites(_ request: HTTPRequest) throws(ControlRefusal) {
        guard request.method != "GET", request.method != "HEAD" else { return }
        let host = request.field("host") ?? ""
        if let origin = request.field("origin"), origin != "http://\(host)", origin != "https://\(host)" {
            throw .forbidden(reason: "A write with a foreign Origin is refused.")
        }
        if configuration.isLoopback, !Self.isLoopback(host: host) {
            throw .forbidden(reason: "A write under a Host that is not a loopback address is refused.")
        }
    }

    /// Whether a `Host` header, or an address to listen on, names this machine alone.
    package static func isLoopback(host: String) -> Bool {
        if host == "::1" || host.hasPrefix("[::1]") { return true }
        let name =
            host.split(separator: ":", omittingEmptySubsequences: false).first.map(String.init)?.lowercased() ?? ""
        guard name != "localhost" else { return true }
        let numbers = name.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
    }
}

/// A request to the control plane that has found its sandbox.
struct ControlCall {
    let request: HTTPRequest
    /// The decoded value of the path's parameter; empty when it has none.
    let parameter: String
    let sandbox: Sandbox
}
