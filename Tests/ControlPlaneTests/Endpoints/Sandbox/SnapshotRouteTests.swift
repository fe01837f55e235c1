import HTTPFront
import JSON
import TestSupport
import Testing

@Suite struct SnapshotRouteTests {
    private static let path = "/_understudy/snapshots/before"

    private static func export(_ standIn: StandIn, key: String = StandIn.neoKey) -> String {
        standIn.send("GET", "/_understudy/sandbox/export", key: key).text
    }

    @Test func aSnapshotIsTakenReplacedListedAndDeleted() throws {
        let standIn = try StandIn()
        let taken = standIn.send("PUT", Self.path)
        #expect(taken.status == 201)
        #expect(taken["name"]?.string == "before")
        #expect(taken["created_at"]?.string == "2026-03-02T09:00:00.000000Z")
        #expect(taken["size_bytes"]?.integer ?? 0 > 0)
        standIn.send("POST", "/_understudy/clock/advance", body: #"{"seconds": 90}"#)
        let replaced = standIn.send("PUT", Self.path, body: "a body is ignored")
        #expect(replaced.status == 200)
        #expect(replaced["created_at"]?.string == "2026-03-02T09:01:30.000000Z")
        standIn.send("PUT", "/_understudy/snapshots/after")
        let list = standIn.send("GET", "/_understudy/snapshots")
        #expect(list["data"]?.array?.map { $0.object?["name"]?.string } == ["after", "before"])
        #expect(list["data.1"]?.compact == replaced.json?.compact)
        let deleted = standIn.send("DELETE", Self.path)
        #expect(deleted.status == 200)
        #expect(deleted.json?.compact == replaced.json?.compact)
        #expect(standIn.send("GET", "/_understudy/snapshots")["data"]?.array?.count == 1)
        for (method, path) in [("DELETE", Self.path), ("POST", "\(Self.path)/restore")] {
            let answer = standIn.send(method, path)
            #expect(answer.status == 404)
            #expect(answer.code == "not_found")
        }
    }

    /// Work, a scenario half used up, random numbers drawn, the clock moved: all of it comes back, and goes on the same.
    @Test func aRestoreBringsBackExactlyWhatAnExportHeld() throws {
        let standIn = try StandIn()
        let rule = #"{"when": {"times": 3}, "then": {"entities": 40, "fail": 2}}"#
        standIn.send("PUT", "/_understudy/scenarios/few", body: rule)
        standIn.send("POST", "/public-api/backfills", body: createBody())
        standIn.send("POST", "/_understudy/clock/advance", body: #"{"seconds": 30}"#)
        standIn.send("PUT", Self.path)
        let before = Self.export(standIn)
        var ends: Set<String> = []
        for round in 1...3 {
            standIn.send("POST", "/_understudy/clock/advance", body: #"{"until": "idle"}"#)
            #expect(standIn.send("POST", "/public-api/backfills", body: createBody()).status == 201)
            standIn.send("DELETE", "/_understudy/scenarios/few")
            ends.insert(Self.export(standIn))
            if round == 2 { standIn.send("POST", "/_understudy/sandbox/reset") }
            let restored = standIn.send("POST", "\(Self.path)/restore")
            #expect(restored.status == 200)
            #expect(restored["clock.now"]?.string == "2026-03-02T09:00:30.000000Z")
            #expect(Self.export(standIn) == before)
        }
        #expect(ends.count == 1 && !ends.contains(before))
    }

    @Test func ofAFreshSandboxTooAndBesideAnImport() throws {
        let standIn = try StandIn()
        let fresh = Self.export(standIn)
        standIn.send("PUT", Self.path)
        standIn.send("PUT", "/_understudy/sandbox/import", body: Self.export(standIn, key: StandIn.admin))
        #expect(Self.export(standIn) != fresh)
        standIn.send("POST", "\(Self.path)/restore")
        #expect(Self.export(standIn) == fresh)
        standIn.send("POST", "/public-api/backfills", body: createBody())
        standIn.send("POST", "/_understudy/sandbox/reset")
        #expect(standIn.send("GET", "/_understudy/snapshots")["data"]?.array?.count == 1)
    }

    @Test func noSnapshotReachesAnotherSandbox() throws {
        let standIn = try StandIn()
        standIn.send("PUT", Self.path)
        for key in ["neo_sk_test_two", StandIn.admin] {
            #expect(standIn.send("GET", "/_understudy/snapshots", key: key)["data"]?.array?.isEmpty == true)
            #expect(standIn.send("POST", "\(Self.path)/restore", key: key).status == 404)
        }
    }

    @Test func aRestoreEmptiesTheRateWindows() throws {
        let standIn = try StandIn()
        func remaining() -> String? {
            standIn.send("GET", "/public-api/agents/123").response.field("X-RateLimit-Remaining")
        }
        let first = remaining()
        standIn.send("PUT", Self.path)
        #expect(remaining() != first)
        standIn.send("POST", "\(Self.path)/restore")
        #expect(remaining() == first)
    }

    /// However long ago it was taken, and whatever mode and speed the clock has had since.
    @Test func aRealClockRunsOnFromTheSnapshotsPresent() throws {
        let standIn = try StandIn { $0.clock = .real }
        standIn.send("PATCH", "/_understudy/clock", body: #"{"speed": 10}"#)
        standIn.pass(seconds: 6)
        let taken = standIn.send("PUT", Self.path)
        standIn.send(
            "PATCH", "/_understudy/clock", body: #"{"speed": 1, "mode": "manual", "now": "2027-01-01T00:00:00Z"}"#)
        standIn.pass(seconds: 3_600)
        standIn.send("POST", "\(Self.path)/restore")
        #expect(standIn.send("GET", "/_understudy/clock")["now"]?.string == taken["created_at"]?.string)
        standIn.pass(seconds: 3)
        #expect(
            standIn.send("GET", "/_understudy/clock").json?.compact
                == #"{"mode":"real","now":"2026-03-02T09:01:30.000000Z","speed":10.0}"#)
    }

    @Test(arguments: ["a%20b", "a%2Fb", "%C3%A9", String(repeating: "a", count: 65), "a+b"])
    func aNameIsPlain(name: String) throws {
        let standIn = try StandIn()
        let answer = standIn.send("PUT", "/_understudy/snapshots/\(name)")
        #expect(answer.status == 422)
        #expect(answer.code == "invalid_request")
        #expect(answer.violatedFields == ["name"])
        #expect(standIn.send("GET", "/_understudy/snapshots")["data"]?.array?.isEmpty == true)
    }

    @Test(arguments: ["a", "A-1_b.c", "..", String(repeating: "9", count: 64)])
    func aPlainNameIsTaken(name: String) throws {
        #expect(try StandIn().send("PUT", "/_understudy/snapshots/\(name)").status == 201)
    }

    @Test func aHundredSnapshotsAreTheMost() throws {
        let standIn = try StandIn()
        for number in 1...100 { #expect(standIn.send("PUT", "/_understudy/snapshots/s\(number)").status == 201) }
        let refused = standIn.send("PUT", Self.path)
        #expect(refused.status == 409)
        #expect(refused.code == "conflict")
        #expect(standIn.send("PUT", "/_understudy/snapshots/s7").status == 200)
        #expect(standIn.send("DELETE", "/_understudy/snapshots/s8").status == 200)
        #expect(standIn.send("PUT", Self.path).status == 201)
    }

    @Test func aForeignPageTakesAndRestoresNothing() throws {
        let standIn = try StandIn()
        for (method, path) in [("PUT", Self.path), ("DELETE", Self.path), ("POST", "\(Self.path)/restore")] {
            let origin = [HTTPField("Origin", "http://evil.example")]
            #expect(standIn.send(method, path, fields: origin).status == 403)
        }
    }
}
