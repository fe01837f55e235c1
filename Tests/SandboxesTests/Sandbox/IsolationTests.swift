import Dispatch
import Foundation
import HTTPFront
import JSON
import RawHTTP
import Sandboxes
import Synchronization
import TestSupport
import Testing
import Understudy

/// What one sandbox does is nobody else's time or memory.
@Suite struct IsolationTests {
    private static let backfills = "/public-api/backfills"

    /// A sandbox in which somebody is, until it is let go.
    private static func held(_ standIn: StandIn, key: String) throws -> DispatchSemaphore {
        let sandbox = try #require(try standIn.directory.resolve(.key(key))).sandbox
        let (entered, released) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        Thread.detachNewThread {
            try? sandbox.withWorld { _ in
                entered.signal()
                released.wait()
            }
        }
        entered.wait()
        return released
    }

    private static func get(_ path: String, key: String) -> HTTPRequest {
        HTTPRequest(
            "GET", path, fields: [HTTPField("Host", "localhost"), HTTPField("Authorization", "Bearer \(key)")])
    }

    @Test func whoFindsABusySandboxWaitsBehindIt() throws {
        let standIn = try StandIn()
        let key = "neo_sk_test_busy"
        standIn.send("GET", Self.backfills, key: key)
        let released = try Self.held(standIn, key: key)
        let response = standIn.application.reply(to: Self.get(Self.backfills, key: key))
        let deferred = try #require(response.deferred)
        let completed = DispatchSemaphore(value: 0)
        deferred.whenComplete { completed.signal() }
        #expect(completed.wait(timeout: .now()) == .timedOut)
        released.signal()
        #expect(completed.wait(timeout: .now() + 20) == .success)
        #expect(deferred.settled().status == 200)
    }

