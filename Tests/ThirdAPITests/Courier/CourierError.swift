import Emulation
import HTTPFront
import JSON

/// What the operations of this API refuse.
enum CourierRefusal: Error, Hashable {
    case malformedBody(reason: String)
    case invalid([Violation])
    case noSuchParcel
}

/// The one table of this API's error codes, and the one place that writes its error shape: `{"problem": {"kind", "text"}}`.
///
/// Neither `switch` has a `default`: a new refusal does not compile until it has an answer.
struct CourierError {
    private let status: Int
    private let kind: String
    private let text: String
    private var fields: [HTTPField] = []

    init(_ refusal: CourierRefusal) {
        switch refusal {
        case .malformedBody(let reason): self.init(400, "unreadable", "The body must be a JSON object: \(reason).")
        case .invalid(let violations):
            self.init(422, "invalid", violations.map(\.description).joined(separator: "; ") + ".")
        case .noSuchParcel: self.init(404, "unknown", "There is no such parcel.")
        }
    }

    init(_ refusal: PipelineRefusal) {
        switch refusal {
        case .unknownPath(let method, let path): self.init(404, "unknown", "There is no \(method) \(path).")
        case .wrongMethod(let method, let allowed):
            self.init(405, "method", "\(method) is not allowed here.")
            fields = [HTTPField("Allow", allowed.joined(separator: ", "))]
        case .bodyTooLarge(let limit): self.init(413, "too_large", "The body has more than \(limit) bytes.")
        case .headersTooLarge(let limit): self.init(431, "too_large", "The headers have more than \(limit) bytes.")
        case .credentialMissing: self.init(401, "stranger", "Send a key: Authorization: Bearer crr-…")
        case .credentialRefused(let reason): self.init(401, "stranger", "The key is not accepted: \(reason).")
        case .forbidden(let reason): self.init(403, "forbidden", reason)
        case .rateLimited(let limit, let seconds):
            self.init(
                429, "too_fast", "More than \(limit.requests) requests in \(limit.seconds) seconds.", after: seconds)
        case .internalError: self.init(500, "broken", "Something went wrong here; the server's log says what.")
        case .unavailable(let reason): self.init(503, "busy", reason.message, after: reason.retryAfterSeconds)
        case .forced(let forced): self.init(forced.status, forced.code, forced.message, after: forced.retryAfterSeconds)
        }
    }

    private init(_ status: Int, _ kind: String, _ text: String, after seconds: Int? = nil) {
        self.status = status
        self.kind = kind
        self.text = text
        if let seconds { fields = [HTTPField("Retry-After", String(seconds))] }
    }

    var response: HTTPResponse {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.key("problem")
        writer.beginObject()
        writer.key("kind")
        writer.string(kind)
        writer.key("text")
        writer.string(text)
        writer.endObject()
        writer.endObject()
        return HTTPResponse(status, json: writer.bytes, fields: fields)
    }
}
