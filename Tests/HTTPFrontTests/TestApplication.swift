import Dispatch
import HTTPFront
import RawHTTP
import Synchronization
import Testing

/// Says back what it was asked. `/wait` is answered only once somebody lets it.
final class TestApplication: HTTPApplication {
    static let bodyLimit = 1000

    private let bodyLimit: Int
    private let entered = DispatchSemaphore(value: 0)
    private let released = DispatchSemaphore(value: 0)
    private let answered = Atomic(0)

    init(bodyLimit: Int) { self.bodyLimit = bodyLimit }

    func respond(to request: HTTPRequest) -> HTTPResponse {
        defer { answered.add(1, ordering: .relaxed) }
        if request.path == "/wait" {
            entered.signal()
            released.wait()
        }
        if case .headersTooLarge = request.problem { return HTTPResponse(431, body: Array("headers".utf8)) }
        if case .bodyTooLarge = request.problem { return HTTPResponse(413, body: Array("body".utf8)) }
        let lines = [
            "\(request.method) \(request.path)", "query \(request.query)", "x \(request.field("x") ?? "-")",
            "body \(request.body.count)",
        ]
        return HTTPResponse(200, body: Array(lines.joined(separator: "\n").utf8))
    }

    func bodyLimit(method: String, target: String) -> Int { bodyLimit }

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
        application = TestApplication(bodyLimit: bodyLimit)
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
