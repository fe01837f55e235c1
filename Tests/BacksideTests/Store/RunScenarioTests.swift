import Testing

@Suite struct RunScenarioTests {
    private static let oneStep = #"{"kind": "tool", "name": "ask", "seconds": 3, "output": 5, "cost_usd_cents": 2}"#

    @Test func aScenarioReplacesTheScriptForChosenRuns() throws {
        let client = try RunClient()
        client.scenario(
            #"{"when": {"agent_kind": "contact_deduper", "times": 1}, "then": {"steps": [\#(Self.oneStep)], "outcome": {"status": "failed", "failure_category": "tool_error", "failure_detail": "no answer"}}}"#
        )
        let (chosen, usual) = (try client.enqueue(), try client.enqueue())
        client.advance(#"{"until": "idle"}"#)
        #expect([client.look(chosen), client.look(usual)] == ["failed x", "succeeded xxxxx"])
        let answer = client.get(chosen)
        #expect(answer["failure_category"]?.string == "tool_error")
        #expect(answer["failure_detail"]?.string == "no answer")
        #expect(answer["cost_usd_cents"]?.integer == 2)
        #expect(answer["steps.0.output"]?.integer == 5)
        let scenario = client.standIn.send("GET", "/_understudy/scenarios/s", key: client.key)
        #expect(scenario["used"]?.integer == 1)
    }

    @Test func whatItDoesNotSayStaysAsTheKindHasIt() throws {
        let client = try RunClient()
        client.scenario(#"{"when": {}, "then": {"wait_after": 2}}"#)
        let waiting = try client.enqueue()
        client.scenario(#"{"when": {}, "then": {"outcome": {"status": "succeeded", "output": "done"}}}"#)
        let done = try client.enqueue()
        client.advance(#"{"until": "idle"}"#)
        #expect(client.look(waiting) == "waiting xx")
        #expect(client.look(done) == "succeeded xxxxx")
        #expect(client.get(done)["output"]?.string == "done")
    }

    @Test func stepsOfItsOwnDoNotWaitWhereTheKindDoes() throws {
        var client = try RunClient()
        client.kind = "invoice_reconciler"
        client.scenario(#"{"when": {}, "then": {"steps": [\#(Self.oneStep), \#(Self.oneStep), \#(Self.oneStep)]}}"#)
        let id = try client.enqueue()
        client.advance(#"{"until": "idle"}"#)
        #expect(client.look(id) == "succeeded xxx")
    }

    @Test func aRefusedKeyFailsTheRunAndTheKind() throws {
        let client = try RunClient()
        client.scenario(
            #"{"when": {"times": 1}, "then": {"steps": [\#(Self.oneStep)], "outcome": {"status": "failed", "failure_category": "auth_failed"}}}"#
        )
        let (first, second) = (try client.enqueue(), try client.enqueue(#"{"run_at": "2026-03-02T09:01:00Z"}"#))
        client.advance(#"{"until": "idle"}"#)
        #expect([client.look(first), client.look(second)] == ["failed x", "failed "])
        #expect(client.get(second)["consecutive_failures"]?.integer == 2)
        #expect(client.get(second)["failure_detail"]?.string == "The agent kind has no active key.")
    }

    @Test func backfillsAndRunsUseTheirOwnScenariosOnly() throws {
        let client = try RunClient()
        client.scenario(#"{"when": {"times": 1}, "then": {"entities": 3}}"#)
        _ = try client.enqueue()
        #expect(
            client.standIn.send("GET", "/_understudy/scenarios/s", key: client.key)["used"]?.integer == 0)
    }

    @Test(arguments: [
        (#"{"when": {"agent_kind": "nobody"}, "then": {"wait_after": 1}}"#, ["when.agent_kind"]),
        (#"{"when": {"agent_kind": 5}, "then": {"wait_after": 1}}"#, ["when.agent_kind"]),
        (#"{"when": {"agent_kind": "contact_deduper"}, "then": {"wait_after": 6}}"#, ["then.wait_after"]),
        (#"{"when": {"agent_kind": "contact_deduper"}, "then": {"fail": 1}}"#, ["then.fail"]),
        (
            #"{"when": {"agent_kind": "contact_deduper"}, "then": {"outcome": {"status": "waiting"}}}"#,
            ["then.outcome.status"]
        ),
        (#"{"when": {"target_workflow_id": 123}, "then": {"steps": []}}"#, ["then.steps"]),
        (
            #"{"when": {"target_workflow_id": 123, "agent_kind": "contact_deduper"}, "then": {"wait_after": 1}}"#,
            ["when.agent_kind"]
        ),
        (
            #"{"when": {}, "then": {"steps": [{"kind": "x", "name": "a", "seconds": -1}]}}"#,
            ["then.steps[0].kind", "then.steps[0].seconds"]
        ),
        (#"{"when": {}, "then": {"steps": [], "wait_after": 1}}"#, ["then.wait_after"]),
        (#"{"when": {}, "then": {"steps": [], "entities": 1}}"#, ["then.entities"]),
        (
            #"{"when": {}, "then": {"steps": [{"kind": "llm", "name": "a", "seconds": 1, "cost_usd_cents": 9223372036854775807}, {"kind": "llm", "name": "a", "seconds": 1, "cost_usd_cents": 1}]}}"#,
            ["then.steps"]
        ),
    ])
    func whatCannotBeIsRefused(body: String, fields: [String]) throws {
        let client = try RunClient()
        let answer = client.standIn.send("PUT", "/_understudy/scenarios/s", key: client.key, body: body)
        #expect(answer.status == 422)
        #expect(answer.violatedFields.sorted() == fields.sorted())
    }
}
