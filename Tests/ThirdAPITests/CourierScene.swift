import ControlPlane
import Emulation
import HTTPFront
import JSON
import Sandboxes
import Synchronization
import Testing
import Time
import Understudy

/// A server of three APIs without a socket, on a machine clock that the test holds. Every answer it gives is held against the
/// document of whoever gave it.
final class CourierScene: Sendable {
    /// Keys that nobody has named: each gets a sandbox of its own.
    static let key = "crr-000000000001"
    static let otherKey = "crr-000000000002"
    static let neoKey = "neo_sk_test_third"
    static let backsideKey = "bsk_test_" + String(repeating: "t", count: 43)
    /// Of the sandbox `default`, as the built-in seeds name them.
    static let desk = "crr-100000000001"
    static let window = "crr-100000000002"

    /// Nothing but the courier's credentials: it is read sooner than `blank`.
    static let small = Understudy.Seed.json(Array(CourierSeedData.text(of: .blank).utf8))

    private let application: any HTTPApplication
    private let machine = MachineHands()
    private let judges: [(basePath: String, contract: Contract)]

    /// Read once, for it takes a while.
    private static let otherJudges: [(basePath: String, contract: Contract)] =
        Understudy.apis.map { ($0.basePath, Contract($0.document)) }
        + [(ControlPlane.basePath, Contract(ControlPlane.document(with: Understudy.apis + [CourierAPI()])))]

    /// The machine's time, moved by hand.
    private final class MachineHands: Sendable {
        let now = Mutex(Instant(rfc3339: "2026-03-02T09:00:00Z") ?? .earliest)
    }

    init(
        seed: Understudy.Seed = CourierScene.small, courier: CourierAPI = CourierAPI(),
        _ change: (inout Understudy.Configuration) -> Void = { _ in }
    ) throws {
        var configuration = Self.configuration(seed: seed, courier: courier)
        configuration.machine = { [machine] in machine.now.withLock { $0 } }
        change(&configuration)
        application = try Assembly(configuration).application
        let served = configuration.apis.map(\.basePath) + [ControlPlane.basePath]
        judges =
            Self.otherJudges.filter { served.contains($0.basePath) }
            + [(courier.basePath, Contract(courier.document))]
    }

    /// How a server with the third API is started: this is the one line that it takes.
    static func configuration(
        seed: Understudy.Seed = .blank, courier: CourierAPI = CourierAPI()
    ) -> Understudy.Configuration {
        var configuration = Understudy.Configuration(seed: seed)
        configuration.apis.append(courier)
        configuration.clock = .manual
        return configuration
    }

    /// Lets the machine's time pass.
    func pass(seconds: Int64) { machine.now.withLock { $0 = $0.adding(seconds: seconds) } }

    @discardableResult
    func send(
        _ method: String, _ target: String, key: String? = CourierScene.key, body: String? = nil,
        fields: [HTTPField] = [], expectsBroken: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
    ) -> CourierAnswer {
        let credential = key.map { [HTTPField("Authorization", "Bearer \($0)")] } ?? []
        let request = HTTPRequest(
            method, target, fields: [HTTPField("Host", "127.0.0.1:4080")] + credential + fields,
            body: Array((body ?? "").utf8))
        let response = application.respond(to: request)
        let isForced = response.field("X-Understudy-Fault") != nil
        if !isForced, let judge = judges.first(where: { target.hasPrefix($0.basePath + "/") }) {
            let complaints = judge.contract.complaints(about: response, to: request)
            #expect(
                complaints.isEmpty != expectsBroken, "\(method) \(target) → \(response.status): \(complaints)",
                sourceLocation: sourceLocation)
        }
        return CourierAnswer(response)
    }

    /// Accepts a parcel, and gives its id.
    func accept(to recipient: String = "3 Mill Lane", key: String = CourierScene.key) throws -> String {
        let answer = send("POST", "/courier/v1/parcels", key: key, body: #"{"to": "\#(recipient)"}"#)
        return try #require(answer["parcel.id"]?.string, "\(answer.text)")
    }

    func status(of id: String, key: String = CourierScene.key) -> String? {
        send("GET", "/courier/v1/parcels/\(id)", key: key)["parcel.status"]?.string
    }

    /// Moves the sandbox's clock; gives the answer with its transitions.
    @discardableResult
    func advance(_ body: String, key: String = CourierScene.key) -> CourierAnswer {
        send("POST", "/_understudy/clock/advance", key: key, body: body)
    }
}

/// An answer, with its JSON at hand.
struct CourierAnswer {
    let status: Int
    let response: HTTPResponse
    private let json: JSONNode?

    init(_ response: HTTPResponse) {
        status = response.status
        self.response = response
        json = try? JSONParser.parse(response.body)
    }

    var text: String { String(decoding: response.body, as: UTF8.self) }

    /// The value at a path like `data.0.id`.
    subscript(path: String) -> JSONNode? {
        path.split(separator: ".").reduce(json) { node, step in
            guard let index = Int(step), let array = node?.array else { return node?.object?[String(step)] }
            return array.indices.contains(index) ? array[index] : nil
        }
    }

    /// The transitions of an advance: `parcel accepted on_the_way`.
    var transitions: [String] {
        (self["transitions"]?.array ?? []).compactMap(\.object).map { one in
            ["resource", "from", "to"].compactMap { one[$0]?.string }.joined(separator: " ")
        }
    }
}
