package import HTTPFront
package import Sandboxes
package import Time

/// One vendor's API: everything that is its own stands behind this, and the pipeline does the rest.
package protocol EmulatedAPI: SandboxModule {
    /// What it is called in sentences: `Parcel API`.
    var title: String { get }
    /// What all its paths begin with: `/public-api`.
    var basePath: String { get }
    var operations: [Operation] { get }
    /// A POST that works with any key of a built-in seed that may write, for people to try; nil for none.
    var example: (path: String, body: String)? { get }
    /// Its OpenAPI document, as it is served.
    var document: [UInt8] { get }

    /// Reads the credential off a request, without asking whether anybody knows it.
    func authenticate(_ request: HTTPRequest) -> Authentication
    /// Why a known credential may not do this; nil when it may.
    func objection(to caller: Caller, doing operation: Operation) -> PipelineRefusal?
    /// Its rate limits under one of its plans, the one that the headers describe on a tie first. A plan that is none of
    /// its own is its last one.
    func rateLimits(plan: String) -> [RateLimit]
    /// The answer to what the pipeline itself refuses, in this API's own envelope.
    func respond(to refusal: PipelineRefusal, _ answer: AnswerContext) -> HTTPResponse
    /// The answer to a refusal that one of its own operations has thrown; nil for an error it does not know.
    func respond(to error: any Error, _ answer: AnswerContext) -> HTTPResponse?
}

extension EmulatedAPI {
    package var example: (path: String, body: String)? { nil }
}

/// One operation of an emulated API: a route and what answers it.
package final class Operation: Sendable {
    /// What an operation needs of the caller.
    package enum Access: Sendable {
        /// No credentials, no sandbox: health, the OpenAPI document.
        case open(@Sendable (AnswerContext) -> HTTPResponse)
        case read(@Sendable (Call) throws -> HTTPResponse)
        /// As `read`, in a transaction that a thrown refusal undoes.
        case write(@Sendable (Call) throws -> HTTPResponse)
    }

    package var id: String { route.id }
    package var method: String { route.method }
    /// The whole path, with parameters in braces.
    package var path: String { route.path }
    package let route: Route
    package let access: Access
    /// What of a sandbox makes it take longer the more there is of it.
    package enum Growth: Sendable {
        /// Everything: a list may have to look at all that was made.
        case contents
        /// What a question in the body is asked of; whether there is much of it.
        case searched(isMuch: @Sendable (World) -> Bool)
    }

    package let growth: Growth?

    /// An operation by its id in the OpenAPI document, its method and its whole path.
    package init(_ id: String, _ method: String, _ path: String, _ access: Access, growsWith growth: Growth? = nil) {
        route = Route(id: id, method: method, path: path)
        self.access = access
        self.growth = growth
    }

    /// Whether a request to it may have a body that says something.
    package var takesBody: Bool { method != "GET" && method != "DELETE" }
    package var writes: Bool { if case .write = access { true } else { false } }
}

/// What an API found in the `Authorization` header.
package enum Authentication: Sendable {
    /// A well-formed credential; a JWT brings its own standing along.
    case presented(PresentedCredential, token: Credential?)
    case refused(PipelineRefusal)
}

/// Who is calling: a credential that belongs to a sandbox.
package struct Caller: Sendable {
    package let credential: Credential
    package init(credential: Credential) { self.credential = credential }
}

/// So many requests in so many seconds.
package struct RateLimit: Sendable, Hashable {
    package let requests: Int
    package let seconds: Int

    package init(requests: Int, seconds: Int) {
        self.requests = requests
        self.seconds = seconds
    }
}

/// Why the pipeline answers before (or instead of) an operation.
package enum PipelineRefusal: Sendable, Hashable {
    case unknownPath(method: String, path: String)
    case wrongMethod(method: String, allowed: [String])
    case bodyTooLarge(limit: Int)
    case headersTooLarge(limit: Int)
    /// There is no credential at all.
    case credentialMissing
    /// There is one, but it opens nothing; the reason is for the message.
    case credentialRefused(reason: String)
    case forbidden(reason: String)
    case rateLimited(RateLimit, retryAfterSeconds: Int)
    case internalError
    /// Not now: the sandbox or the server has no room or no time.
    case unavailable(Unavailability)
    /// A fault, or the request itself, asks for that status.
    case forced(ForcedStatus)
}

/// What every answer needs to know of the request it answers.
package struct AnswerContext: Sendable {
    package let requestID: String
    /// Seconds of a steady clock when the request arrived.
    private let began: Double
    private let steadySeconds: @Sendable () -> Double

    package init(requestID: String, steadySeconds: @escaping @Sendable () -> Double) {
        self.requestID = requestID
        self.steadySeconds = steadySeconds
        began = steadySeconds()
    }

    /// How long the request has taken so far, in milliseconds with microseconds behind the point.
    package var elapsedMilliseconds: Double { ((steadySeconds() - began) * 1_000_000).rounded() / 1_000 }
}

/// A request that has come through: its sandbox is locked, its time is fixed, its caller is known.
package struct Call {
    package let request: HTTPRequest
    /// The decoded values of the path's parameters, in order.
    package let parameters: [String]
    package let world: World
    package let caller: Caller
    /// The sandbox's present, the same for the whole request.
    package let now: Instant
    package let answer: AnswerContext
}
