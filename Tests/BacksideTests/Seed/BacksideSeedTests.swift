import Backside
import Sandboxes
import TestSupport
import Testing

@Suite struct BacksideSeedTests {
    @Test(arguments: rows + courses)
    func aProblemIsReportedAtItsPlace(spoiling: Spoiling) {
        #expect(GoodSeed.text.contains(spoiling.old))
        let text = GoodSeed.text.replacing(spoiling.old, with: spoiling.new, maxReplacements: 1)
        #expect(GoodSeed.problems(of: text) == spoiling.problems)
    }

    static let rows: [Spoiling] = [
        Spoiling(
            #""refused": {"#, #""other": {"#, "runs[1].agent_kind: has no script in agent_scripts"),
        Spoiling(#""steps": [], "#, "", "agent_scripts.refused.steps: is missing"),
        Spoiling(
            #"[], "outcome": {"status": "failed", "failure_category": "auth_failed", "failure_detail": null}"#, "[]",
            "agent_scripts.refused.outcome: is missing"),
        Spoiling(
            #""seconds": 2}"#, #""second": 2}"#,
            "agent_scripts.contact_deduper.steps[1].seconds: is missing",
            "agent_scripts.contact_deduper.steps[1].second: is not a member of this object"),
        Spoiling(
            #""wait_after": 2"#, #""wait_after": 3"#,
            "agent_scripts.contact_deduper.wait_after: must be a step's number, of which there are 2"),
        Spoiling(
            #""agent_kind": "contact_deduper", "budget"#, #""agent_kind": "mystery", "budget"#,
            "agent_configs[0].agent_kind: has no script in agent_scripts"),
        Spoiling("3C90C3CC-0D44", "3C90C3CC_0D44", "agent_configs[0].id: must be a UUID"),
        Spoiling(
            #""guardrails": [{"x": 1}]"#, #""guardrails": {}"#,
            "agent_configs[0].guardrails: must be an array or null, not an object"),
        Spoiling(
            #""schedule": "*/5 "#, #""schedule": "*/60 "#,
            "agent_configs[0].schedule: must be a cron expression of five fields, or six with seconds"),
        Spoiling(
            #""byok_status": "active""#, #""byok_status": "on""#,
            "agent_configs[0].byok_status: must be one of inactive, active, auth_failed, revoked"),
        Spoiling(
            #""status": "queued""#, #""status": "done""#,
            "runs[1].status: must be one of queued, running, waiting, succeeded, failed, cancelled"),
        Spoiling("4c90c3cc", "3c90c3cc", "runs[1].id: is the same as that of runs[0]"),
        Spoiling(
            #""queued", "created_at": "-PT1H""#, #""queued", "created_at": "-P1D""#,
            "runs[1].created_at: is the same as that of runs[0]"),
        Spoiling(
            #""queued", "created_at": "-PT1H""#, #""queued", "created_at": "2026-01-01T00:00:00Z""#,
            "runs[1].created_at: must, like that of runs[0], be a timestamp, or like it a duration"),
        Spoiling(
            #""consecutive_failures": 1, "cost_usd_cents": 6"#, #""consecutive_failures": 1, "cost_usd_cents": 7"#,
            "runs[0].cost_usd_cents: must be the sum of the steps', which is 6"),
        Spoiling(#""seq": 2"#, #""seq": 3"#, "runs[0].steps[1].seq: must be 2"),
        Spoiling(
            #""completed_at": "-PT23H59M""#, #""completed_at": "-P1DT1S""#,
            "runs[0].steps[0].completed_at: must not be before started_at"),
        Spoiling(#""started_at": "-P1D""#, #""started_at": "-P2D""#, "runs[0].steps: must not be before created_at"),
    ]

    static let courses: [Spoiling] = [
        Spoiling(
            #""cost_usd_cents": 6, "started_at": "-P1D", "completed_at": "-PT23H59M""#,
            #""cost_usd_cents": 6, "started_at": "-P1D""#,
            "runs[0].steps[0].output: must be null while the step is open",
            "runs[0].steps[0].input_tokens: must be null while the step is open",
            "runs[0].steps[0].output_tokens: must be null while the step is open",
            "runs[0].steps[0].cache_read_tokens: must be null while the step is open",
            "runs[0].steps[0].cache_write_tokens: must be null while the step is open",
            "runs[0].steps[0].cost_usd_cents: must be null while the step is open"),
        Spoiling(
            #""seq": 2, "kind": "tool", "name": "t", "started_at": "-PT23H""#,
            #""seq": 2, "kind": "tool", "name": "t", "started_at": "-PT23H"}, {"seq": 3, "kind": "tool", "name": "t", "started_at": "-PT23H""#,
            "runs[0].steps[1].completed_at: is missing: only a run's last step may be open"),
        Spoiling(
            #""started_at": "-PT23H""#, #""started_at": "-PT23H59M1S""#,
            "runs[0].steps[1].started_at: must not be before the completed_at of the step before"),
        Spoiling(
            #""updated_at": "-PT23H""#, #""updated_at": "-PT23H1S""#,
            "runs[0].updated_at: must not be before its last step"),
        Spoiling(
            #""contact_deduper", "status": "failed""#, #""contact_deduper", "status": "waiting""#,
            "runs[0].consecutive_failures: must be 0 in a run that is waiting",
            "runs[0].failure_category: must be null in a run that is waiting",
            "runs[0].failure_detail: must be null in a run that is waiting",
            "runs[0].steps: must be over in a run that is waiting"),
        Spoiling(
            #""output": null, "consecutive_failures": 1"#, #""output": {}, "consecutive_failures": 1"#,
            "runs[0].output: must be null in a run that is failed"),
        Spoiling(
            #""platform_fee_cents": 0, "budget_usd_cents": 50"#, #""platform_fee_cents": 1, "budget_usd_cents": 50"#,
            "runs[0].platform_fee_cents: must be 0 in a run that is failed"),
        Spoiling(
            #""status": "queued", "created_at": "-PT1H""#,
            #""status": "queued", "created_at": "-PT1H", "steps": [{"seq": 1, "kind": "tool", "name": "t", "started_at": "-PT1H"}]"#,
            "runs[1].steps: must be empty in a run that is queued"),
    ]

    @Test func aRunWasChangedLastByItsLastStepUnlessItSaysOtherwise() throws {
        let seed = try GoodSeed.read(GoodSeed.text.replacing(#", "updated_at": "-PT23H""#, with: ""))
        let runs = try #require(seed.part(BacksideSeed.self)).runs
        #expect(runs[0].updatedAt == SeedTime("-PT23H"))
        #expect(runs[1].updatedAt == SeedTime("-PT1H"))
    }
}