    @Test func othersAreAnsweredWhileASandboxIsBusy() throws {
        let standIn = try StandIn()
        let released = try Self.held(standIn, key: "neo_sk_test_busy")
        defer { released.signal() }
        for path in ["/_understudy/health", "/_understudy/metrics", "/_understudy/openapi.json"] {
            #expect(
                standIn.application.reply(to: HTTPRequest("GET", path, fields: [HTTPField("Host", "localhost")])).status
                    == 200)
        }
        for _ in 0..<3 {
            #expect(
                standIn.application.reply(to: Self.get(Self.backfills, key: "neo_sk_test_other")).status == 200
                    || standIn.application.reply(to: Self.get(Self.backfills, key: "neo_sk_test_other")).deferred != nil
            )
        }
        #expect(standIn.send("GET", Self.backfills, key: "neo_sk_test_third").status == 200)
    }

    @Test func pastAThousandThatWaitTheNextIsRefused() throws {
        let standIn = try StandIn()
        let key = "neo_sk_test_busy"
        standIn.send("GET", Self.backfills, key: key)
        let released = try Self.held(standIn, key: key)
        defer { released.signal() }
        let request = Self.get(Self.backfills, key: key)
        for _ in 0..<1_024 { #expect(standIn.application.reply(to: request).deferred != nil) }
        let refused = Answer(standIn.application.reply(to: request))
        #expect(refused.status == 503)
        #expect(refused.code == "SERVICE_UNAVAILABLE")
        #expect(refused.response.field("Retry-After") == "1")
        let control = Answer(standIn.application.reply(to: Self.get("/_understudy/clock", key: key)))
        #expect(control.status == 503)
        #expect(control.code == "service_unavailable")
    }

    // MARK: Memory

    /// Puts runs with long inputs until one is refused, which it gives.
    private static func fill(_ standIn: StandIn) -> Answer {
        let body = #"{"input": {"text": "\#(String(repeating: "x", count: 200_000))"}}"#
        for _ in 0..<200 {
            let answer = standIn.send(
                "POST", "/api/v1/agents/contact_deduper/runs", key: StandIn.backsideKey, body: body)
            if answer.status != 201 { return answer }
        }
        return standIn.send("GET", "/_understudy/clock", key: StandIn.backsideKey)
    }

    @Test func aFullSandboxRefusesWritesAndStillReads() throws {
        let standIn = try StandIn(seed: .blank) {
            $0.sandboxLimit = 4 << 20
            $0.rateLimiting = .off
        }
        let refused = Self.fill(standIn)
        #expect(refused.status == 503)
        #expect(refused.code == "sandbox_full")
        #expect(refused.response.field("Retry-After") == "5")
        let key = StandIn.backsideKey
        let before = standIn.send("GET", "/_understudy/sandbox", key: key)["counts.runs"]?.integer
        #expect(Self.fill(standIn).status == 503)
        let now = standIn.send("GET", "/_understudy/sandbox", key: key)
        #expect(now["counts.runs"]?.integer == before)
        #expect(standIn.send("GET", "/_understudy/sandbox/export", key: key).status == 200)
        let snapshot = standIn.send("PUT", "/_understudy/snapshots/one", key: key)
        #expect(snapshot.status == 507)
        #expect(snapshot.code == "sandbox_full")
        // Others have their own.
        #expect(standIn.send("POST", Self.backfills, body: createBody()).status == 201)
        // Time goes on, and what it would write waits.
        #expect(
            standIn.send("GET", "/api/v1/agents/contact_deduper/runs", key: key).status == 200)
    }

    @Test func aResetMakesRoom() throws {
        let standIn = try StandIn(seed: .blank) {
            $0.sandboxLimit = 4 << 20
            $0.rateLimiting = .off
        }
        for _ in 0..<3 {
            #expect(Self.fill(standIn).status == 503)
            #expect(standIn.send("POST", "/_understudy/sandbox/reset", key: StandIn.backsideKey).status == 200)
        }
        #expect(Self.fill(standIn).status == 503)
    }

    @Test func pastTheServersLimitNewcomersAndWritesAreRefused() throws {
        let standIn = try StandIn(seed: .blank) {
            $0.memoryLimit = 32 << 20
            $0.rateLimiting = .off
        }
        #expect(Self.fill(standIn).status == 503)
        let newcomer = standIn.send("GET", Self.backfills, key: "neo_sk_test_new")
        #expect(newcomer.status == 503)
        #expect(newcomer["error.message"]?.string?.contains("--memory-limit") == true)
        #expect(standIn.send("GET", "/_understudy/sandbox", key: nil).status == 200)
        // Nobody uses it for ten minutes: then it makes room.
        standIn.pass(seconds: 600)
        #expect(standIn.send("GET", Self.backfills, key: "neo_sk_test_new").status == 200)
    }

    @Test func whatCanBeExportedCanBeImported() throws {
        let standIn = try StandIn(seed: .blank) { $0.rateLimiting = .off }
        let key = StandIn.neoKey
        standIn.send(
            "PUT", "/_understudy/scenarios/many", key: key, body: #"{"when": {}, "then": {"entities": 20000}}"#)
        #expect(standIn.send("POST", Self.backfills, key: key, body: createBody()).status == 201)
        standIn.send("POST", "/_understudy/clock/advance", key: key, body: #"{"until": "idle"}"#)
        let export = standIn.send("GET", "/_understudy/sandbox/export", key: key).text
        #expect(export.utf8.count > 4 << 20)
        let other = "neo_sk_test_other"
        #expect(standIn.send("PUT", "/_understudy/sandbox/import", key: other, body: export).status == 200)
        #expect(standIn.send("GET", "/_understudy/sandbox/export", key: other).text == export)
    }

    /// More than half of the limit: what was imported is copied by the first write, and counts once.
    @Test func whatWasImportedCanBeWrittenTo() throws {
        let standIn = try StandIn(seed: .blank) {
            $0.sandboxLimit = 8 << 20
            $0.rateLimiting = .off
        }
        #expect(Self.fill(standIn).status == 503)
        let key = StandIn.backsideKey
        let runs = standIn.send("GET", "/_understudy/sandbox", key: key)["counts.runs"]?.integer
        let export = standIn.send("GET", "/_understudy/sandbox/export", key: key).text
        #expect(standIn.send("PUT", "/_understudy/sandbox/import", body: export).status == 200)
        #expect(standIn.send("GET", "/_understudy/sandbox")["counts.runs"]?.integer == runs)
        #expect(standIn.send("POST", "/_understudy/sandbox/reset").status == 200)
        #expect(standIn.send("POST", Self.backfills, body: createBody()).status == 201)
    }

    @Test(arguments: [false, true])
    func anImportThatIsTooLargeChangesNothing(isKept: Bool) throws {
        let folder = NSTemporaryDirectory() + "understudy-test-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let large = try StandIn(seed: .blank) { $0.rateLimiting = .off }
        _ = Self.fill(large)
        let export = large.send("GET", "/_understudy/sandbox/export", key: StandIn.backsideKey).text
        let standIn = try StandIn(seed: .blank) {
            $0.sandboxLimit = 8 << 20
            $0.dataFolder = isKept ? folder : nil
        }
        let before = standIn.send("GET", "/_understudy/sandbox/export").text
        let refused = standIn.send("PUT", "/_understudy/sandbox/import", body: export)
        #expect(refused.status == 507)
        #expect(refused.code == "sandbox_full")
        #expect(standIn.send("GET", "/_understudy/sandbox/export").text == before)
        #expect(standIn.send("POST", Self.backfills, body: createBody()).status == 201)
    }

    // MARK: Delays

    @Test func aResetSendsWhatIsDelayed() throws {
        let server = try Understudy.start(.init(seed: .blank))
        defer { server.stop() }
        let sandbox = server.sandbox(key: StandIn.neoKey)
        try sandbox.putFault("late", #"{"match": {}, "response": {"fixedDelayMilliseconds": 600000}}"#)
        let connection = try RawConnection(port: server.port)
        try connection.send(
            "GET /public-api/backfills HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(StandIn.neoKey)\r\n\r\n")
        // It counts as used when it is delayed.
        while try !sandbox.call("GET", "faults/late").contains(#""used":1"#) { sched_yield() }
        // The connection may be about to be held: each reset lets go of what is.
        let answered = Atomic(false)
        Thread.detachNewThread {
            while !answered.load(ordering: .relaxed) { try? sandbox.reset() }
        }
        #expect(try connection.answer()?.status == 200)
        answered.store(true, ordering: .relaxed)
    }
}
