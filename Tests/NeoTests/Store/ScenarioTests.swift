import JSON
import TestSupport
import Testing

/// What scenarios do to backfills, as the API shows it.
@Suite struct ScenarioTests {
    private func standIn() throws -> StandIn { try StandIn { $0.clock = .real } }

    private func put(_ name: String = "s", when: String = "{}", then: String, in standIn: StandIn) {
        let answer = standIn.send(
            "PUT", "/_understudy/scenarios/\(name)", body: #"{"when": \#(when), "then": \#(then)}"#)
        #expect(answer.status < 300, "\(answer.text)")
    }

    private func used(_ name: String = "s", in standIn: StandIn) -> Int64? {
        standIn.send("GET", "/_understudy/scenarios/\(name)")["used"]?.integer
    }

    private func create(_ changes: [String: String?] = [:], in standIn: StandIn) -> Answer {
        standIn.send("POST", "/public-api/backfills", body: createBody(changes))
    }

    /// Creates a backfill and gives it as it is that much later.
    private func backfill(
        _ changes: [String: String?] = [:], after seconds: Int64, in standIn: StandIn
    ) throws -> Answer {
        let id = try #require(create(changes, in: standIn)["data.backfill.id"]?.string)
        standIn.pass(seconds: seconds)
        return standIn.send("GET", "/public-api/backfills/\(id)")
    }

    private func counts(_ answer: Answer) -> [Int64?] {
        ["processed", "succeeded", "failed"].map { answer["data.\($0)_count"]?.integer }
    }

    @Test func syntheticEntitiesReplaceTheFiltersMatches() throws {
        let standIn = try standIn()
        put(then: #"{"entities": 12}"#, in: standIn)
        let filter = #"{"combinator": "and", "rules": [{"field": "status", "operator": "about", "value": 1}]}"#
        let answer = create(["filter_spec": filter, "total_estimated": "20"], in: standIn)
        #expect(answer.status == 201)
        #expect(answer["data.cost_estimate.total_entities"]?.integer == 20)
        #expect(answer.warnings.contains { $0.contains("20") && $0.contains("12 entities") })
        #expect(answer.warnings.contains { $0.contains("about") })
        #expect(!answer.warnings.contains { $0.contains("no entity") })
        standIn.pass(seconds: 300)
        let id = try #require(answer["data.backfill.id"]?.string)
        let after = standIn.send("GET", "/public-api/backfills/\(id)")
        #expect(after["data.state"]?.string == "COMPLETED")
        #expect(counts(after) == [12, 12, 0])
    }

    @Test func theEstimateCountsSyntheticEntities() throws {
        let standIn = try standIn()
        put(then: #"{"entities": 1000000}"#, in: standIn)
        #expect(create(in: standIn)["data.cost_estimate.total_entities"]?.integer == 1_000_000)
    }

    @Test func executionsThatTakeNoTimeAreCountedHoweverOftenSomebodyLooks() throws {
        let standIn = try standIn()
        put(then: #"{"entities": 5, "fail": 1, "entity_seconds": 0}"#, in: standIn)
        let id = try #require(create(["max_in_flight": "2"], in: standIn)["data.backfill.id"]?.string)
        for _ in 0..<8 {
            standIn.pass(seconds: 15)
            let look = standIn.send("GET", "/public-api/backfills/\(id)")
            let export = standIn.send("GET", "/_understudy/sandbox/export")
            let other = standIn.send(
                "PUT", "/_understudy/sandbox/import", key: "neo_sk_test_other", body: export.text)
            #expect(other.status == 200, "\(look.text) \(other.text)")
        }
        let after = standIn.send("GET", "/public-api/backfills/\(id)")
        #expect(after["data.state"]?.string == "COMPLETED")
        #expect(counts(after) == [5, 4, 1])
    }

    @Test func anIdOutsideTheSetFailsNothingAndIsNotKept() throws {
        let standIn = try standIn()
        put(then: #"{"fail": ["tkt-10001", "nobody"]}"#, in: standIn)
        #expect(create(in: standIn).status == 201)
        let export = standIn.send("GET", "/_understudy/sandbox/export")
        #expect(export["backfills"]?.array?.last?.object?["fail"]?.compact == #"["tkt-10001"]"#)
        let other = standIn.send("PUT", "/_understudy/sandbox/import", key: "neo_sk_test_other", body: export.text)
        #expect(other.status == 200, "\(other.text)")
    }

    @Test func aSetMayBeEmpty() throws {
        let standIn = try standIn()
        put(then: #"{"entities": 0}"#, in: standIn)
        let answer = try backfill(after: 30, in: standIn)
        #expect(answer["data.state"]?.string == "COMPLETED")
        #expect(counts(answer) == [0, 0, 0])
    }

    @Test func syntheticIdsAreNewToEachBackfill() throws {
        let standIn = try standIn()
        put(then: #"{"entities": 3}"#, in: standIn)
        #expect(counts(try backfill(after: 120, in: standIn)) == [3, 3, 0])
        // None is dropped for having had its success.
        #expect(counts(try backfill(after: 120, in: standIn)) == [3, 3, 0])
    }

    @Test func theFirstSoManyFail() throws {
        let standIn = try standIn()
        put(then: #"{"entities": 10, "fail": 4}"#, in: standIn)
        #expect(counts(try backfill(["max_in_flight": "3"], after: 60, in: standIn)) == [3, 0, 3])
        standIn.pass(seconds: 300)
        let id = try #require(
            standIn.send("GET", "/_understudy/sandbox/export")["backfills.0.id"]?.string)
        #expect(counts(standIn.send("GET", "/public-api/backfills/\(id)")) == [10, 6, 4])
    }

    @Test func namedEntitiesFail() throws {
        let standIn = try standIn()
        let all = standIn.send("GET", "/_understudy/sandbox/export")["entities"]?.array ?? []
        let tickets = all.filter { $0.object?["type"]?.string == "ticket" && $0.object?["fails"]?.integer == 0 }
            .compactMap { $0.object?["id"]?.string }
        put(then: #"{"fail": ["\#(tickets[0])", "\#(tickets[5])", "nobody"]}"#, in: standIn)
        let rules = tickets.prefix(6).map { #"{"field": "id", "operator": "=", "value": "\#($0)"}"# }
        let filter = #"{"combinator": "or", "rules": [\#(rules.joined(separator: ","))]}"#
        let answer = try backfill(["filter_spec": filter], after: 600, in: standIn)
        #expect(counts(answer) == [6, 4, 2])
    }

    @Test func executionsLastAsLongAsTheScenarioSays() throws {
        let standIn = try standIn()
        put(then: #"{"entities": 1, "entity_seconds": 45}"#, in: standIn)
        let answer = try backfill(after: 60, in: standIn)
        #expect(counts(answer) == [0, 0, 0])
        standIn.pass(seconds: 30)
        let id = try #require(answer["data.id"]?.string)
        #expect(counts(standIn.send("GET", "/public-api/backfills/\(id)")) == [1, 1, 0])
        let executions = standIn.send("GET", "/_understudy/sandbox/export")["executions.0"]?.object
        #expect(executions?["created_at"]?.string == "2026-03-02T09:00:30.000000Z")
        #expect(executions?["ends_at"]?.string == "2026-03-02T09:01:15.000000Z")
    }

    @Test func theRunEndsFailed() throws {
        let standIn = try standIn()
        put(then: #"{"entities": 20, "run_error": {"after": 5, "message": "The provider is down."}}"#, in: standIn)
        let answer = try backfill(after: 3_600, in: standIn)
        #expect(answer["data.state"]?.string == "FAILED")
        #expect(answer["data.error"]?.string == "The provider is down.")
        #expect(answer["data.completed_at"]?.string == "2026-03-02T09:01:00.000000Z")
        #expect(counts(answer) == [5, 5, 0])
    }

    @Test func aStuckRunStaysRunning() throws {
        let standIn = try standIn()
        put(then: #"{"entities": 20, "stall_after": 5}"#, in: standIn)
        let answer = try backfill(after: 86_400, in: standIn)
        #expect(answer["data.state"]?.string == "RUNNING")
        #expect(counts(answer) == [5, 5, 0])
    }

    @Test func aRerunSucceedsUnlessAScenarioMatchesItToo() throws {
        let standIn = try standIn()
        put(when: #"{"times": 1}"#, then: #"{"entities": 6, "fail": 3}"#, in: standIn)
        let source = try #require(try backfill(after: 300, in: standIn)["data.id"]?.string)
        // Of this, a rerun takes neither the entities nor the stall.
        put("again", when: #"{"times": 1}"#, then: #"{"entities": 50, "fail": 2, "stall_after": 0}"#, in: standIn)
        let child = standIn.send("POST", "/public-api/backfills/\(source)/rerun-failed")
        #expect(child.status == 201)
        #expect(child["data.cost_estimate.total_entities"]?.integer == 3)
        let childID = try #require(child["data.backfill.id"]?.string)
        standIn.pass(seconds: 300)
        let after = standIn.send("GET", "/public-api/backfills/\(childID)")
        #expect(after["data.state"]?.string == "COMPLETED")
        #expect(counts(after) == [3, 1, 2])
        #expect(used("again", in: standIn) == 1)
        let grandchild = standIn.send("POST", "/public-api/backfills/\(childID)/rerun-failed")
        standIn.pass(seconds: 300)
        let grandchildID = try #require(grandchild["data.backfill.id"]?.string)
        #expect(counts(standIn.send("GET", "/public-api/backfills/\(grandchildID)")) == [2, 2, 0])
    }

    @Test func theNewestMatchWinsAndIsUsedUp() throws {
        let standIn = try standIn()
        put("old", then: #"{"entities": 1}"#, in: standIn)
        put("new", when: #"{"target_workflow_id": 123, "times": 1}"#, then: #"{"entities": 2}"#, in: standIn)
        put("other", when: #"{"target_workflow_id": 140}"#, then: #"{"entities": 3}"#, in: standIn)
        #expect(counts(try backfill(after: 120, in: standIn)) == [2, 2, 0])
        #expect(counts(try backfill(after: 120, in: standIn)) == [1, 1, 0])
        #expect(["old", "new", "other"].map { used($0, in: standIn) } == [1, 1, 0])
        // Written again it starts again, as the newest.
        put("old", when: #"{"times": 1}"#, then: #"{"entities": 4}"#, in: standIn)
        #expect(used("old", in: standIn) == 0)
        #expect(counts(try backfill(after: 120, in: standIn)) == [4, 4, 0])
    }

    @Test func aRefusedCreateUsesNothingUp() throws {
        let standIn = try standIn()
        #expect(create(in: standIn).status == 201)
        put(when: #"{"times": 1}"#, then: #"{"entities": 1}"#, in: standIn)
        #expect(create(in: standIn).code == "backfill_already_active")
        #expect(create(["max_in_flight": "11"], in: standIn).code == "validation_error")
        #expect(create(["target_workflow_id": "999"], in: standIn).code == "validation_error")
        #expect(used(in: standIn) == 0)
    }

    @Test func racingCreatesNeverUseOneTimeTwice() async throws {
        let standIn = try standIn()
        let agents = standIn.send("GET", "/_understudy/sandbox/export")["agents"]?.array?.compactMap(\.object) ?? []
        let targets = agents.filter {
            $0["state"]?.string == "ENABLED" && $0["autonomy_type"]?.string != "CONVERSATIONAL"
                && $0["entity_type"]?.string == "TICKET"
        }.compactMap { $0["id"]?.string }
        #expect(targets.count >= 4)
        put(when: #"{"times": 2}"#, then: #"{"entities": 7}"#, in: standIn)
        let sizes = await withTaskGroup(of: Int64?.self) { group in
            for target in targets + targets {
                group.addTask {
                    standIn.send(
                        "POST", "/public-api/backfills", body: createBody(["target_workflow_id": "\(target)"]))[
                            "data.cost_estimate.total_entities"]?.integer
                }
            }
            return await group.reduce(into: [Int64]()) { sizes, size in if let size { sizes.append(size) } }
        }
        #expect(sizes.count == targets.count)
        #expect(sizes.filter { $0 == 7 }.count == 2)
        #expect(used(in: standIn) == 2)
    }

    @Test func exportsCarryScenariosAndSyntheticSets() throws {
        let standIn = try standIn()
        put("a", when: #"{"times": 5}"#, then: #"{"entities": 6, "fail": 3, "entity_seconds": 45}"#, in: standIn)
        let first = try #require(create(in: standIn)["data.backfill.id"]?.string)
        standIn.pass(seconds: 300)
        standIn.send("POST", "/public-api/backfills/\(first)/rerun-failed")
        put("b", then: #"{"run_error": {"after": 0, "message": "x"}}"#, in: standIn)
        let exported = standIn.send("GET", "/_understudy/sandbox/export")
        #expect(
            exported["scenarios"]?.array?.map(\.compact) == [
                #"{"name":"a","when":{"times":5},"then":{"entities":6,"fail":3,"entity_seconds":45},"used":2}"#,
                #"{"name":"b","when":{},"then":{"run_error":{"after":0,"message":"x"}},"used":0}"#,
            ])
        #expect(exported["backfills"]?.array?.map { $0.object?["synthetic"]?.bool } == [true, true])
        #expect(exported["backfills.1.fail"]?.integer == 3)
        let imported = standIn.send("PUT", "/_understudy/sandbox/import", key: "neo_sk_test_two", body: exported.text)
        #expect(imported.status == 200, "\(imported.text)")
        let again = standIn.send("GET", "/_understudy/sandbox/export", key: "neo_sk_test_two")
        #expect(again.text == exported.text)
        #expect(standIn.send("GET", "/_understudy/scenarios", key: "neo_sk_test_two")["data.0.used"]?.integer == 2)
    }

    @Test(arguments: [
        (#"{"name": "x y", "when": {}, "then": {"fail": 1}}"#, "scenarios[0].name"),
        (
            #"{"name": "x", "when": {"target_workflow_id": 9}, "then": {"fail": 1}}"#,
            "scenarios[0].when.target_workflow_id"
        ),
        (#"{"name": "x", "when": {"times": 1}, "then": {"fail": 1}, "used": 2}"#, "scenarios[0].used"),
        (#"{"name": "x", "when": {}, "then": {}}"#, "scenarios[0].then"),
        (
            #"{"name": "x", "when": {}, "then": {"fail": 1}}, {"name": "x", "when": {}, "then": {"fail": 1}}"#,
            "scenarios[1].name"
        ),
    ])
    func aSeedsScenariosAreChecked(scenarios: String, field: String) throws {
        let answer = try StandIn().send(
            "PUT", "/_understudy/sandbox/import", body: #"{"scenarios": [\#(scenarios)]}"#)
        #expect(answer.status == 422)
        #expect(answer.violatedFields == [field])
    }
}
