import Emulation
import HTTPFront

/// What lets a web page of any origin call the emulated APIs. Choice: docs/FIDELITY.md, "Cross-origin requests".
enum CrossOrigin {
    /// What preflights are counted under.
    static let route = Route(id: "preflight", method: "OPTIONS", path: "(preflight)")

    /// The answer to a browser's question whether a page may send a request; nil for a request that is no such
    /// question.
    static func preflight(_ request: HTTPRequest) -> HTTPResponse? {
        guard request.method == "OPTIONS", request.problem == nil, request.field("origin") != nil,
            request.field("access-control-request-method") != nil
        else { return nil }
        var fields = [
            HTTPField("Access-Control-Allow-Origin", "*"),
            HTTPField("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"),
            HTTPField("Access-Control-Max-Age", "600"),
            HTTPField("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"),
        ]
        // A star would not stand for Authorization.
        if let asked = request.field("access-control-request-headers") {
            fields.append(HTTPField("Access-Control-Allow-Headers", asked))
        }
        return HTTPResponse(204, fields: fields)
    }

    /// Lets a page of any origin read the response, with the headers that clients of the APIs go by.
    static func allow(_ response: inout HTTPResponse) {
        response.fields.append(HTTPField("Access-Control-Allow-Origin", "*"))
        response.fields.append(
            HTTPField(
                "Access-Control-Expose-Headers",
                "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After, X-Understudy-Fault"))
        response.fields.append(HTTPField("Vary", "Origin"))
    }
}
