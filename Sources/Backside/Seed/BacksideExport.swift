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
        let scripts = try database.statement("SELECT * FROM agent_script ORDER BY agent_kind")
        try text.rows("agent_scripts", of: scripts, brackets: ("{", "}")) { (writer, script) throws(SQLiteError) in
            writer.key(anyText: script.text("agent_kind"))
            writer.json(stored: script, "script")
        }
    }

    private static func exportConfigs(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        let configs = try database.statement(
            "SELECT * FROM agent_config ORDER BY agent_kind")
        try text.rows("agent_configs", of: configs) { (writer, config) throws(SQLiteError) in
            writer.beginObject()
            writer.member("id", text: config)
            writer.member("agent_kind", text: config)
            writer.member("budget_default_cents", integer: config)
            writer.member("deadline_default_seconds", integer: config)
            writer.member("guardrails", json: config)
            writer.member("schedule", text: config)
            writer.member("byok_status", text: config)
            writer.member("byok_status_reason", text: config)
            writer.member("byok_last_probed_at", fixedTime: config)
            writer.member("consecutive_failures", integer: config)
            writer.member("created_at", fixedTime: config)
            writer.member("updated_at", fixedTime: config)
            writer.endObject()
        }
    }

    private static func exportRuns(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        let runs = try database.statement(
            "SELECT * FROM run ORDER BY row")
        try text.rows("runs", of: runs) { (writer, run) throws(SQLiteError) in
            writer.beginObject()
            writer.member("id", text: run)
            writer.member("agent_kind", text: run)
            writer.member("status", text: run)
            writer.member("input", verbatim: run)
            writer.member("output", json: run)
            writer.member("consecutive_failures", integer: run)
            writer.member("cost_usd_cents", integer: run)
            writer.member("platform_fee_cents", integer: run)
            writer.member("budget_usd_cents", integer: run)
            writer.member("deadline_at", time: run)
            writer.member("failure_category", text: run)
            writer.member("failure_detail", text: run)
            writer.member("run_at", time: run)
            writer.member("enqueued_at", time: run)
            writer.member("deadline_seconds", integer: run)
            writer.member("script", json: run)
            writer.member("created_at", time: run)
            writer.member("updated_at", time: run)
            try exportSteps(database, of: run.integer("row"), to: &writer)
            writer.endObject()
        }
    }

    private static func exportSteps(
        _ database: Database, of run: Int64, to writer: inout JSONWriter
    ) throws(SQLiteError) {
        let steps = try database.statement(
            "SELECT * FROM run_step WHERE run = ? ORDER BY seq")
        steps.bind(run, at: 1)
        try writer.rows("steps", of: steps) { (writer, step) in
            writer.member("seq", integer: step)
            writer.member("kind", text: step)
            writer.member("name", text: step)
            writer.member("input", json: step)
            writer.member("output", json: step)
            writer.member("model", text: step)
            writer.member("input_tokens", integer: step)
            writer.member("output_tokens", integer: step)
            writer.member("cache_read_tokens", integer: step)
            writer.member("cache_write_tokens", integer: step)
            writer.member("cost_usd_cents", integer: step)
            writer.member("started_at", time: step)
            writer.member("completed_at", time: step)
        }
    }
}
