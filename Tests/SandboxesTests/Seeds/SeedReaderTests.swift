import Sandboxes
import Time
import TestSupport
import Testing

private let time = "must be an RFC 3339 timestamp or a signed duration such as -P2DT3H"

@Suite struct SeedReaderTests {
    @Test func theGoodSeedIsGood() throws {
        let seed = try GoodSeed.read(GoodSeed.text)
        #expect(seed.description == "all of it")
        #expect((seed.randomSeed, seed.randomPosition, seed.rateLimitPlan) == (-42, 7, "pro"))
        #expect(seed.clock?.mode == .manual)
        #expect(seed.clock?.start == Instant(rfc3339: "2026-03-01T09:00:00Z"))
        #expect(seed.hasRelativeTimes)
        #expect(seed.credentials.map(\.label) == ["ops", "api-key"])
        #expect(seed.credentials.map(\.role) == ["User", "Admin"])
        #expect(seed.credentials.map(\.scopes) == [nil, ["agents:read"]])
        #expect(seed.neo.agents.map(\.creditsPerEntity) == [2, 3])
        #expect(seed.neo.agents[0].actions == #"[{"a":1.0}]"#)
        #expect(seed.neo.agents.map(\.versions.count) == [2, 1])
        #expect(seed.neo.agents[0].versions[0].differences == #"{"name":"Old"}"#)
        #expect(seed.neo.entities.map(\.duration) == [21_000_000, 20_000_000, 0])
        #expect(seed.neo.entities.map(\.failingAttempts) == [2, -1, 0])
        #expect(seed.neo.backfills[0].filterSpec == #"{"combinator" : "and",  "rules": [ ]}"#)
        #expect(
            seed.neo.backfills.map(\.effects) == [
                #"{"entity_seconds":3}"#,
                #"{"fail":["t3"],"run_error":{"after":1,"message":"broken"},"stall_after":1}"#,
            ])
        #expect(seed.neo.executions.map(\.position) == [0, 1, nil, 0])
        #expect(seed.backside.scripts.map(\.agentKind) == ["contact_deduper", "refused"])
        #expect(seed.backside.configs[0].id == "3c90c3cc-0d44-4b50-8888-8dd25736052a")
        #expect(seed.backside.runs[0].steps.map(\.input) == ["null", "{}"])
    }

    @Test func theEmptyDocumentIsTheEmptySandbox() throws {
        let seed = try GoodSeed.read("{}")
        #expect(!seed.hasRelativeTimes)
        let other = try GoodSeed.read(#"{"understudy": 1, "agents": [], "agent_scripts": {}}"#)
        #expect(try GoodSeed.export(seed) == GoodSeed.export(other))
    }

    @Test(arguments: [
        ("", "line 1, column 1: the text ends where a value is expected"),
        ("{\n  \"agents\": [,]\n}", "line 2, column 14: a value is expected here"),
        ("[]", "the document must be an object, not an array"),
        ("null", "the document must be an object, not null"),
    ])
    func whatIsNoObjectIsRefused(text: String, problem: String) {
        #expect(GoodSeed.problems(of: text) == [problem])
    }

    @Test(arguments: top + agents + entities + backfills + executions + backside + courses)
    func aProblemIsReportedAtItsPlace(spoiling: Spoiling) {
        #expect(GoodSeed.text.contains(spoiling.old))
        let text = GoodSeed.text.replacing(spoiling.old, with: spoiling.new, maxReplacements: 1)
        #expect(GoodSeed.problems(of: text) == spoiling.problems)
    }

    static let top: [Spoiling] = [
        Spoiling(#""understudy": 1"#, #""understudy": 2"#, "understudy: must be a whole number from 1 to 1"),
        Spoiling(#""random_seed": -42"#, #""random_seed": 1.5"#, "random_seed: must be a whole number of 64 bits"),
        Spoiling(
            #""random_position": 7"#, #""random_position": -1"#,
            "random_position: must be a whole number of at least 0"),
        Spoiling(#""random_seed": -42"#, #""randomseed": -42"#, "randomseed: is not a member of this object"),
        Spoiling(#""description": "all of it""#, #""description": 5"#, "description: must be a string, not a number"),
        Spoiling(#""mode": "manual""#, #""mode": "fast""#, "clock.mode: must be one of real, manual, poll"),
        Spoiling(#""now": "2026-03-02T09:00:00Z""#, #""now": "-P1D""#, "clock.now: must be an RFC 3339 timestamp"),
        Spoiling(#""speed": 1.5"#, #""speed": 0"#, "clock.speed: must be a number above 0, at most 1000000"),
        Spoiling(
            #""speed": 1.5"#, #""speed": 1000000.5"#, "clock.speed: must be a number above 0, at most 1000000"),
        Spoiling(#""speed": 1.5"#, #""speed": 1e999"#, "clock.speed: must be a number above 0, at most 1000000"),
        Spoiling(#""start": "2026"#, #""begin": "2026"#, "clock.begin: is not a member of this object"),
        Spoiling(
            #""rate_limit_plan": "pro""#, #""rate_limit_plan": "big""#,
            "rate_limit_plan: must be one of free, pro, scale"),
        Spoiling(#""description": "#, #""random_seed": 1, "description": "#, "random_seed: is given twice"),
        Spoiling(
            "neo_sk_test_abc", "neo_sk_test",
            "credentials[0].token: must be a key such as neo_sk_env_secret or bsk_test_ and 43 letters and digits"),
        Spoiling(#""role": "User""#, #""role": "user""#, "credentials[0].role: must be one of Admin, User, Viewer"),
        Spoiling(#""expires_at": "+P1D""#, #""expires_at": "soon""#, "credentials[0].expires_at: \(time) or null"),
        Spoiling(#""revoked": true"#, #""revoked": null"#, "credentials[0].revoked: must be true or false, not null"),
        Spoiling(
            #"["agents:read"]"#, #"["agents:read", "x"]"#,
            "credentials[1].scopes[1]: must be a scope such as agents:read"),
        Spoiling(
            "bsk_test_0123456789012345678901234567890123456789abc", "neo_sk_test_abc",
            "credentials[1].token: is the same as that of credentials[0]"),
    ]

    static let agents: [Spoiling] = [
        Spoiling(#""id": "7""#, #""id": 7"#, "agents[1].id: must be a string that is not empty, not a number"),
        Spoiling(
            #""id": "7""#, #""id": "07""#,
            "agents[1].id: must be a string of digits without leading zeros, of 64 bits"),
        Spoiling(
            #""id": "7""#, #""id": "123""#, "agents[1].id: is the same as that of agents[0]",
            "executions[2].agent_id: no agent has the id 7"),
        Spoiling(#""name": "Triage", "#, "", "agents[0].name: is missing"),
        Spoiling(#""state": "ENABLED""#, #""state": "ON""#, "agents[0].state: must be one of ENABLED, DISABLED"),
        Spoiling(
            #""autonomy_type": "AGENTIC""#, #""autonomy_type": 1"#,
            "agents[1].autonomy_type: must be one of CHAINED_ACTIONS, AGENTIC, CONVERSATIONAL, not a number"),
        Spoiling(
            #""credits_per_entity": 2"#, #""credits_per_entity": 4"#,
            "agents[0].credits_per_entity: must be a whole number from 1 to 3"),
        Spoiling(
            #""agent_settings": {}"#, #""agent_settings": []"#,
            "agents[0].agent_settings: must be an object or null, not an array"),
        Spoiling(#""created_at": "-P5D""#, #""created_at": "-P5Y""#, "agents[1].created_at: \(time)"),
        Spoiling(
            #""updated_at": "-P1D""#, #""updated_at": "-P11D""#, "agents[0].updated_at: must not be before created_at"),
        Spoiling(
            #""updated_at": "-P1D""#, #""updated_at": "2026-01-01T00:00:00Z""#,
            "agents[0].updated_at: must, like created_at, be a timestamp, or like it a duration"),
        Spoiling(
            #"{"version_timestamp": "-P1D"}"#, #"{"version_timestamp": "-P10D"}"#,
            "agents[0].versions[1].version_timestamp: must be after the version before it"),
        Spoiling(#""name": "Old""#, #""color": "red""#, "agents[0].versions[0].color: is not a member of this object"),
        Spoiling(
            #""name": "Old""#, #""state": "old""#, "agents[0].versions[0].state: must be one of ENABLED, DISABLED"),
    ]

    static let entities: [Spoiling] = [
        Spoiling(
            #""type": "ticket", "fails": true"#, #""kind": "ticket", "fails": true"#,
            "entities[1].type: is missing", "entities[1].kind: is not a member of this object"),
        Spoiling(#""fields": {}"#, #""fields": null"#, "entities[2].fields: must be an object, not null"),
        Spoiling(
            #""seconds": 0"#, #""seconds": -1"#, "entities[2].seconds: must be a whole number from 0 to 1000000000"
        ),
        Spoiling(
            #""fails": 2"#, #""fails": -1"#, "entities[0].fails: must be true, false or a whole number of at least 0"),
        Spoiling(
            #"{"id": "t2", "type""#, #"{"id": "t1", "type""#, "entities[1].id: is the same as that of entities[0]",
            "backfills[0].entities[1]: no entity has the id t2", "backfills[1].entities[0]: no entity has the id t2",
            "executions[1].entity_id: no entity has the id t2", "executions[3].entity_id: no entity has the id t2"),
    ]

    static let backfills: [Spoiling] = [
        Spoiling(
            #""state": "COMPLETED""#, #""state": "RUNNING""#,
            "backfills[0].completed_at: must be null while it is RUNNING",
            "backfills[1].state: must be a terminal one, because backfills[0] is active for the same workflow"),
        Spoiling(
            #""state": "PAUSED""#, #""state": "FAILED""#, "backfills[1].completed_at: must be given when it is FAILED"),
        Spoiling(
            #""target_workflow_id": 123, "entity"#, #""target_workflow_id": 9, "entity"#,
            "backfills[1].target_workflow_id: no agent has the id 9",
            "executions[3].agent_id: must be its backfill's target, which is 9"),
        Spoiling(
            #""target_workflow_name": "Triage""#, #""target_workflow_name": "Other""#,
            "backfills[0].target_workflow_name: must be the agent's, which is Triage"),
        Spoiling(
            #""filter_spec": {}"#, #""filter_spec": []"#, "backfills[1].filter_spec: must be an object, not an array"),
        Spoiling(
            #""run_start_time": "22:00""#, #""run_start_time": "24:00""#,
            "backfills[0].daily_execution_windows.monday[0].run_start_time: must be a time such as 22:00 or 22:00:00"),
        Spoiling(
            #""tuesday": []"#, #""Tuesday": []"#,
            "backfills[0].daily_execution_windows.Tuesday: is not a day: monday, tuesday, wednesday, thursday, friday, saturday, sunday"
        ),
        Spoiling(
            #""timezone": "America/New_York""#, #""timezone": "Mars""#,
            "backfills[0].timezone: must be the name of an IANA time zone"),
        Spoiling(
            #""max_in_flight": 5"#, #""max_in_flight": 11"#,
            "backfills[0].max_in_flight: must be a whole number from 1 to 10"),
        Spoiling(
            #""total_estimated": 2"#, #""total_estimated": -1"#,
            "backfills[0].total_estimated: must be a whole number of at least 0 or null"),
        Spoiling(
            #""processed_count": 2"#, #""processed_count": 3"#,
            "backfills[0].processed_count: must be succeeded_count + failed_count, which is 2"),
        Spoiling(#""processed_count": 2,"#, ""),
        Spoiling(
            #""processed_count": 2,"#, #""processed_count": 2, "skipped_count": 0,"#,
            "backfills[0].skipped_count: is not a member of this object"),
        Spoiling(
            #""ends_at": "-P2DT23H59M", "outcome": "FAILED""#, #""ends_at": "-P2DT22H", "outcome": "FAILED""#,
            "backfills[0].failed_count: is 1, but 0 of its executions had failed at ticked_at"),
        Spoiling(
            #""started_at": "-PT59M""#, #""started_at": "-PT29M""#,
            "backfills[1].ticked_at: must not be before started_at"),
        Spoiling(
            #""started_at": "-PT59M""#, #""started_at": "-PT61M""#,
            "backfills[1].started_at: must not be before created_at"),
        Spoiling(
            #""completed_at": "-P2DT23H""#, #""completed_at": "-P3D""#,
            "backfills[0].completed_at: must not be before started_at"),
        Spoiling(
            #""parent_backfill_run_id": "b1""#, #""parent_backfill_run_id": "b9""#,
            "backfills[1].parent_backfill_run_id: no backfill has the id b9"),
        Spoiling(#"["t2", "t3"]"#, #"["t2", "t3", "t9"]"#, "backfills[1].entities[2]: no entity has the id t9"),
        Spoiling(#"["t2", "t3"]"#, #"["t2", "t3", "t2"]"#, "backfills[1].entities[2]: is in the set already"),
        Spoiling(
            #"["t2", "t3"]"#, #"["t2", "t3", 3]"#, "backfills[1].entities[2]: must be an entity's id, not a number"),
        Spoiling(
            #""next_entity": 2"#, #""next_entity": 3"#, "backfills[0].next_entity: must be a whole number from 0 to 2"),
        Spoiling(
            #""next_entity": 1"#, #""next_entity": 0"#,
            "executions[3].position: must be below its backfill's next_entity, which is 0"),
        Spoiling(
            #""signal": "resume""#, #""signal": "stop""#,
            "backfills[1].signals[0].signal: must be one of pause, resume, cancel"),
        Spoiling(
            #"{"signal": "resume", "sent_at": "-PT1M"}"#,
            #"{"signal": "resume", "sent_at": "-PT1M"}, {"signal": "pause", "sent_at": "-PT2M"}"#,
            "backfills[1].signals[1].sent_at: must not be before the signal before it"),
        Spoiling(
            #""entity_seconds": 3"#, #""entity_seconds": "3""#,
            "backfills[0].entity_seconds: must be a whole number from 0 to 1000000000 or null, not a string"),
        Spoiling(#""fail": ["t3"]"#, #""fail": ["t1"]"#, "backfills[1].fail[0]: the set has no entity with the id t1"),
        Spoiling(
            #""after": 1"#, #""after": true"#,
            "backfills[1].run_error.after: must be a whole number from 0 to 2147483647, not a boolean"),
    ]

    static let executions: [Spoiling] = [
        Spoiling(#""id": "e2""#, #""id": "e1""#, "executions[1].id: is the same as that of executions[0]"),
        Spoiling(#""agent_id": 7"#, #""agent_id": 8"#, "executions[2].agent_id: no agent has the id 8"),
        Spoiling(#""entity_id": "t3""#, #""entity_id": "t9""#, "executions[2].entity_id: no entity has the id t9"),
        Spoiling(
            #""backfill_id": "b2""#, #""backfill_id": "b9""#, "executions[3].backfill_id: no backfill has the id b9"),
        Spoiling(
            #""agent_id": 7"#, #""agent_id": 7, "position": 0"#,
            "executions[2].position: must be given exactly when backfill_id is"),
        Spoiling(
            #""entity_id": "t2", "backfill_id": "b1", "position": 1"#,
            #""entity_id": "t2", "backfill_id": "b1", "position": 0"#,
            "executions[1].position: has an execution already",
            "executions[1].position: must be the place of t2 in its backfill's entities"),
        Spoiling(#""ends_at": "-P1D""#, #""ends_at": "-P2D""#, "executions[2].ends_at: must not be before created_at"),
        Spoiling(
            #""outcome": "FAILED""#, #""outcome": "RUNNING""#, "executions[1].outcome: must be one of SUCCESS, FAILED"),
        Spoiling(
            #""created_at": "-PT59M", "ends_at": "+PT1H""#,
            #""created_at": "2026-01-01T00:00:00Z", "ends_at": "2026-01-01T00:00:00Z""#,
            "executions[3].ends_at: must, like the ticked_at of backfills[1], be a timestamp, or like it a duration"),
    ]

    static let backside: [Spoiling] = [
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
        #expect(seed.backside.runs[0].updatedAt == SeedTime("-PT23H"))
        #expect(seed.backside.runs[1].updatedAt == SeedTime("-PT1H"))
    }

    @Test func everyProblemIsReportedInDocumentOrder() {
        let text = """
            {"runs": [5], "agents": [{"id": "1"}], "clock": [], "backfills": {}, "agent_scripts": {"a": 1}, "x": null}
            """
        #expect(
            GoodSeed.problems(of: text) == [
                "runs[0]: must be an object, not a number",
                "agents[0].name: is missing",
                "agents[0].autonomy_type: is missing",
                "agents[0].entity_type: is missing",
                "agents[0].created_at: is missing",
                "clock: must be an object, not an array",
                "backfills: must be an array, not an object",
                "agent_scripts.a: must be an object, not a number",
                "x: is not a member of this object",
            ])
    }

    @Test func aRefusalNamesTheFirstPlaceAndHowManyMore() {
        func refusal(_ text: String) -> String? {
            do throws(SeedRefusal) {
                _ = try GoodSeed.read(text)
                return nil
            } catch { return error.description }
        }
        #expect(refusal(#"{"a": 1}"#) == "a: is not a member of this object")
        #expect(refusal(#"{"a": 1, "b": 1}"#) == "a: is not a member of this object (and 1 more problem)")
        let many = (0..<500).map { #""a\#($0)": 1"# }.joined(separator: ",")
        #expect(refusal("{\(many)}") == "a0: is not a member of this object (and at least 99 more problems)")
    }
}
