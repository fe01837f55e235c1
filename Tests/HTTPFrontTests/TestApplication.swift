import Dispatch
import HTTPFront
import RawHTTP
import Synchronization
import Testing

/// Says back what it was asked. `/wait` is answered only once somebody lets it, `/delivered` as it was told.
final class TestApplication: HTTPApplication {
    static let bodyLimit = 20_000

    private let bodyLimit: Int
    private let admitted: @Sendable (HTTPRequest) -> BodyAdmission?
    private let delivered: @Sendable (HTTPRequest) -> HTTPResponse
    private let entered = DispatchSemaphore(value: 0)
    private let released = DispatchSemaphore(value: 0)
    private let answered = Atomic(0)

    init(
        bodyLimit: Int, admitted: @escaping @Sendable (HTTPRequest) -> BodyAdmission? = { _ in nil },
        delivered: @escaping @Sendable (HTTPRequest) -> HTTPResponse
    ) {
        self.bodyLimit = bodyLimit
        self.admitted = admitted
        self.delivered = delivered
    }

    func respond(to request: HTTPRequest) -> HTTPResponse {
        defer { answered.add(1, ordering: .relaxed) }
        if request.path == "/wait" {
            entered.signal()
            released.wait()
        }
        if request.problem == .tooManyConnections, request.path != "/control" { return HTTPResponse(503) }
        if case .noMemory = request.problem { return HTTPResponse(503, body: Array("memory".utf8)) }
        if request.path.hasPrefix("/delivered") { return delivered(request) }
        if case .headersTooLarge = request.problem { return HTTPResponse(431, body: Array("headers".utf8)) }
        if case .bodyTooLarge = request.problem { return HTTPResponse(413, body: Array("body".utf8)) }
        let lines = [
            "\(request.method) \(request.path)", "query \(request.query)", "x \(request.field("x") ?? "-")",
            "body \(request.body.count)",
        ]
        return HTTPResponse(200, body: Array(lines.joined(separator: "\n").utf8))
    }

    func admit(_ head: HTTPRequest) -> BodyAdmission { admitted(head) ?? BodyAdmission(limit: bodyLimit) }

    /// How many requests it was asked so far.
    var answers: Int { answered.load(ordering: .relaxed) }

    /// Returns once a request to `/wait` is being answered.
    func waitUntilEntered() throws { try #require(entered.wait(timeout: .now() + 20) == .success) }

    /// Lets one request to `/wait` be answered.
    func release() { released.signal() }
}

/// A server on a free port with its application.
struct Served {
    let application: TestApplication
    let server: HTTPServer

    init(
        bodyLimit: Int = TestApplication.bodyLimit, _ change: (inout HTTPServerConfiguration) -> Void = { _ in }
    ) throws {
        try self.init(TestApplication(bodyLimit: bodyLimit, delivered: { _ in HTTPResponse(200) }), change)
    }

    /// One that answers requests to `/delivered` so.
    init(
        bodyLimit: Int = TestApplication.bodyLimit, delivered: @escaping @Sendable (HTTPRequest) -> HTTPResponse,
        _ change: (inout HTTPServerConfiguration) -> Void = { _ in }
    ) throws {
        try self.init(TestApplication(bodyLimit: bodyLimit, delivered: delivered), change)
    }

    /// One that decides about bodies so.
    init(admitted: @escaping @Sendable (HTTPRequest) -> BodyAdmission?) throws {
        try self.init(
            TestApplication(
                bodyLimit: TestApplication.bodyLimit, admitted: admitted, delivered: { _ in HTTPResponse(200) }))
    }

    private init(
        _ application: TestApplication, _ change: (inout HTTPServerConfiguration) -> Void = { _ in }
    ) throws {
        self.application = application
        var configuration = HTTPServerConfiguration()
        change(&configuration)
        server = try HTTPServer(configuration, application: application)
    }

    func connect() throws -> RawConnection { try RawConnection(port: server.port) }

    /// Whether a new connection is answered.
    func isAlive() throws -> Bool { try connect().request("GET", "/alive")?.status == 200 }
}

/// How long the work took, in seconds of the steady clock.
func seconds(_ work: () throws -> Void) rethrows -> Double {
    let elapsed = try ContinuousClock().measure(work)
    return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
}
