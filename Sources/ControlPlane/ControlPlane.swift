package import Emulation
import EmbeddedDocuments
package import HTTPFront
import JSON
package import Sandboxes

/// `/_understudy`: what a test author needs that the emulated APIs do not offer. All of it is ours.
package final class ControlPlane: Sendable {
    package static let basePath = "/_understudy"
    /// The OpenAPI document, with what APIs add to it.
    package static func document(with apis: [any ControlledAPI]) -> [UInt8] {
        let core = ConstantBytes(
            understudy_openapi_control_plane_start(), count: understudy_openapi_control_plane_size)
        return JSONDocument.merged(core.array, with: apis.compactMap(\.controlDocument))
    }

    /// Everything that can be asked for.
    package let endpoints: [Endpoint]
    private let directory: SandboxDirectory
    private let configuration: ControlPlaneConfiguration
    private let access: AccessRules
    private let foreignRequests: ForeignRequests
    private let router: Router<Endpoint>

    /// - Parameter apis: In this order they are asked whose a credential is. Each adds its endpoints.
    package init(directory: SandboxDirectory, apis: [any ControlledAPI], configuration: ControlPlaneConfiguration) {
        self.directory = directory
        self.configuration = configuration
        access = AccessRules(
            directory: directory, apis: apis, mode: configuration.mode, adminToken: configuration.adminToken)
        foreignRequests = ForeignRequests(
            allowedHosts: configuration.allowedHosts, isEncrypted: configuration.isEncrypted)
        endpoints = Self.groups(directory, apis, configuration).flatMap(\.endpoints) + apis.flatMap(\.controlEndpoints)
        var router = Router<Endpoint>()
        for endpoint in endpoints { router.add(endpoint.route.method, endpoint.route.path, endpoint) }
        self.router = router
    }

    /// Our own endpoints, topic by topic.
    private static func groups(
        _ directory: SandboxDirectory, _ apis: [any ControlledAPI], _ configuration: ControlPlaneConfiguration
    ) -> [any EndpointGroup] {
        let vocabulary = FaultVocabulary(apis)
        return [
            ServerEndpoints(configuration, document: { document(with: apis) }),
            PageEndpoints(version: configuration.version, apis: apis),
            SandboxEndpoints(directory: directory, faultVocabulary: vocabulary, configuration),
            SnapshotEndpoints(directory: directory),
            CredentialEndpoints(directory: directory, apis: apis, freshSecret: configuration.freshSecret),
            ClockEndpoints(), ScenarioEndpoints(), FaultEndpoints(vocabulary: vocabulary),
            ProviderStateEndpoints(directory: directory),
            AdminEndpoints(directory: directory, apis: apis, freshSecret: configuration.freshSecret),
            JournalEndpoints(apis: apis, capacity: configuration.journals?.limits.entries ?? 0),
            ArchiveEndpoints(apis: apis, version: configuration.version),
            ConformanceEndpoints(apis: apis, checksContract: configuration.checksContract),
        ]
    }

    /// Answers one request, or says in whose turn it is answered. Nothing here is rate limited.
    package func reply(to request: HTTPRequest) -> Reply {
        let answer = AnswerContext(requestID: configuration.requestID(), steadySeconds: configuration.steadySeconds)
        let match = match(request)
        let route: Route? = if case .found(let endpoint, _) = match { endpoint.route } else { nil }
        do {
            try refuseAtOnce(request, match)
            switch match {
            case .nothing: throw ControlRefusal.unknownPath(method: request.method, path: request.path)
            case .wrongMethod(let allowed):
                throw ControlRefusal.wrongMethod(method: request.method, allowed: allowed)
            case .found(let endpoint, let parameters):
                return try begin(
                    ControlRequest(
                        request: request, endpoint: endpoint, parameters: parameters, answer: answer))
            }
        } catch {
            return .answered(Answered(refusal(for: error, answer).response, route: route, sandbox: nil, answer: answer))
        }
    }

    /// What is to be done with the body of a request whose headers these are: it is kept only for who may do what is
    /// asked.
    package func admit(_ head: HTTPRequest) -> BodyAdmission {
        guard case .found(let endpoint, _) = match(head), configuration.isOn,
            (try? foreignRequests.refuse(head, for: endpoint.route.id)) != nil,
            let memory = try? access.memory(forBodyOf: head, to: endpoint)
        else { return .unread }
        return BodyAdmission(limit: endpoint.takesSeed ? configuration.seedLimit : Pipeline.bodyLimit, memory: memory)
    }

    /// The endpoint that a request has found. The console's address works with and without its slash.
    private func match(_ request: HTTPRequest) -> Router<Endpoint>.Match {
        router.match(request.method, request.path == Self.basePath + "/" ? Self.basePath : request.path)
    }

    /// Refuses, whoever sends it, what could not be read, and all but health when the control plane is off.
    private func refuseAtOnce(_ request: HTTPRequest, _ match: Router<Endpoint>.Match) throws(ControlRefusal) {
        let id: String? = if case .found(let endpoint, _) = match { endpoint.route.id } else { nil }
        switch request.problem {
        case .headersTooLarge(let limit): throw .headersTooLarge(limit: limit)
        case .bodyTooLarge(let limit): throw .bodyTooLarge(limit: limit)
        case .noMemory(let limit): throw .unavailable(.memory(limit: limit))
        // The last connections are for the control plane, but for nobody to wait in.
        case .tooManyConnections where id == "wait_for_requests": throw .unavailable(.connections)
        case .tooManyConnections, nil: break
        }
        if !configuration.isOn, request.path.hasPrefix(Self.basePath), id != "get_health" { throw .switchedOff }
    }

    /// Whatever is found out before the sandbox's turn.
    private func begin(_ asked: ControlRequest) throws -> Reply {
        let request = asked.request
        try foreignRequests.refuse(request, for: asked.endpoint.route.id)
        switch asked.endpoint.handler {
        case .open(let handler): return .answered(asked.answered(handler(), in: nil))
        case .sandbox(let right, let handler):
            let caller = try access.find(request, toBeAbleTo: right)
            return turn(asked, .inside(caller.sandbox) { try handler(asked.call(by: caller, in: $0)) })
        case .journal(let right, let handler):
            let sandbox = try access.find(request, toBeAbleTo: right).sandbox
            let call = JournalCall(request: request, parameters: asked.parameters, journal: try journal(of: sandbox))
            if asked.endpoint.takesLong || call.journal.isLarge {
                return turn(asked, .inside(sandbox) { _ in try handler(call) })
            }
            return .answered(asked.answered(try handler(call), in: sandbox))
        case .admin(let right, let handler):
            try access.requireAdmin(request, toBeAbleTo: right)
            let call = AdminCall(request: request, parameters: asked.parameters, isAdmin: access.isAdmin(request))
            return turn(asked, try handler(call))
        }
    }

    private func turn(_ asked: ControlRequest, _ work: ControlWork) -> Reply {
        .turn(ControlTurn(work, for: asked, directory) { [self] in refusal(for: $0, asked.answer) })
    }

    private func journal(of sandbox: Sandbox) throws(ControlRefusal) -> RequestJournal {
        guard let journals = configuration.journals else {
            throw .conflict(reason: "The journal is off: the server was started with --journal 0.")
        }
        return journals.journal(of: sandbox)
    }

    /// What an error is answered with. One that is not known is logged, and the answer does not tell it.
    private func refusal(for error: any Error, _ answer: AnswerContext) -> ControlRefusal {
        if let refusal = ControlRefusal(error) { return refusal }
        configuration.failed(answer.requestID, error)
        return .internalError
    }
}
