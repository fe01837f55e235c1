import AnswerContract
import ControlPlane
import Emulation
import HTTPFront
import JSON
import Sandboxes
import Synchronization
import Testing
import Time
import Understudy

/// A stand-in without a socket, on a machine clock that the test holds. Every answer that it gives is checked against
/// the OpenAPI documents.
package final class StandIn: Sendable {
    package static let neoKey = "neo_sk_test_one"
    package static let backsideKey = "bsk_test_" + String(repeating: "a", count: 43)
    /// Of the sandbox `default`, as the built-in seeds name them.
    package static let admin = "neo_sk_test_adminKey1"

    package let application: any HTTPApplication
    package let directory: SandboxDirectory
    /// What the control plane can be asked for.
    package let controlEndpoints: [Endpoint]
    private let machine: MachineHands

    /// The machine's time, moved by hand.
    final class MachineHands: Sendable {
        let now = Mutex(Instant(rfc3339: "2026-03-02T09:00:00Z")!)
    }

    package init(seed: Understudy.Seed = .demo, _ change: (inout Understudy.Configuration) -> Void = { _ in }) throws {
        let machine = MachineHands()
        self.machine = machine
        var configuration = Understudy.Configuration(seed: seed)
        configuration.machine = { machine.now.withLock { $0 } }
        configuration.clock = .manual
        change(&configuration)
        let assembly = try Assembly(configuration)
        application = assembly.application
        directory = assembly.directory
        controlEndpoints = assembly.controlPlane.endpoints
    }

    /// Lets the machine's time pass.
    package func pass(seconds: Int64) { machine.now.withLock { $0 = $0.adding(seconds: seconds) } }

    /// Of an answer that waits for something, the one that comes when nothing has come by now.
    private static func settled(_ response: HTTPResponse) -> HTTPResponse {
        guard let deferred = response.deferred else { return response }
        return deferred.settled()
    }

    /// Sends a request; the answer must be one that its operation's document allows.
    @discardableResult
    package func send(
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

extension SandboxDirectory {
    /// How many sandboxes there are.
    package var count: Int { counts.open + counts.closed }
}
