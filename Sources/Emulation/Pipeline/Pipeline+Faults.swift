import HTTPFront
package import Sandboxes
import Time

/// What a request meets, by a fault or by its own wish, and what its answer says of a wish.
struct Interference {
    let met: MetFault
    var preferenceApplied: String?
}

extension FaultVocabulary {
    /// What faults may name of these APIs.
    package init(_ apis: [any EmulatedAPI]) {
        let named = apis.map { api in (api.name, Set(api.operations.filter(\.takesCredential).map(\.id))) }
        self.init(Dictionary(named, uniquingKeysWith: { first, _ in first }))
    }
}

extension Operation {
    fileprivate var takesCredential: Bool { if case .open = access { false } else { true } }
}

// Choice: what a request prefers comes before all faults and uses none up (docs/FIDELITY.md, "Faults").
extension Pipeline {
    /// What the request meets instead of an answer that is right and at once; nil for nearly all.
    func interference(
        with request: HTTPRequest, _ match: Router<Operation>.Match, in world: World, _ answer: AnswerContext
    ) -> Interference? {
        if configuration.honorsPrefer, let wished = Preferences(request) {
            let outcome = wished.code.map { FaultOutcome.status($0, fields: [], body: nil) } ?? .real
            let met = MetFault(
                name: FaultRule.preferName, delayMilliseconds: Double(wished.delay ?? 0), outcome: outcome)
            return Interference(met: met, preferenceApplied: wished.applied)
        }
        do {
            if try world.faults().isEmpty { return nil }
            return try world.meetFault(faultable(request, match)).map { Interference(met: $0) }
        } catch {
            // What cannot be counted does not happen.
            configuration.failed(answer.requestID, error)
            return nil
        }
    }

    private func faultable(_ request: HTTPRequest, _ match: Router<Operation>.Match) -> FaultableRequest {
        var operation: String?
        if case .found(let found, _) = match { operation = found.id }
        return FaultableRequest(
            api: api.name, method: request.method, path: PercentCoding.decode(request.path.utf8[...]) ?? request.path,
            operation: operation)
    }

    /// The answer that stands in for the real one, which then never comes about; nil when that is only late.
    func forcedAnswer(_ met: MetFault, in world: World, _ answer: AnswerContext) -> HTTPResponse? {
        switch met.outcome {
        case .real: return nil
        case .broken: return HTTPResponse(200)
        case .status(let status, let fields, let body):
            var response = self.response(status, body, in: world, answer)
            let names = Set(fields.map { $0.name.lowercased() })
            response.fields.removeAll { names.contains($0.name.lowercased()) }
            response.fields.append(contentsOf: fields.map { HTTPField($0.name, $0.value) })
            return response
        }
    }

    private func response(_ status: Int, _ body: FaultBody?, in world: World, _ answer: AnswerContext) -> HTTPResponse {
        switch body {
        case .text(let text):
            return HTTPResponse(
                status, fields: [HTTPField("Content-Type", "text/plain; charset=utf-8")], body: Array(text.utf8))
        case .json(let json): return HTTPResponse(status, json: Array(json.utf8))
        case nil:
            guard let forced = ForcedStatus(status) else { return HTTPResponse(status) }
            var response = api.respond(to: .forced(forced), answer)
            if status == 429 { response.fields.append(contentsOf: exhaustedRate(forced, in: world)) }
            return response
        }
    }

    /// The fields of a 429: the window that the headers describe is full.
    private func exhaustedRate(_ forced: ForcedStatus, in world: World) -> [HTTPField] {
        guard configuration.rateLimiting != .off, let limit = api.rateLimits(plan: world.rateLimitPlan).first else {
            return []
        }
        let reset = world.rateTime.adding(seconds: Int64(forced.retryAfterSeconds ?? 0))
        return Self.rateFields(limit: limit.requests, remaining: 0, resetAt: reset)
    }
}

extension Interference {
    /// The response as it goes out: late, in pieces or broken, and saying by whom.
    func applied(to response: HTTPResponse) -> HTTPResponse {
        var response = response
        response.fields.append(HTTPField("X-Understudy-Fault", met.name))
        if let preferenceApplied { response.fields.append(HTTPField("Preference-Applied", preferenceApplied)) }
        let delivery = Delivery(
            delayMilliseconds: met.delayMilliseconds,
            dribble: met.dribble.map { Delivery.Dribble(chunks: $0.chunks, milliseconds: $0.milliseconds) },
            breakage: breakage)
        response.delivery = delivery == Delivery() ? nil : delivery
        return response
    }

    private var breakage: Delivery.Breakage? {
        guard case .broken(let kind) = met.outcome else { return nil }
        return switch kind {
        case .emptyResponse: .empty
        case .malformedResponseChunk: .malformedChunk
        case .randomDataThenClose: .randomThenClose
        case .connectionResetByPeer: .reset
        }
    }
}
