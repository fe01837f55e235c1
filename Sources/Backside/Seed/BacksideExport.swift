import Sandboxes
import JSON
import SQLite

/// Writes Backside's rows as members of a seed document.
enum BacksideExport {
    static func export(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        try exportScripts(database, to: &text)
        try exportConfigs(database, to: &text)
        try exportRuns(database, to: &text)
    }

    private static func exportScripts(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        let scripts = try database.statement("SELECT agent_kind, script FROM agent_script ORDER BY agent_kind")
        try text.rows("agent_scripts", of: scripts, brackets: ("{", "}")) { (writer, script) throws(SQLiteError) in
            writer.key(anyText: script.text(0))
            writer.json(stored: script, 1)
        }
    }

    private static func exportConfigs(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        let configs = try database.statement(
            """
            SELECT id, agent_kind, budget_default_cents, deadline_default_seconds, guardrails, schedule, byok_status,
                byok_status_reason, byok_last_probed_at, consecutive_failures, created_at, updated_at
            FROM agent_config ORDER BY agent_kind
            """)
        try text.rows("agent_configs", of: configs) { (writer, config) throws(SQLiteError) in
            writer.beginObject()
            writer.member("id", text: config, 0)
            writer.member("agent_kind", text: config, 1)
            writer.member("budget_default_cents", integer: config, 2)
            writer.member("deadline_default_seconds", integer: config, 3)
            writer.member("guardrails", json: config, 4)
            writer.member("schedule", text: config, 5)
            writer.member("byok_status", text: config, 6)
            writer.member("byok_status_reason", text: config, 7)
            writer.member("byok_last_probed_at", time: config, 8)
            writer.member("consecutive_failures", integer: config, 9)
            writer.member("created_at", time: config, 10)
            writer.member("updated_at", time: config, 11)
            writer.endObject()
        }
    }

    private static func exportRuns(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        let runs = try database.statement(
            """
            SELECT id, agent_kind, status, input, output, consecutive_failures, cost_usd_cents, platform_fee_cents,
                budget_usd_cents, deadline_at, failure_category, failure_detail, run_at, enqueued_at,
                deadline_seconds, script, created_at, updated_at, row
            FROM run ORDER BY row
            """)
        try text.rows("runs", of: runs) { (writer, run) throws(SQLiteError) in
            writer.beginObject()
            writer.member("id", text: run, 0)
            writer.member("agent_kind", text: run, 1)
            writer.member("status", text: run, 2)
            writer.member("input", verbatim: run, 3)
            writer.member("output", json: run, 4)
            writer.member("consecutive_failures", integer: run, 5)
            writer.member("cost_usd_cents", integer: run, 6)
            writer.member("platform_fee_cents", integer: run, 7)
            writer.member("budget_usd_cents", integer: run, 8)
            writer.member("deadline_at", time: run, 9)
            writer.member("failure_category", text: run, 10)
            writer.member("failure_detail", text: run, 11)
            writer.member("run_at", time: run, 12)
            writer.member("enqueued_at", time: run, 13)
            writer.member("deadline_seconds", integer: run, 14)
            writer.member("script", json: run, 15)
            writer.member("created_at", time: run, 16)
            writer.member("updated_at", time: run, 17)
            try exportSteps(database, of: run.integer(18), to: &writer)
            writer.endObject()
        }
    }

    private static func exportSteps(
        _ database: Database, of run: Int64, to writer: inout JSONWriter
    ) throws(SQLiteError) {
        let steps = try database.statement(
            """
            SELECT seq, kind, name, input, output, model, input_tokens, output_tokens, cache_read_tokens,
                cache_write_tokens, cost_usd_cents, started_at, completed_at
            FROM run_step WHERE run = ? ORDER BY seq
            """)
        steps.bind(run, at: 1)
        writer.key("steps")
        writer.beginArray()
        while try steps.step() {
            writer.beginObject()
            writer.member("seq", integer: steps, 0)
            writer.member("kind", text: steps, 1)
            writer.member("name", text: steps, 2)
            writer.member("input", json: steps, 3)
            writer.member("output", json: steps, 4)
            writer.member("model", text: steps, 5)
            writer.member("input_tokens", integer: steps, 6)
            writer.member("output_tokens", integer: steps, 7)
            writer.member("cache_read_tokens", integer: steps, 8)
            writer.member("cache_write_tokens", integer: steps, 9)
            writer.member("cost_usd_cents", integer: steps, 10)
            writer.member("started_at", time: steps, 11)
            writer.member("completed_at", time: steps, 12)
            writer.endObject()
        }
        writer.endArray()
        steps.reset()
    }
}
