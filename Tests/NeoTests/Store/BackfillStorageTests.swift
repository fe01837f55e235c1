import JSON
import Sandboxes
import Time
import TestSupport
import Testing

@Suite struct BackfillStorageTests {
    /// A value's JSON, whatever stood around it.
    private static func text(_ node: JSONNode?) throws -> [UInt8] {
        var writer = JSONWriter()
        writer.value(try #require(node))
        return writer.bytes
    }

    @Test func aCreateAnswersWithWhatAGetReads() throws {
        let standIn = try StandIn()
        let answer = standIn.send("POST", "/public-api/backfills", body: createBody(["total_estimated": "7"]))
        let id = try #require(answer["data.backfill.id"]?.string)
        #expect(try Self.text(answer["data.backfill"]) == Self.text(standIn.backfill(id)["data"]))
    }

    @Test func aRerunAnswersWithWhatAGetReads() throws {
        let standIn = try StandIn()
        standIn.send(
            "PUT", "/_understudy/scenarios/fails",
            body: #"{"when": {}, "then": {"entities": 2, "fail": 1, "entity_seconds": 1}}"#)
        let id = try standIn.create()
        standIn.advance(#"{"seconds": 300}"#)
        let rerun = standIn.send("POST", "/public-api/backfills/\(id)/rerun-failed")
        let rerunID = try #require(rerun["data.backfill.id"]?.string, "\(rerun.text)")
        #expect(rerun["data.backfill.parent_backfill_run_id"]?.string == id)
        #expect(try Self.text(rerun["data.backfill"]) == Self.text(standIn.backfill(rerunID)["data"]))
    }

    /// Rather than be missing from the list.
    @Test func aBackfillThatCannotBeReadIsAnError() throws {
        let standIn = try StandIn()
        let id = try standIn.create(key: StandIn.admin)
        try standIn.directory.defaultSandbox.withWorld { world throws in
            try world.transaction {
                try world.database.execute(script: "PRAGMA ignore_check_constraints = ON")
                try world.database.run("UPDATE backfill SET state = 'LOST' WHERE id = ?", id)
            }
        }
        for path in ["/public-api/backfills", "/public-api/backfills/\(id)"] {
            let answer = standIn.send("GET", path, key: StandIn.admin)
            #expect(answer.status == 500, "\(path): \(answer.text)")
        }
    }

    @Test func aSignalStaysUntilItsTickWhenOthersTakeEffect() throws {
        let standIn = try StandIn()
        let document = """
            {"agents": [{"id": "1", "name": "n", "autonomy_type": "AGENTIC", "entity_type": "TICKET", "created_at": "-P1D"}],
            "entities": [{"id": "t", "type": "ticket", "seconds": 600}],
            "backfills": [{"id": "b", "state": "RUNNING", "target_workflow_id": 1, "entity_type": "ticket",
                "filter_spec": {}, "daily_execution_windows": {}, "max_in_flight": 1, "created_at": "-PT5S",
                "started_at": "-PT5S", "entities": ["t"], "next_entity": 0,
                "signals": [{"signal": "pause", "sent_at": "+PT1S"}, {"signal": "resume", "sent_at": "+PT2S"},
                    {"signal": "pause", "sent_at": "+PT3S"}, {"signal": "resume", "sent_at": "+PT40S"}]}]}
            """
        let imported = standIn.send("PUT", "/_understudy/sandbox/import", body: document)
        #expect(imported.status == 200, "\(imported.text)")
        standIn.advance(#"{"seconds": 30}"#)
        #expect(standIn.standing("b") == "PAUSED 0 0 0")
        let export = standIn.send("GET", "/_understudy/sandbox/export")
        #expect(export["backfills"]?.array?.first?.object?["signals"]?.array?.count == 1)
        standIn.advance(#"{"seconds": 30}"#)
        #expect(standIn.standing("b") == "RUNNING 0 0 0")
    }
}
