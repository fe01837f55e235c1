import HTTPFront
import JSON
import Synchronization
import TestSupport
import Testing

@Suite struct FaultTests {
    private static let agents = "/public-api/agents"
    private static let create =
        #"{"target_workflow_id": 123, "entity_type": "ticket", "filter_spec": {}, "daily_execution_windows": {}, "max_in_flight": 10}"#

    private func put(
        _ name: String, _ match: String, _ response: String = #"{"status": 503}"#, key: String = StandIn.neoKey,
        in standIn: StandIn
    ) {
        let answer = standIn.send(
            "PUT", "/_understudy/faults/\(name)", key: key, body: #"{"match": \#(match), "response": \#(response)}"#)
        #expect(answer.status < 300, "\(answer.text)")
    }

    /// `matched` and `used`.
    private func counts(_ name: String, key: String = StandIn.neoKey, in standIn: StandIn) -> [Int64?] {
        let fault = standIn.send("GET", "/_understudy/faults/\(name)", key: key)
        return [fault["matched"]?.integer, fault["used"]?.integer]
    }

    private func statuses(_ count: Int, of standIn: StandIn) -> [Int] {
        (0..<count).map { _ in standIn.send("GET", Self.agents).status }
    }

    @Test(arguments: [
        ("{}", "GET", "/public-api/agents", true), (#"{"api": "neo"}"#, "GET", "/public-api/agents", true),
        (#"{"api": "backside"}"#, "GET", "/public-api/agents", false),
        (#"{"method": "GET"}"#, "GET", "/public-api/agents", true),
        (#"{"method": "GET"}"#, "HEAD", "/public-api/agents", false),
        (#"{"method": "POST"}"#, "GET", "/public-api/agents", false),
        (#"{"path": "/public-api/agents"}"#, "GET", "/public-api/agents?page_size=1", true),
        (#"{"path": "/public-api/agents"}"#, "GET", "/public-api/%61gents", true),
        (#"{"path": "/public-api/*"}"#, "GET", "/public-api/agents/123", false),
        (#"{"path": "/public-api/**"}"#, "GET", "/public-api/agents/123", true),
        (#"{"path": "**/nowhere"}"#, "GET", "/public-api/nowhere", true),
        (#"{"operation": "public_api.agents_get"}"#, "HEAD", "/public-api/agents", true),
        (#"{"operation": "public_api.agents_get"}"#, "GET", "/public-api/agents/123", false),
        (#"{"operation": "public_api.agents_get"}"#, "GET", "/public-api/nowhere", false),
        (
            #"{"api": "neo", "method": "GET", "path": "**", "operation": "public_api.agents_get_by_id"}"#, "GET",
            "/public-api/agents/123", true
        ),
        ("{}", "GET", "/public-api/health", false), ("{}", "GET", "/public-api/openapi.json", false),
        ("{}", "GET", "/_understudy/sandbox", false),
    ])
    func aFaultIsForWhatItMatches(match: String, method: String, target: String, isMet: Bool) throws {
        let standIn = try StandIn()
        put("f", match, in: standIn)
        let answer = standIn.send(method, target)
        #expect((answer.status == 503) == isMet)
        #expect((answer.response.field("X-Understudy-Fault") == "f") == isMet)
        #expect(counts("f", in: standIn) == (isMet ? [1, 1] : [0, 0]))
    }

    @Test func bothAPIsOfASandboxMeetAFault() throws {
        let standIn = try StandIn()
        put("f", "{}", key: StandIn.backsideKey, in: standIn)
        let run = "/api/v1/agents/contact_deduper/runs/00000000-0000-4000-8000-000000000000"
        #expect(standIn.send("GET", run, key: StandIn.backsideKey).status == 503)
    }

    @Test func someSkipSomeAreMetAndThenItIsUsedUp() throws {
        let standIn = try StandIn()
        put("f", #"{"skip": 2, "times": 3}"#, in: standIn)
        #expect(statuses(7, of: standIn) == [200, 200, 503, 503, 503, 200, 200])
        #expect(counts("f", in: standIn) == [5, 3])
        // Written again, it starts over.
        put("f", #"{"skip": 1, "times": 1}"#, in: standIn)
        #expect(statuses(3, of: standIn) == [200, 503, 200])
    }

    @Test func theNewestMatchWinsAndWhatItLetsPassIsLeftToOlderOnes() throws {
        let standIn = try StandIn()
        put("old", #"{"times": 3}"#, #"{"status": 500}"#, in: standIn)
        put("new", #"{"skip": 1, "times": 1}"#, in: standIn)
        put("other", #"{"method": "POST"}"#, #"{"status": 501}"#, in: standIn)
        #expect(statuses(5, of: standIn) == [500, 503, 500, 500, 200])
        #expect(counts("new", in: standIn) == [2, 1])
        #expect(counts("old", in: standIn) == [3, 3])
        put("old", "{}", #"{"status": 500}"#, in: standIn)
        put("new", #"{"probability": 0}"#, in: standIn)
        #expect(statuses(1, of: standIn) == [500])
        #expect(counts("new", in: standIn) == [1, 0])
    }

    @Test func aChanceFollowsFromSeedAndCount() throws {
        let standIn = try StandIn()
        put("f", #"{"probability": 0.5}"#, in: standIn)
        let first = statuses(200, of: standIn)
        let met = first.filter { $0 == 503 }.count
        #expect((70...130).contains(met))
        #expect(counts("f", in: standIn) == [200, Int64(met)])
        let second = try StandIn()
        put("f", #"{"probability": 0.5}"#, in: second)
        // What else is drawn, or asked elsewhere, changes nothing.
        second.send("POST", "/public-api/backfills", body: Self.create)
        put("f", #"{"probability": 0.5}"#, in: second)
        #expect(statuses(200, of: second) == first)
        // Another sandbox, or another name, has luck of its own.
        put("g", #"{"probability": 0.5}"#, in: second)
        second.send("DELETE", "/_understudy/faults/f")
        #expect(statuses(200, of: second) != first)
    }

    @Test func faultsMoveNothingThatIsDrawnOtherwise() throws {
        let plain = try StandIn()
        let faulty = try StandIn()
        put(
            "f", #"{"probability": 0.5}"#, #"{"delayDistribution": {"type": "uniform", "lower": 1, "upper": 9}}"#,
            in: faulty)
        for _ in 0..<5 { faulty.send("GET", Self.agents) }
        let ids = [plain, faulty].map {
            $0.send("POST", "/public-api/backfills", body: Self.create)["data.backfill.id"]?.string
        }
        #expect(ids[0] != nil && ids[0] == ids[1])
    }

    @Test func aDelayIsDrawnAnewForEachRequest() throws {
        func delays() throws -> [Double] {
            let standIn = try StandIn()
            put("f", "{}", #"{"delayDistribution": {"type": "uniform", "lower": 10, "upper": 20}}"#, in: standIn)
            return (0..<20).compactMap { _ in
                standIn.send("GET", Self.agents).response.delivery?.delayMilliseconds
            }
        }
        let first = try delays()
        #expect(first.count == 20 && Set(first).count == 20 && first.allSatisfy { (10..<20).contains($0) })
        #expect(try delays() == first)
    }

    @Test(arguments: [#"{"status": 201}"#, #"{"status": 503}"#, #"{"fault": "CONNECTION_RESET_BY_PEER"}"#])
    func aForcedAnswerChangesNothing(response: String) throws {
        let standIn = try StandIn()
        let before = standIn.send("GET", "/_understudy/sandbox/export").text
        put("f", #"{"times": 1}"#, response, in: standIn)
        #expect(standIn.send("POST", "/public-api/backfills", body: Self.create)["data.backfill"] == nil)
        standIn.send("DELETE", "/_understudy/faults/f")
        #expect(standIn.send("GET", "/_understudy/sandbox/export").text == before)
        // Nor is it counted against the rate limit.
        #expect(standIn.send("GET", Self.agents).response.field("X-RateLimit-Remaining") == "1199")
    }

    @Test func aLateAnswerTakesEffectAtOnce() throws {
        let standIn = try StandIn()
        put("f", #"{"method": "POST"}"#, #"{"fixedDelayMilliseconds": 600000}"#, in: standIn)
        let created = standIn.send("POST", "/public-api/backfills", body: Self.create)
        #expect(created.response.delivery == Delivery(delayMilliseconds: 600_000))
        let id = try #require(created["data.backfill.id"]?.string)
        #expect(standIn.send("GET", "/public-api/backfills/\(id)").status == 200)
        // A refusal may be late as well.
        let refused = standIn.send("POST", "/public-api/backfills", body: Self.create)
        #expect(refused.status == 409 && refused.response.delivery != nil)
    }

    @Test func whoIsNotLetInMeetsNoFault() throws {
        let standIn = try StandIn()
        put("f", "{}", key: StandIn.admin, in: standIn)
        for key in [nil, "nonsense", "neo_sk_test_revokedKey1"] {
            let answer = standIn.send("GET", Self.agents, key: key)
            #expect(answer.response.field("X-Understudy-Fault") == nil)
        }
        #expect(standIn.send("GET", Self.agents, key: nil).status == 401)
        #expect(counts("f", key: StandIn.admin, in: standIn) == [0, 0])
        #expect(standIn.send("GET", Self.agents, key: StandIn.admin).status == 503)
    }

    @Test func racingRequestsNeverUseOneTimeTwice() async throws {
        let standIn = try StandIn()
        put("f", #"{"skip": 3, "times": 5}"#, in: standIn)
        let met = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<64 {
                group.addTask { standIn.send("GET", Self.agents).status == 503 ? 1 : 0 }
            }
            return await group.reduce(0, +)
        }
        #expect(met == 5)
        #expect(counts("f", in: standIn) == [8, 5])
    }

    @Test func exportsCarryFaultsWithTheirCounts() throws {
        let standIn = try StandIn()
        put("gone", "{}", in: standIn)
        put("a", #"{"skip": 1, "times": 5, "probability": 0.5, "path": "/public-api/**"}"#, in: standIn)
        put(
            "b", #"{"method": "POST"}"#, #"{"status": 500, "jsonBody": {"b": 1.0}, "headers": {"A": "b"}}"#, in: standIn
        )
        standIn.send("DELETE", "/_understudy/faults/gone")
        for _ in 0..<6 { standIn.send("GET", Self.agents) }
        let exported = standIn.send("GET", "/_understudy/sandbox/export")
        #expect(exported["faults.0.matched"]?.integer ?? 0 >= 5)
        #expect(
            exported["faults.1"]?.compact
                == #"{"name":"b","match":{"method":"POST"},"response":{"status":500,"jsonBody":{"b":1.0},"headers":{"A":"b"}},"matched":0,"used":0}"#
        )
        let two = "neo_sk_test_two"
        #expect(standIn.send("PUT", "/_understudy/sandbox/import", key: two, body: exported.text).status == 200)
        #expect(standIn.send("GET", "/_understudy/sandbox/export", key: two).text == exported.text)
        // The chances go on where they were.
        let here = (0..<10).map { _ in standIn.send("GET", Self.agents).status }
        #expect((0..<10).map { _ in standIn.send("GET", Self.agents, key: two).status } == here)
    }

    @Test(arguments: [
        (#"{"operation": "no"}"#, "faults[1].match.operation"), (#"{"api": "no"}"#, "faults[1].match.api"),
        (#"{"times": 0}"#, "faults[1].match.times"),
    ])
    func anImportedFaultIsChecked(match: String, place: String) throws {
        let seed = """
            {"faults": [{"name": "a", "match": {}, "response": {"status": 500}},
                        {"name": "b", "match": \(match), "response": {"status": 500}}]}
            """
        let standIn = try StandIn()
        let answer = standIn.send("PUT", "/_understudy/sandbox/import", body: seed)
        #expect(answer.code == "invalid_seed")
        #expect(answer.violatedFields == [place])
        #expect(standIn.send("GET", "/_understudy/faults")["data"]?.array?.isEmpty == true)
        #expect(throws: (any Error).self) { try StandIn(seed: .json(Array(seed.utf8))) }
    }

    @Test(arguments: [
        (#"{"name": "prefer", "match": {}, "response": {"status": 500}}"#, "faults[0].name"),
        (#"{"name": "x y", "match": {}, "response": {"status": 500}}"#, "faults[0].name"),
        (#"{"name": "x", "match": {}, "response": {}}"#, "faults[0].response"),
        (#"{"name": "x", "match": {}, "response": {"status": 500}, "used": 1}"#, "faults[0].used"),
        (
            #"{"name": "x", "match": {"skip": 2}, "response": {"status": 500}, "matched": 3, "used": 2}"#,
            "faults[0].used"
        ),
        (
            #"{"name": "x", "match": {"times": 1}, "response": {"status": 500}, "matched": 3, "used": 2}"#,
            "faults[0].used"
        ),
        (#"{"name": "x", "match": {}, "response": {"status": 500}, "matched": -1}"#, "faults[0].matched"),
        (
            #"{"name": "x", "match": {}, "response": {"status": 500}}, {"name": "x", "match": {}, "response": {"status": 1}}"#,
            "faults[1].response.status"
        ),
        (
            #"{"name": "x", "match": {}, "response": {"status": 500}}, {"name": "x", "match": {}, "response": {"status": 500}}"#,
            "faults[1].name"
        ),
    ])
    func aSeedsFaultsAreChecked(faults: String, place: String) throws {
        let standIn = try StandIn()
        let answer = standIn.send("PUT", "/_understudy/sandbox/import", body: #"{"faults": [\#(faults)]}"#)
        #expect(answer.code == "invalid_seed")
        #expect(answer.violatedFields.contains(place))
    }

    @Test func aSeedMayBringFaults() throws {
        let seed = #"{"faults": [{"name": "a", "match": {"times": 1}, "response": {"status": 500}}]}"#
        let standIn = try StandIn(seed: .json(Array(seed.utf8)))
        #expect(statuses(2, of: standIn) == [500, 200])
        standIn.send("POST", "/_understudy/sandbox/reset")
        #expect(statuses(2, of: standIn) == [500, 200])
    }
}
