import JSON
import TestSupport
import Testing

@Suite struct ScenarioRouteTests {
    private static let path = "/_understudy/scenarios/slow"
    private static let rule = #"{"when": {"target_workflow_id": 123, "times": 2}, "then": {"entity_seconds": 45}}"#

    @Test func aScenarioIsMadeReplacedListedAndDeleted() throws {
        let standIn = try StandIn()
        let made = standIn.send("PUT", Self.path, body: Self.rule)
        #expect(made.status == 201)
        #expect(
            made.json?.compact
                == #"{"name":"slow","when":{"target_workflow_id":123,"times":2},"then":{"entity_seconds":45},"used":0}"#
        )
        standIn.send("PUT", "/_understudy/scenarios/other", body: #"{"when": {}, "then": {"fail": 1}}"#)
        let replaced = standIn.send("PUT", Self.path, body: #"{"then": {"fail": []}, "when": {}}"#)
        #expect(replaced.status == 200)
        #expect(replaced.json?.compact == standIn.send("GET", Self.path).json?.compact)
        let names = standIn.send("GET", "/_understudy/scenarios")["data"]?.array?.map { $0.object?["name"]?.string }
        #expect(names == ["other", "slow"])
        let deleted = standIn.send("DELETE", Self.path)
        #expect(deleted.status == 200)
        #expect(deleted.json?.compact == replaced.json?.compact)
        for method in ["GET", "DELETE"] {
            let answer = standIn.send(method, Self.path)
            #expect(answer.status == 404)
            #expect(answer.code == "not_found")
        }
        #expect(standIn.send("GET", "/_understudy/scenarios")["data"]?.array?.count == 1)
    }

    @Test func noScenarioReachesAnotherSandbox() throws {
        let standIn = try StandIn()
        standIn.send("PUT", Self.path, body: Self.rule)
        #expect(standIn.send("GET", Self.path, key: "neo_sk_test_two").status == 404)
        #expect(standIn.send("GET", Self.path, key: StandIn.admin).status == 404)
    }

    @Test func aResetTakesScenariosAway() throws {
        let standIn = try StandIn()
        standIn.send("PUT", Self.path, body: Self.rule)
        standIn.send("POST", "/_understudy/sandbox/reset")
        #expect(standIn.send("GET", Self.path).status == 404)
    }

    @Test(arguments: ["", "{", "[]", "7", "null"])
    func aBodyThatIsNoObjectIsMalformed(body: String) throws {
        let answer = try StandIn().send("PUT", Self.path, body: body)
        #expect(answer.status == 400)
        #expect(answer.code == "bad_request")
    }

    @Test(arguments: [
        ("{}", ["when", "then"]), (#"{"when": {}, "then": {}}"#, ["then"]),
        (#"{"when": [], "then": 7}"#, ["when", "then"]),
        (#"{"when": {}, "then": {"fail": 1}, "also": 1}"#, ["also"]),
        (#"{"when": {"workflow": 1}, "then": {"fale": 1}}"#, ["when.workflow", "then.fale"]),
        (#"{"when": {"target_workflow_id": "123"}, "then": {"fail": 1}}"#, ["when.target_workflow_id"]),
        (#"{"when": {"target_workflow_id": 999}, "then": {"fail": 1}}"#, ["when.target_workflow_id"]),
        (#"{"when": {"times": 0}, "then": {"fail": 1}}"#, ["when.times"]),
        (#"{"when": {"times": 1.5}, "then": {"fail": 1}}"#, ["when.times"]),
        (#"{"when": {"times": null}, "then": {"fail": 1}}"#, ["when.times"]),
        (#"{"when": {}, "then": {"entities": 1000001}}"#, ["then.entities"]),
        (#"{"when": {}, "then": {"entities": -1}}"#, ["then.entities"]),
        (#"{"when": {}, "then": {"fail": "all"}}"#, ["then.fail"]),
        (#"{"when": {}, "then": {"fail": -1}}"#, ["then.fail"]),
        (#"{"when": {}, "then": {"fail": ["1", 2, ""]}}"#, ["then.fail[1]", "then.fail[2]"]),
        (#"{"when": {}, "then": {"entity_seconds": -1}}"#, ["then.entity_seconds"]),
        (#"{"when": {}, "then": {"entity_seconds": "45"}}"#, ["then.entity_seconds"]),
        (#"{"when": {}, "then": {"run_error": "down"}}"#, ["then.run_error"]),
        (#"{"when": {}, "then": {"run_error": {"after": -1}}}"#, ["then.run_error.message", "then.run_error.after"]),
        (#"{"when": {}, "then": {"stall_after": true}}"#, ["then.stall_after"]),
        (#"{"when": {}, "then": {"outcome": {}, "steps": {}}}"#, ["then.outcome.status", "then.steps"]),
        (#"{"when": {}, "then": {"entities": 5, "fail": 6}}"#, ["then.fail"]),
        (#"{"when": {}, "then": {"entities": 5, "fail": ["1"]}}"#, ["then.fail"]),
        (#"{"when": {}, "then": {"entities": 5, "run_error": {"after": 6, "message": "x"}}}"#, ["then.run_error"]),
        (#"{"when": {}, "then": {"entities": 5, "stall_after": 6}}"#, ["then.stall_after"]),
        (#"{"when": {}, "then": {"stall_after": 2, "run_error": {"after": 2, "message": "x"}}}"#, ["then.run_error"]),
        (#"{"when": {}, "then": {"fail": 1, "fail": 2}}"#, ["then.fail"]),
        (
            #"{"then": {"stall_after": -1, "entities": 2e6}, "when": {"target_workflow_id": 999, "times": 0}}"#,
            ["then.stall_after", "then.entities", "when.target_workflow_id", "when.times"]
        ),
    ])
    func whatCannotBeIsRefusedWhenItIsWritten(body: String, fields: [String]) throws {
        let standIn = try StandIn()
        let answer = standIn.send("PUT", Self.path, body: body)
        #expect(answer.status == 422)
        #expect(answer.code == "invalid_scenario")
        #expect(answer.violatedFields.sorted() == fields.sorted())
        #expect(standIn.send("GET", "/_understudy/scenarios")["data"]?.array?.isEmpty == true)
    }

    @Test(arguments: ["a%20b", "a%2Fb", "%C3%A9", String(repeating: "a", count: 65), "a+b"])
    func aNameIsPlain(name: String) throws {
        let answer = try StandIn().send("PUT", "/_understudy/scenarios/\(name)", body: #"{"then": {"fail": 1}}"#)
        #expect(answer.violatedFields == ["name", "when"])
    }

    @Test(arguments: ["a", "A-1_b.c", String(repeating: "9", count: 64)])
    func aPlainNameIsTaken(name: String) throws {
        #expect(try StandIn().send("PUT", "/_understudy/scenarios/\(name)", body: Self.rule).status == 201)
    }

    @Test func whatIsAskedIsAllowedToTheirEdges() throws {
        let standIn = try StandIn()
        for body in [
            #"{"when": {}, "then": {"entities": 0}}"#,
            #"{"when": {"times": 1}, "then": {"entities": 5, "fail": 5, "entity_seconds": 0, "stall_after": 5}}"#,
            #"{"when": {}, "then": {"stall_after": 2, "run_error": {"after": 1, "message": ""}}}"#,
        ] {
            #expect(standIn.send("PUT", Self.path, body: body).status < 300)
        }
    }
}
