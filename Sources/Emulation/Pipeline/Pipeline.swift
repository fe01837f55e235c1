package import HTTPFront
package import Sandboxes
import Time
import Threads

/// What happens to every request to one emulated API, from arrival to answer.
package final class Pipeline: Sendable {
    package let api: any EmulatedAPI
    let directory: SandboxDirectory
    let configuration: PipelineConfiguration
    let router: Router<Operation>
    private let contract: Contract?

    package init(_ api: any EmulatedAPI, directory: SandboxDirectory, configuration: PipelineConfiguration) {
        self.api = api
        self.directory = directory
        self.configuration = configuration
        var router = Router<Operation>()
        for operation in api.operations { router.add(operation.method, operation.path, operation) }
        self.router = router
        contract = configuration.checksContract ? Contract(api.document) : nil
    }

    /// Answers one request, or says in which sandbox's turn it is answered, and keeps it in the journal of its sandbox.
    package func reply(to request: HTTPRequest) -> Reply {
        let answer = AnswerContext(requestID: configuration.requestID(), steadySeconds: configuration.steadySeconds)
        let arrival = configuration.journals?.now
        let reply = begin(request, answer, arrival)
        if case .answered(let answered) = reply { return .answered(finish(answered, to: request, arrival)) }
        return reply
    }

    /// What happens to an answer that no sandbox waits for: the journal keeps it.
    func finish(_ answered: Answered, to request: HTTPRequest, _ arrival: Instant?) -> Answered {
        let counted = count(answered, to: request)
        keep(counted, to: request, arrival)
        return counted
    }

    /// Counts a large answer until it is sent. What was only asked for is refused where there is no room for that.
    private func count(_ answered: Answered, to request: HTTPRequest) -> Answered {
        guard let sandbox = answered.sandbox, answered.response.isLarge else { return answered }
        var response = answered.response
        if response.count(in: sandbox) || request.method != "GET" { return answered.with(response) }
        let refusal = PipelineRefusal.unavailable(.memory(limit: sandbox.account.budget.limit))
        return answered.with(api.respond(to: refusal, answered.answer))
    }

    private func keep(_ answered: Answered, to request: HTTPRequest, _ arrival: Instant?) {
        let complaints = check(answered.response, to: request, answered.answer)
        guard let arrival else { return }
        configuration.journals?.write(
            answered, to: request, arrivedAt: arrival, api: api.name, complaints: complaints,
            default: directory.defaultSandbox)
    }

    /// How an answer breaks the API's document. What a fault forces is somebody's wish, and breaks nothing.
    private func check(_ response: HTTPResponse, to request: HTTPRequest, _ answer: AnswerContext) -> [String] {
        guard let contract, response.field("X-Understudy-Fault") == nil else { return [] }
        let complaints = contract.complaints(about: response, to: request)
        if !complaints.isEmpty {
            configuration.warned(
                "the answer to \(answer.requestID), \(request.method) \(request.path), breaks the OpenAPI document: "
                    + complaints.prefix(3).joined(separator: "; "))
        }
        return complaints
    }

    /// The steps, in the order they happen: those before the sandbox's turn.
    private func begin(_ request: HTTPRequest, _ answer: AnswerContext, _ arrival: Instant?) -> Reply {
        // 1. Which operation: decided by method and path alone.
        let match = router.match(request.method, request.path)
        let route: Route? = if case .found(let operation, _) = match { operation.route } else { nil }
        func answered(_ response: HTTPResponse, by sandbox: Sandbox? = nil) -> Answered {
            Answered(response, route: route, sandbox: sandbox, answer: answer)
        }
        if request.problem == nil, case .found(let operation, _) = match, case .open(let handler) = operation.access {
            return .answered(answered(handler(answer)))
        }
        if request.problem == .tooManyConnections {
            return .answered(answered(api.respond(to: .unavailable(.connections), answer)))
        }

        // 2. Whose sandbox: the credential alone decides. Without one, a path that leads nowhere is still a 404.
        let known: KnownCredential
        let standing: Credential
        switch identify(request) {
        case .success((let found, let credential)): (known, standing) = (found, credential)
        case .failure(let refusal):
            return .answered(answered(api.respond(to: Self.routing(request, match) ?? refusal.reason, answer)))
        }

        // Read while others may have the sandbox; what is wrong with it is said where it is needed.
        let effort = Self.effort(request, match)
        if effort == .brief, !request.body.isEmpty, case .found = match { _ = try? request.json() }

        // 3. The sandbox is this request's alone, from its turn to its answer.
        return .turn(
            PipelineTurn(
                pipeline: self, request: request, match: match, route: route, sandbox: known.sandbox,
                standing: standing, answer: answer, arrival: arrival, effort: effort))
    }

    /// The steps that happen in the sandbox's turn. Nil when they would take long and may not; then none has happened.
    func respond(
        to request: HTTPRequest, _ match: Router<Operation>.Match, in opened: Result<World, any Error>?,
        as standing: Credential, _ answer: AnswerContext, mayTakeLong: Bool
    ) -> HTTPResponse? {
        let world: World
        switch opened {
        case .success(let open)?: world = open
        case .failure(let refusal as DirectoryRefusal)?:
            return api.respond(to: .unavailable(Unavailability(refusal)), answer)
        case .failure(let error)?:
            configuration.failed(answer.requestID, error)
            return api.respond(to: .internalError, answer)
        case nil: return api.respond(to: .internalError, answer)
        }
        // 4. Its time is fixed. A credential that was revoked or has expired by then opens nothing.
        let now = world.now
        if let refusal = standing.refusal(at: now) {
            return api.respond(to: Self.routing(request, match) ?? refusal, answer)
        }
        if !mayTakeLong, takesLong(match, pathLength: request.path.utf8.count, in: world, at: now) { return nil }
        // 5. What the request prefers, or else a fault, stands in for the answer or makes it late.
        let interference = interference(with: request, match, in: world, answer)
        if let interference, let forced = forcedAnswer(interference.met, in: world, answer) {
            return interference.applied(to: forced)
        }
        // 6. The rate window, and the headers that every answer to a known tenant carries.
        let rate = admit(in: world)
        var response =
            rate.refusal.map { api.respond(to: $0, answer) }
            ?? perform(match, request, world, Caller(credential: standing), now, answer)
        response.fields.append(contentsOf: rate.fields)
        return interference?.applied(to: response) ?? response
    }

    // MARK: Long work

    /// A body larger than this takes a while to read, to keep and to say again.
    private static let briefBody = 64 << 10
    /// The same of one that may ask for much, such as a filter.
    private static let briefQuestion = 4 << 10

    private static func effort(_ request: HTTPRequest, _ match: Router<Operation>.Match) -> Effort {
        guard case .found(let operation, _) = match else { return .brief }
        let mostBytes = if case .searched? = operation.growth { briefQuestion } else { briefBody }
        return request.body.count > mostBytes ? .long : .brief
    }

    /// Whether to answer takes more than a few milliseconds: because much has fallen due, because the sandbox holds
    /// much of what is asked for, or because the first write to it makes a file.
    private func takesLong(
        _ match: Router<Operation>.Match, pathLength: Int, in world: World, at now: Instant
    ) -> Bool {
        // Each fault's pattern is held against the path.
        let faults = (try? world.faults().count) ?? 0
        if faults * (pathLength + 100) > 150_000 { return true }
        guard case .found(let operation, _) = match else { return false }
        switch operation.growth {
        case .searched(let isMuch)? where isMuch(world): return true
        case .contents? where world.isLarge: return true
        case .searched?, .contents?, nil: break
        }
        if world.needsFile, operation.writes || (try? world.isDue(at: now)) ?? false { return true }
        // What cannot be read is said to whoever reads it.
        return (try? world.dueIsBrief(at: now)) == false
    }

    // MARK: Steps

    private struct Refused: Error {
        let reason: PipelineRefusal
    }

    private func identify(_ request: HTTPRequest) -> Result<(KnownCredential, Credential), Refused> {
        switch api.authenticate(request) {
        case .refused(let reason): return .failure(Refused(reason: reason))
        case .presented(let presented, let token):
            do throws(DirectoryRefusal) {
                guard let known = try directory.resolve(presented) else {
                    return .failure(Refused(reason: .credentialRefused(reason: "it is not known or was deleted")))
                }
                return .success((known, known.standing(of: token, directory.modules)))
            } catch {
                return .failure(Refused(reason: .unavailable(Unavailability(error))))
            }
        }
    }

    /// What is wrong with a request whoever sends it.
    private static func routing(_ request: HTTPRequest, _ match: Router<Operation>.Match) -> PipelineRefusal? {
        switch request.problem {
        case .headersTooLarge(let limit): return .headersTooLarge(limit: limit)
        case .bodyTooLarge(let limit): return .bodyTooLarge(limit: limit)
        case .noMemory(let limit): return .unavailable(.memory(limit: limit))
        case .tooManyConnections: return .unavailable(.connections)
        case nil: break
        }
        switch match {
        case .found: return nil
        case .wrongMethod(let allowed): return .wrongMethod(method: request.method, allowed: allowed)
        case .nothing: return .unknownPath(method: request.method, path: request.path)
        }
    }

    private func perform(
        _ match: Router<Operation>.Match, _ request: HTTPRequest, _ world: World, _ caller: Caller,
        _ now: Instant, _ answer: AnswerContext
    ) -> HTTPResponse {
        if let refusal = Self.routing(request, match) { return api.respond(to: refusal, answer) }
        guard case .found(let operation, let parameters) = match else {
            return api.respond(to: .internalError, answer)
        }
        do {
            // 7. Whether the caller may do this.
            if let objection = api.objection(to: caller, doing: operation) {
                return api.respond(to: objection, answer)
            }
            let call = Call(
                request: request, parameters: parameters, world: world, caller: caller, now: now, answer: answer)
            switch operation.access {
            case .open(let handler): return handler(answer)
            // 8. What has fallen due happens before anybody looks.
            // 9. Then the operation: decodes, validates, applies the rules, stores. A refusal undoes what was written.
            case .read(let handler):
                try world.advanceIfThereIsRoom(to: now)
                return try handler(call)
            case .write(let handler): return try world.transaction(advancingTo: now) { try handler(call) }
            }
        } catch {
            // 10. Refusals get the API's own words; what nobody foresaw is logged and answered without internals.
            if let response = api.respond(to: error, answer) { return response }
            if let refusal = error as? DirectoryRefusal {
                return api.respond(to: .unavailable(Unavailability(refusal)), answer)
            }
            if let full = error as? SandboxFull { return api.respond(to: .unavailable(.init(full)), answer) }
            configuration.failed(answer.requestID, error)
            return api.respond(to: .internalError, answer)
        }
    }
}
