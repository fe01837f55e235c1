import Dispatch
import Simulation
import Synchronization
import Testing

/// Sandboxes share their seed's bytes until they write. Nobody may notice.
@Suite struct SharedSeedTests {
    private static func export(_ standIn: StandIn, _ key: String) -> String {
        standIn.send("GET", "/_understudy/sandbox/export", key: key).text
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

    @Test(arguments: 0..<6)
    func whatOneSandboxWritesNoOtherSees(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let standIn = try StandIn()
        let keys = (0..<6).map { "neo_sk_test_shared\($0)" }
        let fresh = keys.map { Self.export(standIn, $0) }
        for key in keys { standIn.send("PUT", "/_understudy/snapshots/fresh", key: key) }
        var expected = fresh
        for _ in 0..<30 {
            let index = Int(random.next() % UInt64(keys.count))
            if random.next() % 3 == 0 {
                Self.returns[Int(random.next() % 2)](standIn, keys[index])
                expected[index] = fresh[index]
            } else {
                Self.writes[Int(random.next() % UInt64(Self.writes.count))](standIn, keys[index])
                expected[index] = Self.export(standIn, keys[index])
            }
            #expect(keys.map { Self.export(standIn, $0) } == expected)
        }
        // Nor does a sandbox that is made only now: it differs from the first in what its credential decides, no more.
        let late = try StandIn()
        #expect(Self.export(standIn, "neo_sk_test_late") == Self.export(late, "neo_sk_test_late"))
    }

    @Test func aRefusedWriteLeavesASandboxAsItWas() throws {
        let standIn = try StandIn()
        let before = Self.export(standIn, StandIn.neoKey)
        #expect(standIn.send("POST", "/public-api/backfills", body: "{}").status == 422)
        #expect(Self.export(standIn, StandIn.neoKey) == before)
    }

    @Test func manyThreadsReadWriteAndResetAtOnce() throws {
        let standIn = try StandIn { $0.rateLimiting = .off }
        let keys = (0..<4).map { "neo_sk_test_thread\($0)" }
        let fresh = keys.map { Self.export(standIn, $0) }
        let wrong = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 8) { worker in
            let key = keys[worker % keys.count]
            for round in 0..<15 {
                // Two workers have the same sandbox: a create may meet the other's backfill, and a read any of both states.
                let statuses = [
                    standIn.send("POST", "/public-api/backfills", key: key, body: createBody()).status,
                    standIn.send("GET", "/public-api/agents/123", key: key).status,
                    standIn.send("PUT", "/_understudy/snapshots/w\(worker)r\(round % 3)", key: key).status,
                    standIn.send("POST", "/_understudy/sandbox/reset", key: key).status,
                    standIn.send("GET", "/public-api/backfills", key: key).status,
                ]
                if !statuses.allSatisfy({ [200, 201, 409].contains($0) }) { wrong.withLock { $0 += 1 } }
            }
        }
        #expect(wrong.withLock { $0 } == 0)
        for key in keys { standIn.send("POST", "/_understudy/sandbox/reset", key: key) }
        #expect(keys.map { Self.export(standIn, $0) } == fresh)
    }
}
