import HTTPFront
import TestSupport
import Testing

@Suite struct SandboxRouteTests {
    @Test func aSandboxSaysWhatItIs() throws {
        let standIn = try StandIn()
        let own = standIn.send("GET", "/_understudy/sandbox")
        #expect(own.status == 200)
        #expect(own["name"]?.string?.hasPrefix("key-") == true)
        #expect(own["counts.backfills"]?.integer == 0)
        #expect(own["clock.now"]?.string == "2026-03-02T09:00:00.000000Z")
        #expect(own["credentials.0.masked"]?.string == "neo_sk_test_…")
        let byDefault = standIn.send("GET", "/_understudy/sandbox", key: nil)
        #expect(byDefault["name"]?.string == "default")
        #expect(byDefault["counts.backfills"]?.integer ?? 0 >= 6)
        #expect(byDefault["tenant_id"]?.string != own["tenant_id"]?.string)
        #expect(!byDefault.text.contains(StandIn.admin))
    }

    @Test func aResetBringsTheSeedBack() throws {
        let standIn = try StandIn()
        let fresh = standIn.send("GET", "/_understudy/sandbox/export").text
        let created = standIn.send("POST", "/public-api/backfills", body: createBody())
        #expect(standIn.send("GET", "/_understudy/sandbox/export").text != fresh)
        #expect(standIn.send("POST", "/_understudy/sandbox/reset").status == 200)
        #expect(standIn.send("GET", "/_understudy/sandbox/export").text == fresh)
        let again = standIn.send("POST", "/public-api/backfills", body: createBody())
        #expect(again["data.backfill"]?.compact == created["data.backfill"]?.compact)
    }

    @Test func anExportImportedElsewhereIsTheSameSandbox() throws {
        let standIn = try StandIn()
        let export = standIn.send("GET", "/_understudy/sandbox/export", key: StandIn.admin).text
        #expect(export.contains("ba04"))
        let imported = standIn.send("PUT", "/_understudy/sandbox/import", body: export)
        #expect(imported.status == 200)
        #expect(imported["name"]?.string?.hasPrefix("key-") == true)
        #expect(standIn.send("GET", "/_understudy/sandbox/export").text == export)
        let rerun = "/public-api/backfills/\(DemoSeed.backfillWithFailures)/rerun-failed"
        let there = standIn.send("POST", rerun, key: StandIn.admin)
        let here = standIn.send("POST", rerun)
        #expect(here.status == 201)
        #expect(here["data.backfill.id"]?.string == there["data.backfill.id"]?.string)
    }

    @Test(arguments: [
        ("", ""), ("{", ""), ("[]", ""), (#"{"agents": 1}"#, "agents"), (#"{"agnets": []}"#, "agnets"),
        (#"{"agents": [{"id": "1", "state": "ON"}]}"#, "agents[0].state"),
        (
            #"{"clock": {"start": "0001-01-01T00:00:00Z"}, "agents": [{"id": "1", "name": "a", "created_at": "-P1D", "autonomy_type": "AGENTIC", "entity_type": "TASK"}]}"#,
            "clock.start"
        ),
    ])
    func aBadImportNamesThePlaceAndChangesNothing(document: String, place: String) throws {
        let standIn = try StandIn()
        let before = standIn.send("GET", "/_understudy/sandbox/export").text
        let answer = standIn.send("PUT", "/_understudy/sandbox/import", body: document)
        #expect(answer.status == 422)
        #expect(answer.code == "invalid_seed")
        #expect(place.isEmpty || answer.violatedFields.contains(place))
        #expect(standIn.send("GET", "/_understudy/sandbox/export").text == before)
    }

    @Test func anImportedBackfillGoesOnFromItsStart() throws {
        let standIn = try StandIn()
        let seed = """
            {"agents": [{"id": "123", "name": "a", "autonomy_type": "AGENTIC", "entity_type": "TICKET", "created_at": "-P1D"}],
             "entities": [{"id": "t1", "type": "ticket"}],
             "backfills": [{"id": "b1", "state": "RUNNING", "target_workflow_id": 123, "entity_type": "ticket",
               "filter_spec": {}, "max_in_flight": 1, "created_at": "-PT1H", "started_at": "-PT5M", "entities": ["t1"]}]}
            """
        #expect(standIn.send("PUT", "/_understudy/sandbox/import", body: seed).status == 200)
        let backfill = standIn.send("GET", "/public-api/backfills/b1")
        #expect(backfill["data.started_at"]?.string == "2026-03-02T08:55:00.000000Z")
        #expect(backfill["data.completed_at"]?.string == "2026-03-02T08:56:00.000000Z")
        let export = standIn.send("GET", "/_understudy/sandbox/export").text
        #expect(standIn.send("PUT", "/_understudy/sandbox/import", body: export).status == 200)
    }

    @Test func aStrangeCredentialIsNobodys() throws {
        let standIn = try StandIn()
        #expect(standIn.send("GET", "/_understudy/sandbox", key: "x").status == 401)
    }

    @Test func thePageSaysWhatIsThere() throws {
        let answer = try StandIn().send("GET", "/_understudy/", key: nil)
        #expect(answer.status == 200)
        #expect(answer.response.field("Content-Type") == "text/html; charset=utf-8")
        #expect(answer.text.contains("default"))
    }
}
