import TestSupport
import Testing

/// A sandbox with every kind of thing in it, carried elsewhere.
@Suite struct EverythingExportTests {
    @Test func everythingSurvivesExportImportExport() throws {
        let here = try StandIn()
        let (neo, backside) = (StandIn.admin, DemoSeed.backsideKey)
        func send(
            _ status: Int, _ method: String, _ path: String, _ body: String? = nil, key: String = StandIn.admin
        ) {
            #expect(here.send(method, path, key: key, body: body).status == status, "\(method) \(path)")
        }
        let path = "/_understudy"
        send(200, "PATCH", "\(path)/clock", #"{"mode": "poll", "speed": 2.5}"#)
        send(201, "PUT", "\(path)/scenarios/some", #"{"when": {"times": 3}, "then": {"entities": 7, "fail": 2}}"#)
        send(
            201, "PUT", "\(path)/scenarios/runs",
            #"{"when": {"agent_kind": "contact_deduper", "times": 2}, "then": {"wait_after": 2}}"#)
        send(
            201, "PUT", "\(path)/faults/late",
            #"{"match": {"probability": 0.5}, "response": {"fixedDelayMilliseconds": 1}}"#)
        send(201, "PUT", "\(path)/faults/busy", #"{"match": {"skip": 1, "times": 2}, "response": {"status": 503}}"#)
        send(200, "GET", "/public-api/agents")
        send(503, "GET", "/public-api/agents")
        let created = here.send("POST", "/public-api/backfills", key: neo, body: createBody())
        #expect(created.status == 503)
        let id = try #require(
            here.send("POST", "/public-api/backfills", key: neo, body: createBody())["data.backfill.id"]?.string)
        send(202, "POST", "/public-api/backfills/\(id)/pause")
        let runs = "/api/v1/agents/contact_deduper/runs"
        for _ in 0..<3 { send(201, "POST", runs, #"{"input": {"x":  1.0}, "budget_usd_cents": 50}"#, key: backside) }
        send(200, "PUT", "/api/v1/agent-configs/ticket_triager", #"{"schedule": "0 6 * * 1"}"#, key: backside)
        send(200, "PUT", "/api/v1/agent-configs/ticket_triager/byok-key", #"{"api_key": "sk-ant-x"}"#, key: backside)
        send(200, "POST", "\(path)/clock/advance", #"{"seconds": 20}"#)

        let export = here.send("GET", "\(path)/sandbox/export", key: neo).text
        for part in [
            #""used":2"#, #""matched":"#, #""speed":2.5"#, #""status":"waiting""#, #""signal":"pause""#, #""x":  1.0"#,
        ] {
            #expect(export.contains(part), "\(part)")
        }
        let there = try StandIn(seed: .blank)
        #expect(there.send("PUT", "\(path)/sandbox/import", body: export).status == 200)
        #expect(there.send("GET", "\(path)/sandbox/export").text == export)

        // And both go on alike.
        for (standIn, key) in [(here, neo), (there, StandIn.neoKey)] {
            #expect(
                standIn.send("POST", "\(path)/clock/advance", key: key, body: #"{"until": "idle"}"#)["reason"]?.string
                    == "idle")
        }
        #expect(
            there.send("GET", "\(path)/sandbox/export").text
                == here.send("GET", "\(path)/sandbox/export", key: neo).text)
    }
}
