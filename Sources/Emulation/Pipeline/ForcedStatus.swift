/// An error status that a fault or a request asks for, to be answered in an API's own envelope.
///
/// Choice: codes, messages and waiting time (docs/FIDELITY.md, "Faults").
package struct ForcedStatus: Sendable, Hashable {
    package let status: Int

    /// Nil for what is no error: that has no envelope.
    package init?(_ status: Int) {
        guard (400...599).contains(status) else { return nil }
        self.status = status
    }

    package var message: String { "This was asked for, by a fault or by the request itself. Nothing has changed." }

    /// How long a client is to wait; nil for what waiting does not help.
    package var retryAfterSeconds: Int? { status == 429 || status == 503 ? 1 : nil }

    /// A code for the status, in words like `rate_limited`.
    package var code: String {
        switch status {
        case 400: "bad_request"
        case 401: "unauthorized"
        case 402: "payment_required"
        case 403: "forbidden"
        case 404: "not_found"
        case 405: "method_not_allowed"
        case 406: "not_acceptable"
        case 408: "request_timeout"
        case 409: "conflict"
        case 410: "gone"
        case 412: "precondition_failed"
        case 413: "payload_too_large"
        case 414: "uri_too_long"
        case 415: "unsupported_media_type"
        case 422: "validation_error"
        case 423: "locked"
        case 425: "too_early"
        case 428: "precondition_required"
        case 429: "rate_limited"
        case 431: "headers_too_large"
        case 451: "unavailable_for_legal_reasons"
        case 500: "internal_error"
        case 501: "not_implemented"
        case 502: "bad_gateway"
        case 503: "service_unavailable"
        case 504: "gateway_timeout"
        default: "http_\(status)"
        }
    }
}
