import TestSupport
import Testing

@Suite struct BackfillRerunTests {
    /// Of the demo seed: COMPLETED with failures; COMPLETED without; one for each other state.
    static let withFailures = DemoSeed.backfillWithFailures
    static let withoutFailures = "00000000-0000-4000-8000-00000000ba05"
    static let draft = "00000000-0000-4000-8000-00000000ba01"
    static let running = "00000000-0000-4000-8000-00000000ba02"
    static let paused = "00000000-0000-4000-8000-00000000ba03"

    private func rerun(_ id: String, in standIn: StandIn) -> Answer {
        standIn.send("POST", "/public-api/backfills/\(id)/rerun-failed", key: StandIn.admin)
    }

    @Test func aRerunInheritsFromItsSourceAndTakesExactlyWhatFailed() throws {
        let standIn = try StandIn()
        let source = standIn.send("GET", "/public-api/backfills/\(Self.withFailures)", key: StandIn.admin)
        let failed = try #require(source["data.failed_count"]?.integer)
        #expect(failed > 0)
        let answer = rerun(Self.withFailures, in: standIn)
        #expect(answer.status == 201)
        #expect(answer["data.backfill.state"]?.string == "DRAFT")
        #expect(answer["data.backfill.parent_backfill_run_id"]?.string == Self.withFailures)
        #expect(answer["data.backfill.total_estimated"]?.integer == failed)
        #expect(answer["data.cost_estimate.total_entities"]?.integer == failed)
        for field in [
            "target_workflow_id", "daily_execution_windows", "timezone", "max_in_flight", "entity_type", "filter_spec",
        ] {
            #expect(answer["data.backfill.\(field)"]?.compact == source["data.\(field)"]?.compact)
        }
    }

    @Test(arguments: [withoutFailures, draft, running, paused])
    func whatIsNotOverOrHasNoFailuresCannotBeRerun(id: String) throws {
        let answer = rerun(id, in: try StandIn())
        #expect(answer.status == 409)
        #expect(answer.code == "backfill_not_rerunnable")
    }

    @Test func aRerunIsRefusedWhileItsWorkflowHasAnActiveBackfill() throws {
        let standIn = try StandIn()
        let first = rerun(Self.withFailures, in: standIn)
        let second = rerun(Self.withFailures, in: standIn)
        #expect(second.status == 409)
        #expect(second.code == "backfill_already_active")
        #expect(second["error.details.active_backfill_id"]?.string == first["data.backfill.id"]?.string)
    }

    @Test func aBodyIsIgnored() throws {
        let standIn = try StandIn()
        let answer = standIn.send(
            "POST", "/public-api/backfills/\(Self.withFailures)/rerun-failed", key: StandIn.admin, body: "{no json")
        #expect(answer.status == 201)
    }

    @Test(arguments: ["nothing", "%00", "%FF", "a%2Fb", "..", "00000000-0000-4000-8000-000000000000", "é"])
    func anIdThatNamesNothingIsNotFound(id: String) throws {
        let standIn = try StandIn()
        #expect(rerun(id, in: standIn).code == "NOT_FOUND")
        #expect(standIn.send("GET", "/public-api/backfills/\(id)").code == "NOT_FOUND")
    }
}
