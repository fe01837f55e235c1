import AnswerContract
import Emulation
import HTTPFront
import JSON
import Logging
import Sandboxes
import Time
import Synchronization
import Understudy

/// A stand-in without a socket, on a clock that stands still, for whose answers some things must hold whatever is asked.
final class Scene: Sendable {
    /// Both open the sandbox `default`.
    static let neoKey = "neo_sk_test_fuzzAdmin"
    static let backsideKey = "bsk_test_" + String(repeating: "f", count: 43)
    /// Opens another, into which exports are imported.
    static let otherKey = "neo_sk_test_other"
    /// Of Corpus/seed/good.json.
    static let scriptedKind = "contact_deduper"

    let application: any HTTPApplication
    private static let start = Instant(rfc3339: "2026-03-02T09:00:00Z") ?? .earliest

    init() {
        var configuration = Understudy.Configuration(seed: .json(CorpusFile.bytes("seed/good.json")))
        configuration.maximumSandboxes = 8
        configuration.clock = .manual
        configuration.rateLimiting = .count
        configuration.logger = Logger(label: "fuzz", factory: { _ in ErrorsEndTheProcess() })
        let machine = MachineHands()
        configuration.machine = { machine.now.withLock { $0 } }
        hands = machine
        application = mustSucceed("the seed good.json") { try Assembly(configuration) }.application
    }

    /// The machine's time.
    private final class MachineHands: Sendable {
        let now = Mutex(Scene.start)
    }

    private let hands: MachineHands

    func pass(seconds: Int64) { hands.now.withLock { $0 = $0.adding(seconds: seconds) } }

    /// Everything as it was at first, in the sandbox of the two keys.
    func reset() {
        hands.now.withLock { $0 = Self.start }
        let answer = send("POST", "/_understudy/sandbox/reset", key: Self.neoKey)
        require(answer.status == 200, "a reset is answered \(answer.status)")
    }

    /// The answer, which must be one that the operation's document allows, or a forced one.
    @discardableResult
    func send(
        _ method: String, _ target: String, key: String? = Scene.neoKey, fields: [HTTPField] = [], body: [UInt8] = []
    ) -> HTTPResponse {
        var fields = [HTTPField("Host", "127.0.0.1:4080")] + fields
        if let key { fields.append(HTTPField("Authorization", "Bearer \(key)")) }
        let request = HTTPRequest(method, target, fields: fields, body: body)
        let response = application.respond(to: request)
        let asked = "\(method) \(target) → \(response.status)"
        require((100...599).contains(response.status), "\(asked): no status")
        require(response.fields.allSatisfy(Self.canBeSent), "\(asked): a header that cannot be sent")
        if response.field("Content-Type") == "application/json", !response.body.isEmpty {
            require((try? JSONParser.parse(response.body, maximumDepth: 160)) != nil, "\(asked): its body is no JSON")
        }
        if response.field("X-Understudy-Fault") == nil {
            require(response.status < 500, "\(asked): a defect")
            // The documents say nothing of CONNECT and the like.
            let complaints = Contract.complaints(about: response, to: request)
            require(complaints.isEmpty, "\(asked): \(complaints.prefix(3))")
        }
        return response
    }

    func export(key: String = Scene.neoKey) -> [UInt8] {
        // Not judged by its document: that takes more time than all else.
        let fields = [HTTPField("Host", "127.0.0.1"), HTTPField("Authorization", "Bearer \(key)")]
        let answer = application.respond(to: HTTPRequest("GET", "/_understudy/sandbox/export", fields: fields))
        require(answer.status == 200, "an export is answered \(answer.status)")
        return answer.body
    }

    /// An export can be imported into another sandbox, and comes out of that as it went in.
    func checkExport() {
        let exported = export()
        let answer = send("PUT", "/_understudy/sandbox/import", key: Self.otherKey, body: exported)
        require(answer.status == 200, "an export is refused: \(String(decoding: answer.body, as: UTF8.self))")
        require(export(key: Self.otherKey) == exported, "an export changes when it is imported")
    }

    /// Nothing that could end a header field or the message's head.
    private static func canBeSent(_ field: HTTPField) -> Bool {
        !field.name.isEmpty && field.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            && field.value.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x09 }
    }
}

/// A log in which an error, which only a defect writes, ends the process.
private struct ErrorsEndTheProcess: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.error

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { fatalError("\(event.message)") }
}
