import Dispatch
import HTTPFront
import Time
import Synchronization
import TestSupport
import Testing

/// Sandboxes share their seed's bytes until they write. Nobody may notice.
@Suite struct SharedSeedTests {
    /// Not over the API: there are many, and each answer would be held against its document.
    private static func export(_ standIn: StandIn, _ key: String) throws -> [UInt8] {
        try #require(try standIn.directory.resolve(.key(key))).sandbox.withWorld { try $0.export() }
    }

    private static func status(
        _ standIn: StandIn, _ method: String, _ target: String, _ key: String, _ body: String = ""
    ) -> Int {
        let fields = [HTTPField("Host", "localhost"), HTTPField("Authorization", "Bearer \(key)")]
        return standIn.application.respond(to: HTTPRequest(method, target, fields: fields, body: Array(body.utf8)))
            .status
    }

    private static let writes: [@Sendable (StandIn, String) -> Void] = [
        { $0.send("POST", "/public-api/backfills", key: $1, body: createBody()) },
        { $0.send("PUT", "/_understudy/scenarios/s", key: $1, body: #"{"when": {}, "then": {"fail": 1}}"#) },
        { $0.send("POST", "/_understudy/clock/advance", key: $1, body: #"{"seconds": 60}"#) },
        { $0.send("PATCH", "/_understudy/clock", key: $1, body: #"{"now": "2026-03-02T10:00:00Z"}"#) },
    ]

    private static let returns: [@Sendable (StandIn, String) -> Void] = [
        { $0.send("POST", "/_understudy/sandbox/reset", key: $1) },
        { $0.send("POST", "/_understudy/snapshots/fresh/restore", key: $1) },
    ]

    @Test(arguments: 0..<4)
    func whatOneSandboxWritesNoOtherSees(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let standIn = try StandIn()
        let keys = (0..<5).map { "neo_sk_test_shared\($0)" }
        let fresh = try keys.map { try Self.export(standIn, $0) }
        for key in keys { standIn.send("PUT", "/_understudy/snapshots/fresh", key: key) }
        var expected = fresh
        for _ in 0..<20 {
            let index = Int(random.next() % UInt64(keys.count))
            if random.next() % 3 == 0 {
                Self.returns[Int(random.next() % 2)](standIn, keys[index])
                expected[index] = fresh[index]
            } else {
                Self.writes[Int(random.next() % UInt64(Self.writes.count))](standIn, keys[index])
                expected[index] = try Self.export(standIn, keys[index])
            }
            let now = try keys.map { try Self.export(standIn, $0) }
            #expect(now == expected)
        }
        // Nor does a sandbox that is made only now: it differs from the first in what its credential decides, no more.
        let late = try StandIn()
        #expect(try Self.export(standIn, "neo_sk_test_late") == Self.export(late, "neo_sk_test_late"))
    }

    @Test func aRefusedWriteLeavesASandboxAsItWas() throws {
        let standIn = try StandIn()
        let before = try Self.export(standIn, StandIn.neoKey)
        #expect(standIn.send("POST", "/public-api/backfills", body: "{}").status == 422)
        #expect(try Self.export(standIn, StandIn.neoKey) == before)
    }

    @Test func manyThreadsReadWriteAndResetAtOnce() throws {
        let standIn = try StandIn { $0.rateLimiting = .off }
        let keys = (0..<4).map { "neo_sk_test_thread\($0)" }
        let fresh = try keys.map { try Self.export(standIn, $0) }
        let wrong = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 8) { worker in
            let key = keys[worker % keys.count]
            for round in 0..<15 {
                // Two workers have the same sandbox: a create may meet the other's backfill, and a read any of both states.
                let statuses = [
                    Self.status(standIn, "POST", "/public-api/backfills", key, createBody()),
                    Self.status(standIn, "GET", "/public-api/agents/123", key),
                    Self.status(standIn, "PUT", "/_understudy/snapshots/w\(worker)r\(round % 3)", key),
                    Self.status(standIn, "POST", "/_understudy/sandbox/reset", key),
                    Self.status(standIn, "GET", "/public-api/backfills", key),
                ]
                if !statuses.allSatisfy({ [200, 201, 409].contains($0) }) { wrong.withLock { $0 += 1 } }
            }
        }
        #expect(wrong.withLock { $0 } == 0)
        for key in keys { standIn.send("POST", "/_understudy/sandbox/reset", key: key) }
        let now = try keys.map { try Self.export(standIn, $0) }
        #expect(now == fresh)
    }
}
