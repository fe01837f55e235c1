import TestSupport
import Testing

/// Runs from their enqueue to their end, as a client sees them.
@Suite struct AgentRunLifeTests {
    @Test func aRunLivesStepByStep() throws {
        let client = try RunClient()
        let id = try client.enqueue(#"{"input": {"company": "Example Eyewear"}}"#)
        var looks = [client.look(id)]
        // The script's steps last 8, 4, 14, 6 and 11 seconds.
        for seconds in [1, 7, 1, 4, 14, 6, 10, 1] {
            client.advance(seconds: seconds)
            looks.append(client.look(id))
            let answer = client.get(id)
            let costs = answer["steps"]?.array?.compactMap { $0.object?["cost_usd_cents"]?.integer } ?? []
            #expect(answer["cost_usd_cents"]?.integer == costs.reduce(0, +))
        }
        #expect(
            looks == [
                "queued ", "running o", "running o", "running xo", "running xxo", "running xxxo", "running xxxxo",
                "running xxxxo", "succeeded xxxxx",
            ])
        let end = client.get(id)
        #expect(end["output.pairs_rejected"]?.integer == 1)
        #expect(end["cost_usd_cents"]?.integer == 16)
        #expect(end["updated_at"]?.string == "2026-03-02T09:00:44.000000Z")
        #expect(end["deadline_at"]?.string == "2026-03-02T09:15:01.000000Z")
        #expect(end["budget_usd_cents"]?.integer == 500)
        #expect(end["input"]?.compact == #"{"company":"Example Eyewear"}"#)
    }

    @Test func anOpenStepShowsOnlyItsBeginning() throws {
        let client = try RunClient()
        let id = try client.enqueue()
        client.advance(seconds: 1)
        let open = client.get(id)["steps.0"]?.object
        #expect(open?["model"]?.string == "atlas-large-2")
        for member in ["completed_at", "output", "input_tokens", "output_tokens", "cost_usd_cents"] {
            #expect(open?[member]?.isNull == true)
        }
        client.advance(seconds: 8)
        let answer = client.get(id)
        #expect(answer["steps.0.input_tokens"]?.integer == 1840)
        #expect(answer["steps.0.cache_write_tokens"]?.integer == 1536)
        #expect(answer["steps.1.model"]?.isNull == true)
        #expect(answer["steps.1.name"]?.string == "list_contacts")
    }

