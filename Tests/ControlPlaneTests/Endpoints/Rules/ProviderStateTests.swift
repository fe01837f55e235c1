import JSON
import TestSupport
import Testing

@Suite struct ProviderStateTests {
    private static let path = "/_understudy/pact/provider-states"
    private static let create =
        #"{"target_workflow_id": 123, "entity_type": "ticket", "filter_spec": {}, "daily_execution_windows": {}, "max_in_flight": 10}"#

    private func prepared() throws -> StandIn {
        let standIn = try StandIn(seed: .blank)
        for (name, count) in [("three-tickets-wait", 3), ("five", 5)] {
            let made = standIn.send(
                "PUT", "/_understudy/scenarios/\(name)",
                body: #"{"when": {"times": 1}, "then": {"entities": \#(count)}}"#)
            #expect(made.status == 201)
        }
        return standIn
    }

    private func change(_ state: String, _ action: String, in standIn: StandIn) -> Answer {
        standIn.send("POST", Self.path, body: #"{"state": "\#(state)", "action": "\#(action)", "params": {}}"#)
    }

    private func estimate(_ standIn: StandIn) -> Int64? {
        standIn.send("POST", "/public-api/backfills", body: Self.create)["data.cost_estimate.total_entities"]?.integer
    }

    /// As a verifier does it: each interaction between its setup and its teardown, states in any order and again.
    @Test func aVerifierGoesFromStateToState() throws {
        let standIn = try prepared()
        for (state, count) in [("Three tickets wait!", 3), ("five", 5), ("three-tickets-wait", 3), ("five", 5)] {
            let setup = change(state, "setup", in: standIn)
            #expect(setup.status == 200)
            #expect(setup["scenario"]?.string == (count == 3 ? "three-tickets-wait" : "five"))
            #expect(estimate(standIn) == Int64(count), "\(state)")
            #expect(change(state, "teardown", in: standIn).status == 200)
            #expect(standIn.send("GET", "/_understudy/sandbox")["counts.backfills"]?.integer == 0)
        }
    }

    @Test func aTeardownLeavesNoScenarioActive() throws {
        let standIn = try prepared()
        _ = change("five", "teardown", in: standIn)
        #expect(standIn.send("GET", "/_understudy/scenarios")["data"]?.array?.isEmpty == true)
        #expect((estimate(standIn) ?? 0) > 100)
    }

    /// The scenario is for an agent that an import brought and a reset takes away.
    @Test func aScenarioThatNoLongerFitsIsRefused() throws {
        let standIn = try StandIn(seed: .blank)
        let seed = """
            {"agents": [{"id": "77", "name": "A", "autonomy_type": "AGENTIC", "entity_type": "TICKET", "created_at": "-P1D"}],
             "scenarios": [{"name": "s", "when": {"target_workflow_id": 77}, "then": {"fail": 1}}]}
            """
        #expect(standIn.send("PUT", "/_understudy/sandbox/import", body: seed).status == 200)
        #expect(change("s", "setup", in: standIn).status == 200)
        _ = change("s", "teardown", in: standIn)
        let answer = change("s", "setup", in: standIn)
        #expect(answer.status == 422)
        #expect(answer.code == "invalid_scenario")
        #expect(answer.violatedFields == ["when.target_workflow_id"])
    }

    @Test func anUnknownStateIsNotFound() throws {
        let standIn = try prepared()
        let answer = change("No such thing", "setup", in: standIn)
        #expect(answer.status == 404)
        #expect(answer.code == "not_found")
        #expect(answer["error.message"]?.string?.contains("/_understudy/scenarios/no-such-thing") == true)
        // A reset forgets what a teardown kept.
        _ = change("five", "teardown", in: standIn)
        standIn.send("POST", "/_understudy/sandbox/reset")
        #expect(change("five", "setup", in: standIn).status == 404)
    }

    @Test(arguments: [
        (#"{"state": "five"}"#, "five"), (#"{"state": "five", "action": null, "params": null}"#, "five"),
        (#"{"consumer": "web", "state": "five", "states": ["five"], "params": {"a": 1}}"#, "five"),
        (#"{"state": "", "action": "setup"}"#, nil), (#"{"state": null}"#, nil),
    ])
    func whatOldVerifiersSendIsUnderstood(body: String, scenario: String?) throws {
        let answer = try prepared().send("POST", Self.path, body: body)
        #expect(answer.status == 200)
        #expect(answer["scenario"]?.string == scenario)
        #expect(answer["action"]?.string == "setup")
    }

    @Test(arguments: [
        ("{}", ["state"]), (#"{"state": 7, "action": "begin", "params": []}"#, ["state", "action", "params"]),
        (#"{"state": "five", "action": 1}"#, ["action"]),
    ])
    func aChangeThatCannotBeIsRefused(body: String, fields: [String]) throws {
        let answer = try prepared().send("POST", Self.path, body: body)
        #expect(answer.status == 422)
        #expect(answer.violatedFields == fields)
    }
}
