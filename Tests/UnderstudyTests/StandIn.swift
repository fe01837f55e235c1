import AnswerContract
import ControlPlane
import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time
import Synchronization
import Testing

@testable import Understudy

/// A stand-in without a socket, on a machine clock that the test holds. Every answer that it gives is checked against
/// the OpenAPI documents.
final class StandIn: Sendable {
    static let neoKey = "neo_sk_test_one"
    static let backsideKey = "bsk_test_" + String(repeating: "a", count: 43)
    /// Of the sandbox `default`, as the built-in seeds name them.
    static let admin = "neo_sk_test_adminKey1"

    let application: any HTTPApplication
    let directory: SandboxDirectory
    private let machine: MachineHands

    /// The machine's time, moved by hand.
    final class MachineHands: Sendable {
        let now = Mutex(Instant(rfc3339: "2026-03-02T09:00:00Z")!)
    }

    init(seed: Understudy.Seed = .demo, _ change: (inout Understudy.Configuration) -> Void = { _ in }) throws {
        let machine = MachineHands()
        self.machine = machine
        var configuration = Understudy.Configuration(seed: seed)
        configuration.machine = { machine.now.withLock { $0 } }
        configuration.clock = .manual
        change(&configuration)
        let assembly = try Assembly(configuration)
        application = assembly.application
        directory = assembly.directory
    }

    /// What the control plane can be asked for.
    var controlEndpoints: [Endpoint] { (application as? Application)?.controlPlane.endpoints ?? [] }

    /// Lets the machine's time pass.
    func pass(seconds: Int64) { machine.now.withLock { $0 = $0.adding(seconds: seconds) } }

    /// Of an answer that waits for something, the one that comes when nothing has come by now.
    private static func settled(_ response: HTTPResponse) -> HTTPResponse {
        guard let deferred = response.deferred else { return response }
        return deferred.settled()
    }

    /// Sends a request; the answer must be one that its operation's document allows.
    @discardableResult
    func send(
        _ method: String, _ target: String, key: String? = StandIn.neoKey, body: String? = nil,
        fields: [HTTPField] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> Answer {
        var fields = [HTTPField("Host", "127.0.0.1:4080")] + fields
        if let key { fields.append(HTTPField("Authorization", "Bearer \(key)")) }
        let request = HTTPRequest(method, target, fields: fields, body: Array((body ?? "").utf8))
        let response = Self.settled(application.respond(to: request))
        // No document says what is forced.
        let isForced = response.field("X-Understudy-Fault") != nil
        let complaints = isForced ? [] : Contract.complaints(about: response, to: request)
        #expect(complaints.prefix(3) == [], "\(method) \(target) → \(response.status)", sourceLocation: sourceLocation)
        return Answer(response)
    }
}

/// A response, with its JSON at hand.
struct Answer {
    let status: Int
    let response: HTTPResponse
    let json: JSONNode?

    init(_ response: HTTPResponse) {
        status = response.status
        self.response = response
        json = try? JSONParser.parse(response.body)
    }

    var text: String { String(decoding: response.body, as: UTF8.self) }

    /// The value at a path like `data.backfill.id` or `error.details.errors.0.field`.
    subscript(path: String) -> JSONNode? {
        path.split(separator: ".").reduce(json) { node, step in
            if let index = Int(step), let array = node?.array {
                return array.indices.contains(index) ? array[index] : nil
            }
            return node?.object?[String(step)]
        }
    }

    /// The violations of a 422: field by field, in order.
    var violatedFields: [String] {
        self["error.details.errors"]?.array?.compactMap { $0.object?["field"]?.string } ?? []
    }

    var warnings: [String] { self["meta.warnings"]?.array?.compactMap(\.string) ?? [] }
    var code: String? { self["error.code"]?.string }
}
