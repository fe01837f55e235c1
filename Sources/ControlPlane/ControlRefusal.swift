package import Emulation
import HTTPFront
import JSON
package import Sandboxes

/// What the control plane refuses. Its answers are written here and nowhere else:
/// `{"error": {"code", "message", "details"?}}`.
package enum ControlRefusal: Error {
    case unknownPath(method: String, path: String)
    /// There is none of it but health.
    case switchedOff
    case wrongMethod(method: String, allowed: [String])
    case bodyTooLarge(limit: Int)
    case headersTooLarge(limit: Int)
    /// The body is no JSON object.
    case malformedBody(reason: String)
    case unauthorized(reason: String)
    case forbidden(reason: String)
    case notFound(what: String)
    /// The document is no JSON, or no seed.
    case invalidSeed(SeedRefusal)
    /// The document is no scenario, or one that contradicts itself or the sandbox.
    case invalidScenario(SeedRefusal)
    /// The document is no fault, or one that contradicts itself or names what does not exist.
    case invalidFault(SeedRefusal)
    case invalid([Violation])
    /// What is asked for does not go together with what is there.
    case conflict(reason: String)
    /// What was waited for has not come.
    case timeout(reason: String)
    /// Not now: the sandbox or the server has no room or no time.
    case unavailable(Unavailability)
    case internalError

    private var answer: (status: Int, code: String, message: String) {
        switch self {
        case .unknownPath(let method, let path):
            (404, "not_found", "There is no \(method) \(path); /_understudy/openapi.json lists what there is.")
        case .switchedOff:
            (404, "not_found", "The control plane is off: the server was started with --no-control-plane.")
        case .wrongMethod(let method, let allowed):
            (405, "method_not_allowed", "\(method) is not allowed here; \(allowed.joined(separator: ", ")) is.")
        case .bodyTooLarge(let limit): (413, "payload_too_large", "The request body is larger than \(limit) bytes.")
        case .headersTooLarge(let limit):
            (431, "headers_too_large", "The request's header block is larger than \(limit) bytes.")
        case .malformedBody(let reason): (400, "bad_request", "The request body must be a JSON object: \(reason).")
        case .unauthorized(let reason): (401, "unauthorized", reason)
        case .forbidden(let reason): (403, "forbidden", reason)
        case .notFound(let what): (404, "not_found", "There is no \(what).")
        case .invalidSeed(let refusal): (422, "invalid_seed", "\(refusal)")
        case .invalidScenario(let refusal): (422, "invalid_scenario", "\(refusal)")
        case .invalidFault(let refusal): (422, "invalid_fault", "\(refusal)")
        case .invalid(let violations):
            (
                422, "invalid_request",
                violations.map(\.description).joined(separator: "; ")
            )
        case .conflict(let reason): (409, "conflict", reason)
        case .timeout(let reason): (408, "timeout", reason)
        case .unavailable(let reason): (reason.isSandboxFull ? 507 : 503, reason.code, reason.message)
        case .internalError: (500, "internal_error", "Something went wrong here; the server's log says what.")
        }
    }

    var response: HTTPResponse {
        let (status, code, message) = answer
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.key("error")
        writer.beginObject()
        writer.key("code")
        writer.string(code)
        writer.key("message")
        writer.string(message)
        if let violations {
            writer.key("details")
            writer.beginObject()
            writer.errors(violations)
            writer.endObject()
        }
        writer.endObject()
        writer.endObject()
        return HTTPResponse(status, json: writer.bytes, fields: fields)
    }

    private var violations: [Violation]? {
        switch self {
        case .invalidSeed(let refusal), .invalidScenario(let refusal), .invalidFault(let refusal):
            refusal.problems.map { Violation(field: $0.place, message: $0.message) }
        case .invalid(let violations): violations
        case .unknownPath, .switchedOff, .wrongMethod, .bodyTooLarge, .headersTooLarge, .malformedBody, .unauthorized,
            .forbidden, .notFound, .conflict, .timeout, .unavailable, .internalError:
            nil
        }
    }

    private var fields: [HTTPField] {
        switch self {
        case .wrongMethod(_, let allowed): [HTTPField("Allow", allowed.joined(separator: ", "))]
        case .unauthorized: [HTTPField("WWW-Authenticate", "Bearer")]
        case .unavailable(let reason): [HTTPField("Retry-After", String(reason.retryAfterSeconds))]
        case .unknownPath, .switchedOff, .bodyTooLarge, .headersTooLarge, .malformedBody, .forbidden, .notFound,
            .invalidSeed, .invalidScenario, .invalidFault, .invalid, .conflict, .timeout, .internalError:
            []
        }
    }
}
