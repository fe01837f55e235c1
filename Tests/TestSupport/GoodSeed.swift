import Understudy
import JSON
import SQLite
import Sandboxes
import Time

/// Documents that are good, to be spoiled by tests, and what they are read with.
package enum GoodSeed {
    /// Every list with at least one item, most members given.
    package static let text = """
        {
          "understudy": 1, "description": "all of it", "random_seed": -42, "random_position": 7,
          "clock": {"mode": "manual", "now": "2026-03-02T09:00:00Z", "speed": 1.5, "start": "2026-03-01T09:00:00Z"},
          "rate_limit_plan": "pro",
          "credentials": [
            {"token": "neo_sk_test_abc", "label": "ops", "role": "User", "expires_at": "+P1D", "revoked": true},
            {"token": "bsk_test_0123456789012345678901234567890123456789abc", "scopes": ["agents:read"]}
          ],
          "agents": [
            {"id": "123", "name": "Triage", "state": "ENABLED", "autonomy_type": "CHAINED_ACTIONS",
             "entity_type": "TICKET", "trigger_type": "TRIGGERED", "access": "ALL_USERS", "audience": "MSP",
             "created_at": "-P10D", "updated_at": "-P1D", "credits_per_entity": 2, "actions": [{"a" : 1.0}],
             "agent_settings": {}, "toolbox": null, "integrations": {"psa": "x"},
             "versions": [{"version_timestamp": "-P10D", "name": "Old", "updated_at": "-P9D"}, {"version_timestamp": "-P1D"}]},
            {"id": "7", "name": "Talk", "autonomy_type": "AGENTIC", "entity_type": "NONE", "created_at": "-P5D"}
          ],
          "entities": [
            {"id": "t1", "type": "ticket", "number": "T1", "fields": {"status": "New"}, "seconds": 21, "fails": 2},
            {"id": "t2", "type": "ticket", "fails": true},
            {"id": "t3", "type": "ticket", "number": null, "fields": {}, "seconds": 0, "fails": false}
          ],
          "backfills": [
            {"id": "b1", "state": "COMPLETED", "target_workflow_id": 123, "target_workflow_name": "Triage",
             "target_workflow_autonomy_type": "CHAINED_ACTIONS", "entity_type": "ticket",
             "filter_spec": {"combinator" : "and",  "rules": [ ]},
             "daily_execution_windows": {"tuesday": [], "monday": [{"run_start_time": "22:00", "run_end_time": "06:00:00"}]},
             "timezone": "America/New_York", "max_in_flight": 5, "total_estimated": 2, "processed_count": 2,
             "succeeded_count": 1, "failed_count": 1, "started_at": "-P2DT23H59M30S", "completed_at": "-P2DT23H",
             "created_by": "ops", "created_at": "-P3D", "error": null, "parent_backfill_run_id": null,
             "entities": ["t1", "t2"], "next_entity": 2, "ticked_at": "-P2DT23H", "signals": [], "entity_seconds": 3},
            {"id": "b2", "state": "PAUSED", "target_workflow_id": 123, "entity_type": "ticket", "filter_spec": {},
             "daily_execution_windows": {}, "max_in_flight": 1, "started_at": "-PT59M", "created_at": "-PT1H",
             "parent_backfill_run_id": "b1", "entities": ["t2", "t3"], "next_entity": 1, "ticked_at": "-PT30M",
             "signals": [{"signal": "resume", "sent_at": "-PT1M"}], "fail": ["t3"],
             "run_error": {"after": 1, "message": "broken"}, "stall_after": 1}
          ],
          "executions": [
            {"id": "e1", "agent_id": 123, "entity_id": "t1", "entity_number": "T1", "backfill_id": "b1", "position": 0,
             "created_at": "-P2DT23H59M30S", "ends_at": "-P2DT23H59M", "outcome": "SUCCESS",
             "message_for_dashboard": "done", "error": null},
            {"id": "e2", "agent_id": 123, "entity_id": "t2", "backfill_id": "b1", "position": 1,
             "created_at": "-P2DT23H59M30S", "ends_at": "-P2DT23H59M", "outcome": "FAILED", "error": "why"},
            {"id": "e3", "agent_id": 7, "entity_id": "t3", "created_at": "-P1D", "ends_at": "-P1D", "outcome": "SUCCESS"},
            {"id": "e4", "agent_id": 123, "entity_id": "t2", "backfill_id": "b2", "position": 0,
             "created_at": "-PT59M", "ends_at": "+PT1H", "outcome": "SUCCESS"}
          ],
          "agent_scripts": {
            "contact_deduper": {
              "platform_fee_cents": 5,
              "steps": [
                {"kind": "llm", "name": "m", "seconds": 1.5, "input": [], "output": null, "model": "m", "input_tokens": 1,
                 "output_tokens": 2, "cache_read_tokens": 3, "cache_write_tokens": 4, "cost_usd_cents": 6},
                {"kind": "tool", "name": "t", "seconds": 2}],
              "wait_after": 2, "outcome": {"status": "succeeded", "output": {"merged": 1}}},
            "refused": {"steps": [], "outcome": {"status": "failed", "failure_category": "auth_failed", "failure_detail": null}}
          },
          "agent_configs": [
            {"id": "3C90C3CC-0D44-4B50-8888-8DD25736052A", "agent_kind": "contact_deduper", "budget_default_cents": 100,
             "deadline_default_seconds": 60, "guardrails": [{"x": 1}], "schedule": "*/5 0-6 1,15 JAN MON-FRI",
             "byok_status": "active", "byok_status_reason": null, "byok_last_probed_at": "-P1D", "consecutive_failures": 1,
             "created_at": "-P2D", "updated_at": "-P1D"}
          ],
          "runs": [
            {"id": "3c90c3cc-0d44-4b50-8888-8dd25736052a", "agent_kind": "contact_deduper", "status": "failed",
             "input": {"list" : [1, 2]}, "output": null, "consecutive_failures": 1, "cost_usd_cents": 6,
             "platform_fee_cents": 0, "budget_usd_cents": 50, "deadline_at": "+PT1H", "failure_category": "provider",
             "failure_detail": "it broke", "run_at": "-P1D", "created_at": "-P1D", "updated_at": "-PT23H",
             "steps": [
               {"seq": 1, "kind": "llm", "name": "m", "input": null, "output": {"ok": true}, "model": "m",
                "input_tokens": 1, "output_tokens": 2, "cache_read_tokens": 3, "cache_write_tokens": 4,
                "cost_usd_cents": 6, "started_at": "-P1D", "completed_at": "-PT23H59M"},
               {"seq": 2, "kind": "tool", "name": "t", "started_at": "-PT23H"}]},
            {"id": "4c90c3cc-0d44-4b50-8888-8dd25736052a", "agent_kind": "refused", "status": "queued", "created_at": "-PT1H"}
          ],
          "scenarios": [
            {"name": "slow", "when": {"target_workflow_id": 123, "times": 2},
             "then": {"entities": 5, "fail": 2, "entity_seconds": 45, "run_error": {"after": 3, "message": "down"},
             "stall_after": 4}, "used": 1},
            {"name": "two", "when": {}, "then": {"fail": ["t1"]}}
          ],
          "faults": [
            {"name": "down", "match": {"api": "neo", "path": "/public-api/**", "skip": 1, "times": 2},
             "response": {"status": 503, "headers": {"A": "b"}, "jsonBody": {"b" : 1.0}}, "matched": 3, "used": 2},
            {"response": {"delayDistribution": {"type": "lognormal", "median": 80, "sigma": 0.4}}, "match": {}, "name": "slow"}
          ]
        }
        """

    package static let start = Instant(rfc3339: "2026-03-02T09:00:00Z")!

    package static func read(_ text: String, base: @escaping (String) -> [UInt8]? = { _ in nil }) throws(SeedRefusal)
        -> SeedDocument
    {
        try read(Array(text.utf8), base: base)
    }

    package static func read(_ bytes: [UInt8], base: @escaping (String) -> [UInt8]? = { _ in nil }) throws(SeedRefusal)
        -> SeedDocument
    {
        try SeedReader.read(
            bytes, modules: Understudy.modules,
            isTimeZone: { ["UTC", "America/New_York", "Europe/Berlin"].contains($0) }, base: base)
    }

    /// The problems of a document, as lines; none when it is good.
    package static func problems(of text: String, base: @escaping (String) -> [UInt8]? = { _ in nil }) -> [String] {
        do throws(SeedRefusal) {
            _ = try read(text, base: base)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    package static func database(of document: SeedDocument, start: Instant = start) throws -> Database {
        let database = try Database()
        try Schema.migrate(database, Understudy.modules)
        try document.insert(into: database, start: start)
        return database
    }

    package static func export(_ document: SeedDocument, start: Instant = start) throws -> [UInt8] {
        let clock = SandboxClock(
            mode: document.clock?.mode ?? .manual, speed: document.clock?.speed ?? 1,
            start: document.clock?.start ?? start, base: document.clock?.now ?? start, readAt: start)
        return try SeedExport.export(
            try database(of: document, start: start), modules: Understudy.modules, clock: clock, now: clock.base,
            randomSeed: document.randomSeed ?? 0, randomPosition: document.randomPosition ?? 0,
            ratePlan: document.rateLimitPlan ?? "scale")
    }
}
