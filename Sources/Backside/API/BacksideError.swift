import Emulation
import HTTPFront
import JSON

/// What the operations of this API refuse.
enum BacksideRefusal: Error, Hashable {
    case badRequest(reason: String)
    case malformedBody(reason: String)
    /// All that is wrong with a body's members.
    case invalid([Violation])
    case notFound(what: String)
    /// What is asked for does not go together with what is there.
    case conflict(reason: String)
}

/// The answer to a refusal: the one table of this API's codes, and the one place that writes its error shape
/// (documented): `{"error": {"code", "message"}}`.
///
/// `not_found` and `payment_required` are documented. Choice: all other codes (docs/FIDELITY.md, "Error codes").
struct BacksideError {
    let status: Int
    let code: String
    let message: String
    var fields: [HTTPField] = []
    var offersPayment = false

    init(_ refusal: BacksideRefusal) {
        switch refusal {
        case .badRequest(let reason): self.init(400, "bad_request", reason)
        case .malformedBody(let reason):
            self.init(400, "bad_request", "The request body must be a JSON object: \(reason).")
        case .invalid(let violations):
            let list = violations.map(\.description).joined(separator: "; ")
            self.init(400, "bad_request", list + ".")
        case .conflict(let reason): self.init(409, "conflict", reason)
        case .notFound(let what): self.init(404, "not_found", "There is no such \(what).")
        }
    }

    init(_ refusal: PipelineRefusal) {
        switch refusal {
        case .unknownPath(let method, let path):
            self.init(404, "not_found", "\(method) \(path) is not emulated; /api/v1/openapi.json lists what is.")
        case .wrongMethod(let method, let allowed):
            self.init(
                405, "method_not_allowed", "\(method) is not allowed here; \(allowed.joined(separator: ", ")) is.")
            fields = [HTTPField("Allow", allowed.joined(separator: ", "))]
        case .bodyTooLarge(let limit):
            self.init(413, "payload_too_large", "The request body is larger than \(limit) bytes.")
        case .headersTooLarge(let limit):
            self.init(431, "headers_too_large", "The request's header block is larger than \(limit) bytes.")
        case .credentialMissing:
            self.init(
                402, "payment_required", "Send an API key (Authorization: Bearer bsk_live_…), or pay for the request.")
            offersPayment = true
        case .credentialRefused(let reason):
            self.init(401, "unauthorized", "The API key is not accepted: \(reason).")
        case .forbidden(let reason):
            self.init(403, "forbidden", reason)
        case .rateLimited(let limit, let retryAfterSeconds):
            self.init(
                429, "rate_limited",
                "More than \(limit.requests) requests in \(limit.seconds) seconds. In tests, move the time on with POST /_understudy/clock/advance, or start with --rate-limit off."
            )
            fields = [HTTPField("Retry-After", String(retryAfterSeconds))]
        case .internalError:
            self.init(500, "internal_error", "Something went wrong here; the server's log says what.")
        case .unavailable(let reason):
            self.init(503, reason.code, reason.message)
            fields = [HTTPField("Retry-After", String(reason.retryAfterSeconds))]
        case .forced(let forced):
            self.init(forced.status, forced.code, forced.message)
            offersPayment = forced.status == 402
            if let seconds = forced.retryAfterSeconds { fields = [HTTPField("Retry-After", String(seconds))] }
        }
    }

    private init(_ status: Int, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    var response: HTTPResponse {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.key("error")
        writer.beginObject()
        writer.key("code")
        writer.string(code)
        writer.key("message")
        writer.string(message)
        writer.endObject()
        if offersPayment { Self.writePaymentOptions(to: &writer) }
        writer.endObject()
        return HTTPResponse(status, json: writer.bytes, fields: fields)
    }

    /// The two ways to pay that a 402 names (documented fields). Choice: their texts (docs/FIDELITY.md, "Payment").
    private static func writePaymentOptions(to writer: inout JSONWriter) {
        writer.key("payment_options")
        writer.beginObject()
        writer.key("x402")
        writer.beginObject()
        writer.key("scheme")
        writer.string("exact")
        writer.key("network")
        writer.string("eip155:8453")
        writer.key("token")
        writer.string("USDC")
        writer.key("description")
        writer.string("Pay for this one request; the stand-in takes no payments.")
        writer.endObject()
        writer.key("api_key")
        writer.beginObject()
        writer.key("signup_url")
        writer.string("https://backside.app/signup")
        writer.endObject()
        writer.endObject()
    }
}
