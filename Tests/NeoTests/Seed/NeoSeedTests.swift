import TestSupport
import Testing

private let time = "must be an RFC 3339 timestamp or a signed duration such as -P2DT3H"

@Suite struct NeoSeedTests {
    @Test(arguments: agents + entities + backfills + executions)
    func aProblemIsReportedAtItsPlace(spoiling: Spoiling) {
        #expect(GoodSeed.text.contains(spoiling.old))
        let text = GoodSeed.text.replacing(spoiling.old, with: spoiling.new, maxReplacements: 1)
        #expect(GoodSeed.problems(of: text) == spoiling.problems)
    }

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
}
