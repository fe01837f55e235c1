import Emulation
import HTTPFront
import JSON

/// What the operations of this API refuse.
enum NeoRefusal: Error, Hashable {
    /// The body is no JSON object.
    case malformedBody(reason: String)
    case invalid([Violation])
    /// The query's cursor is none that this list gave out in this sandbox.
    case unknownCursor
    case notFound(what: String)
    case conversationalTarget
    case agentNotEnabled(workflowID: Int64)
    case alreadyActive(workflowID: Int64, backfillID: String)
    case notRerunnable(state: String, failedCount: Int64)
    case notActive(state: String)
}

/// The answer to a refusal: status, code, message and details. The one table of this API's codes.
///
/// FORBIDDEN, validation_error, backfill_not_rerunnable, backfill_already_active and invalid_for_conversational are
/// documented. Choice: all other codes (docs/FIDELITY.md, "Error codes").
struct NeoError {
    let status: Int
    let code: String
    let message: String
    var details: ((inout JSONWriter) -> Void)?
    var fields: [HTTPField] = []

    init(_ refusal: NeoRefusal) {
        switch refusal {
        case .malformedBody(let reason):
            self.init(400, "BAD_REQUEST", "The request body must be a JSON object: \(reason).")
        case .invalid(let violations):
            let count = violations.count
            let most = Violations.most
            let rules = count == 1 ? "a rule" : count > most ? "more than \(most) rules" : "\(count) rules"
            self.init(422, "validation_error", "The request is well formed but breaks \(rules).")
            details = { writer in
                writer.errors(violations)
            }
        case .unknownCursor:
            self.init(
                400, "BAD_REQUEST", "The cursor is none of this list's. Send meta.pagination.next_cursor as it came.")
        case .notFound(let what):
            self.init(404, "NOT_FOUND", "There is no such \(what).")
        case .conversationalTarget:
            self.init(400, "invalid_for_conversational", "A conversational agent cannot be the target of a backfill.")
        case .agentNotEnabled(let workflowID):
            self.init(409, "agent_not_enabled", "The target workflow \(workflowID) is disabled.")
        case .alreadyActive(let workflowID, let backfillID):
            self.init(409, "backfill_already_active", "The workflow \(workflowID) has a backfill that is not over yet.")
            details = { writer in
                writer.key("active_backfill_id")
                writer.string(backfillID)
            }
        case .notActive(let state):
            self.init(409, "backfill_not_active", "The backfill is over: it is \(state).")
        case .notRerunnable(let state, let failedCount):
            self.init(
                409, "backfill_not_rerunnable",
                "Only a COMPLETED, CANCELLED or FAILED backfill with failed entities can be rerun; this one is \(state) with \(failedCount) failed."
            )
        }
    }

    init(_ refusal: PipelineRefusal) {
        switch refusal {
        case .unknownPath(let method, let path):
            self.init(404, "NOT_FOUND", "\(method) \(path) is not emulated; /public-api/openapi.json lists what is.")
        case .wrongMethod(let method, let allowed):
            self.init(
                405, "METHOD_NOT_ALLOWED", "\(method) is not allowed here; \(allowed.joined(separator: ", ")) is.")
            fields = [HTTPField("Allow", allowed.joined(separator: ", "))]
        case .bodyTooLarge(let limit):
            self.init(413, "PAYLOAD_TOO_LARGE", "The request body is larger than \(limit) bytes.")
        case .headersTooLarge(let limit):
            self.init(431, "HEADERS_TOO_LARGE", "The request's header block is larger than \(limit) bytes.")
        case .credentialMissing:
            self.init(401, "UNAUTHORIZED", "Send a credential: Authorization: Bearer <token>.")
            fields = [HTTPField("WWW-Authenticate", "Bearer")]
        case .credentialRefused(let reason):
            self.init(401, "UNAUTHORIZED", "The credential is not accepted: \(reason).")
            fields = [HTTPField("WWW-Authenticate", "Bearer")]
        case .forbidden(let reason):
            self.init(403, "FORBIDDEN", reason)
        case .rateLimited(let limit, let retryAfterSeconds):
            self.init(
                429, "RATE_LIMITED",
                "More than \(limit.requests) requests in \(limit.seconds) seconds. In tests, move the time on with POST /_understudy/clock/advance, or start with --rate-limit off."
            )
            fields = [HTTPField("Retry-After", String(retryAfterSeconds))]
        case .internalError:
            self.init(
                500, "INTERNAL_ERROR", "Something went wrong here; the server's log says what, under this request id.")
        case .unavailable(let reason):
            self.init(503, reason.code.uppercased(), reason.message)
            fields = [HTTPField("Retry-After", String(reason.retryAfterSeconds))]
        case .forced(let forced): self.init(forced)
        }
    }

    private init(_ forced: ForcedStatus) {
        // What the vendor documents is written as it is there, all other codes like our own.
        let code = forced.status == 422 ? forced.code : forced.code.uppercased()
        self.init(forced.status, code, forced.message)
        if forced.status == 422 {
            details = { $0.errors([Violation(field: "body", message: forced.message)]) }
        }
        if forced.status == 401 { fields.append(HTTPField("WWW-Authenticate", "Bearer")) }
        if let seconds = forced.retryAfterSeconds { fields.append(HTTPField("Retry-After", String(seconds))) }
    }

    private init(_ status: Int, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }
}