    @Test func aBudgetTooSmallEndsIt() throws {
        let client = try RunClient()
        let id = try client.enqueue(#"{"budget_usd_cents": 11}"#)
        client.advance(#"{"until": "idle"}"#)
        let answer = client.get(id)
        #expect(client.look(id) == "failed xx")
        #expect(answer["failure_category"]?.string == "budget_exceeded")
        #expect(answer["failure_detail"]?.string == "Step 3 would bring the cost to 12 cents, past the budget of 11.")
        #expect(answer["cost_usd_cents"]?.integer == 3)
        #expect(answer["consecutive_failures"]?.integer == 1)
        #expect(answer["output"]?.isNull == true)
    }

    @Test func aDeadlineTooNearEndsItWithItsStepOpen() throws {
        let client = try RunClient()
        let id = try client.enqueue(#"{"deadline_at": "2026-03-02T09:00:20Z"}"#)
        client.advance(seconds: 3600)
        let answer = client.get(id)
        #expect(client.look(id) == "failed xxo")
        #expect(answer["failure_category"]?.string == "deadline_exceeded")
        #expect(answer["updated_at"]?.string == "2026-03-02T09:00:20.000000Z")
    }

    @Test func aDeadlineThatIsOverFailsItAtOnce() throws {
        let client = try RunClient()
        let id = try client.enqueue(#"{"deadline_at": "2026-03-02T08:00:00Z"}"#)
        #expect(client.look(id) == "failed ")
        #expect(client.get(id)["updated_at"]?.string == "2026-03-02T09:00:00.000000Z")
    }

    @Test func aRunIsNotClaimedBeforeItsTime() throws {
        let client = try RunClient()
        let id = try client.enqueue(#"{"run_at": "2026-03-02T11:00:00+01:00"}"#)
        #expect(client.get(id)["run_at"]?.string == "2026-03-02T10:00:00.000000Z")
        client.advance(seconds: 3600)
        #expect(client.look(id) == "queued ")
        client.advance(seconds: 1)
        #expect(client.look(id) == "running o")
        #expect(client.get(id)["deadline_at"]?.string == "2026-03-02T10:15:01.000000Z")
    }

    @Test func aGuardrailWaitsAndAnApprovalGoesOn() throws {
        var client = try RunClient()
        client.kind = "invoice_reconciler"
        let id = try client.enqueue()
        #expect(client.decide(id, "approve").status == 409)
        #expect(client.advance(#"{"until": "idle"}"#)["reason"]?.string == "idle")
        #expect(client.look(id) == "waiting xxx")
        let approved = client.decide(id, "approve")
        #expect(approved.status == 200)
        #expect(approved["status"]?.string == "running")
        #expect(client.look(id) == "running xxxo")
        #expect(client.decide(id, "approve").status == 409)
        client.advance(#"{"until": "idle"}"#)
        #expect(client.look(id) == "succeeded xxxxx")
    }

    @Test func aDenialEndsIt() throws {
        var client = try RunClient()
        client.kind = "invoice_reconciler"
        let id = try client.enqueue()
        client.advance(#"{"until": "idle"}"#)
        let denied = client.decide(id, "deny")
        #expect(denied.status == 200)
        #expect(denied["failure_category"]?.string == "guardrail_denied")
        #expect(client.look(id) == "failed xxx")
        #expect(client.decide(id, "deny").status == 409)
        #expect(client.decide("00000000-0000-4000-8000-000000000000", "deny").status == 404)
        #expect(client.decide("x", "deny").status == 404)
    }

    @Test func aRunThatWaitsCanBeCancelledAndHasADeadline() throws {
        var client = try RunClient()
        client.kind = "invoice_reconciler"
        let cancelled = try client.enqueue()
        let late = try client.enqueue(#"{"deadline_at": "2026-03-02T10:00:00Z"}"#)
        client.advance(#"{"until": "idle"}"#)
        #expect([client.look(cancelled), client.look(late)] == ["waiting xxx", "waiting xxx"])
        #expect(client.cancel(cancelled)["status"]?.string == "cancelled")
        let next = client.advance(#"{"until": "next_event"}"#)
        #expect(next["now"]?.string == "2026-03-02T10:00:00.000000Z")
        #expect(
            next["transitions.0"]?.compact
                == #"{"at":"2026-03-02T10:00:00.000000Z","resource":"run","id":"\#(late)","from":"waiting","to":"failed"}"#
        )
    }

    @Test func aCancelInMidStepLeavesTheStepOpen() throws {
        let client = try RunClient()
        let id = try client.enqueue()
        client.advance(seconds: 5)
        let cancelled = client.cancel(id)
        #expect(cancelled.status == 200)
        #expect(cancelled["status"]?.string == "cancelled")
        #expect(cancelled["steps"] == nil)
        client.advance(seconds: 1000)
        #expect(client.look(id) == "cancelled o")
        #expect(client.get(id)["cost_usd_cents"]?.integer == 0)
        #expect(client.get(id)["consecutive_failures"]?.integer == 0)
        let again = client.cancel(id)
        #expect(again.status == 409)
        #expect(again.code == "conflict")
    }

    @Test func withoutAnActiveKeyARunIsTakenAndFails() throws {
        var client = try RunClient()
        client.kind = "ticket_triager"
        let id = try client.enqueue()
        client.advance(seconds: 1)
        #expect(client.look(id) == "failed ")
        #expect(client.get(id)["failure_category"]?.string == "auth_failed")
    }

    @Test func fiveFailuresInARowDisableTheKind() throws {
        let client = try RunClient()
        let last = try client.enqueue(#"{"run_at": "2026-03-02T10:00:00Z"}"#)
        for number in 1...5 {
            let id = try client.enqueue(#"{"budget_usd_cents": 0}"#)
            client.advance(seconds: 1)
            #expect(client.get(id)["consecutive_failures"]?.integer == Int64(number))
        }
        let refused = client.standIn.send("POST", client.path, key: client.key)
        #expect(refused.status == 409)
        #expect(refused.code == "conflict")
        // What was queued still runs, and a success enables the kind again.
        client.advance(#"{"until": "idle"}"#)
        #expect(client.look(last) == "succeeded xxxxx")
        #expect(client.standIn.send("POST", client.path, key: client.key).status == 201)
    }

    @Test func aKindWithoutAConfigurationIsDisabledToo() throws {
        let seed = #"{"agent_scripts": {"plain": {"steps": [], "outcome": {"status": "succeeded"}}}}"#
        var client = try RunClient(seed: .json(Array(seed.utf8)))
        client.kind = "plain"
        for number in 1...5 {
            let id = try client.enqueue()
            client.advance(seconds: 1)
            #expect(client.get(id)["consecutive_failures"]?.integer == Int64(number))
        }
        #expect(client.standIn.send("POST", client.path, key: client.key).status == 409)
        // A key makes the configuration, and the kind works again once that is put.
        let config = "/api/v1/agent-configs/plain"
        let put = client.standIn.send(
            "PUT", config + "/byok-key", key: client.key, body: #"{"api_key": "sk-ant-invented"}"#)
        #expect(put["byok_status"]?.string == "active")
        #expect(client.standIn.send("POST", client.path, key: client.key).status == 409)
        #expect(client.standIn.send("PUT", config, key: client.key, body: "{}").status == 200)
        let id = try client.enqueue()
        client.advance(seconds: 1)
        #expect(client.look(id) == "succeeded ")
    }

    @Test func aKeyThatIsRevokedFailsTheRunsThatAreClaimedThen() throws {
        let client = try RunClient()
        let (running, queued) = (try client.enqueue(), try client.enqueue(#"{"run_at": "2026-03-02T09:00:10Z"}"#))
        client.advance(seconds: 5)
        let key = "/api/v1/agent-configs/contact_deduper/byok-key"
        #expect(client.standIn.send("DELETE", key, key: client.key)["byok_status"]?.string == "revoked")
        client.advance(#"{"until": "idle"}"#)
        #expect([client.look(running), client.look(queued)] == ["succeeded xxxxx", "failed "])
        #expect(client.get(queued)["failure_category"]?.string == "auth_failed")
    }

    @Test func aPollingClientSeesTheWholeLife() throws {
        let client = try RunClient()
        #expect(
            client.standIn.send("PATCH", "/_understudy/clock", key: client.key, body: #"{"mode": "poll"}"#).status
                == 200
        )
        let id = try client.enqueue()
        #expect(client.standIn.send("HEAD", "\(client.path)/\(id)", key: client.key).status == 200)
        #expect(client.standIn.send("GET", client.path, key: client.key)["data.0.status"]?.string == "queued")
        let looks = (0..<8).map { _ in client.look(id).split(separator: " ").last.map(String.init) ?? "" }
        #expect(looks == ["o", "xo", "xxo", "xxxo", "xxxxo", "xxxxx", "xxxxx", "xxxxx"])
    }

    @Test func aClientMayPollWhileSomebodyDecides() throws {
        let client = try RunClient()
        client.scenario(#"{"when": {}, "then": {"wait_after": 1}}"#)
        let id = try client.enqueue()
        #expect(
            client.standIn.send("PATCH", "/_understudy/clock", key: client.key, body: #"{"mode": "poll"}"#).status
                == 200)
        let looks = (0..<5).map { _ in client.look(id) }
        #expect(looks == ["running o", "waiting x", "waiting x", "waiting x", "waiting x"])
    }

    @Test func theDemosRunsGoOn() throws {
        var client = try RunClient()
        client.key = DemoSeed.backsideKey
        let running = "00000000-0000-4000-8000-00000000a902"
        #expect(client.look(running) == "running xo")
        client.advance(seconds: 1)
        #expect(client.look(running) == "running xxo")
        client.advance(seconds: 60)
        #expect(client.look(running) == "succeeded xxxxx")
        client.kind = "invoice_reconciler"
        let waiting = "00000000-0000-4000-8000-00000000a903"
        #expect(client.decide(waiting, "approve").status == 200)
        #expect(client.look(waiting) == "running xxxo")
    }

    @Test func anExportInMidRunGoesOnElsewhere() throws {
        let here = try RunClient()
        here.scenario(
            #"{"when": {"agent_kind": "contact_deduper", "times": 1}, "then": {"steps": [{"kind": "tool", "name": "a", "seconds": 2.5}], "wait_after": 1}}"#
        )
        let scripted = try here.enqueue(#"{"input": {"b": 1.50,  "a": "\u0041"}}"#)
        let later = try here.enqueue(#"{"run_at": "2026-03-02T10:00:00Z"}"#)
        here.advance(seconds: 2)
        let export = here.standIn.send("GET", "/_understudy/sandbox/export", key: here.key).text
        let there = try RunClient()
        #expect(there.standIn.send("PUT", "/_understudy/sandbox/import", key: there.key, body: export).status == 200)
        #expect(there.standIn.send("GET", "/_understudy/sandbox/export", key: there.key).text == export)
        for client in [here, there] { client.advance(seconds: 2) }
        #expect(there.look(scripted) == "waiting x")
        for client in [here, there] { client.advance(seconds: 4000) }
        #expect(there.look(scripted) == "failed x")
        for id in [scripted, later] {
            let body = here.get(id).text.drop { $0 != "k" }
            #expect(there.get(id).text.drop { $0 != "k" } == body)
        }
        #expect(there.look(later) == "succeeded xxxxx")
        #expect(there.get(scripted).text.contains(#""input":{"b": 1.50,  "a": "\u0041"}"#))
    }
}
