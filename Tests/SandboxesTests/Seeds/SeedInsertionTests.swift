import Understudy
import SQLite
import Sandboxes
import Time
import TestSupport
import Testing

@Suite struct SeedInsertionTests {
    private static func backfill(state: String, ticked: String, ends: String, succeeded: Int) -> String {
        let completed = state == "RUNNING" ? "null" : "\"-PT1M\""
        return """
            {"agents": [{"id": "1", "name": "A", "autonomy_type": "AGENTIC", "entity_type": "TICKET", "created_at": "-P1D"}],
             "entities": [{"id": "t", "type": "ticket"}],
             "backfills": [{"id": "b", "state": "\(state)", "target_workflow_id": 1, "entity_type": "ticket",
               "filter_spec": {}, "daily_execution_windows": {}, "max_in_flight": 1, "created_at": "-PT10M",
               "ticked_at": \(ticked), "completed_at": \(completed), "entities": ["t"], "next_entity": 1,
               "succeeded_count": \(succeeded)}],
             "executions": [{"id": "e", "agent_id": 1, "entity_id": "t", "backfill_id": "b", "position": 0,
               "created_at": "-PT5M", "ends_at": "\(ends)", "outcome": "SUCCESS"}]}
            """
    }

    /// Seconds from the backfill's creation to its next tick.
    private static func due(_ text: String) throws -> Int64? {
        let statement = try GoodSeed.database(of: GoodSeed.read(text))
            .statement("SELECT (due_at - created_at) / 1000000 FROM backfill")
        return try statement.step() && !statement.isNull ? statement.integer : nil
    }

    @Test func anActiveBackfillIsDueAtItsNextTick() throws {
        #expect(try Self.due(Self.backfill(state: "RUNNING", ticked: "null", ends: "+PT1H", succeeded: 0)) == 30)
        #expect(try Self.due(Self.backfill(state: "RUNNING", ticked: "\"-PT2M\"", ends: "-PT3M", succeeded: 1)) == 510)
        #expect(
            try Self.due(Self.backfill(state: "RUNNING", ticked: "\"-PT1M59S\"", ends: "-PT3M", succeeded: 1)) == 510)
    }

    @Test func aTerminalBackfillIsDueWhileExecutionsRun() throws {
        #expect(
            try Self.due(Self.backfill(state: "CANCELLED", ticked: "\"-PT1M\"", ends: "-PT59S", succeeded: 0)) == 570)
        #expect(
            try Self.due(Self.backfill(state: "CANCELLED", ticked: "\"-PT1M\"", ends: "-PT1M", succeeded: 1)) == nil)
    }

    @Test func aStartTooCloseToTheCalendarsEndIsRefusedAndNothingInserted() throws {
        let document = try GoodSeed.read(GoodSeed.text)
        let database = try Database()
        try Schema.migrate(database, Understudy.modules)
        #expect(throws: SeedRefusal.self) { try document.insert(into: database, start: .earliest) }
        #expect(throws: SeedRefusal.self) { try document.insert(into: database, start: .latest) }
        let rows = try database.statement("SELECT count(*) FROM agent")
        #expect(try rows.step())
        #expect(rows.integer == 0)
    }

    @Test func whatTheDatabaseRefusesLeavesNothingBehind() throws {
        let document = try GoodSeed.read(GoodSeed.text)
        let database = try GoodSeed.database(of: document)
        #expect(throws: SQLiteError.self) { try document.insert(into: database, start: GoodSeed.start) }
        let rows = try database.statement("SELECT count(*) FROM run_step")
        #expect(try rows.step())
        #expect(rows.integer == 2)
    }
}
