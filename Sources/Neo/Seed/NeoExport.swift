import Sandboxes
import JSON
import SQLite

/// Writes Neo's rows as members of a seed document.
enum NeoExport {
    static func export(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        try exportAgents(database, to: &text)
        try exportEntities(database, to: &text)
        try exportBackfills(database, to: &text)
        try exportExecutions(database, to: &text)
    }

    private static func exportAgents(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        let agents = try database.statement(
            "SELECT * FROM agent ORDER BY id")
        try text.rows("agents", of: agents) { (writer, agent) throws(SQLiteError) in
            writer.beginObject()
            writer.member("id", text: agent)
            writer.member("name", text: agent)
            writer.member("state", text: agent)
            writer.member("autonomy_type", text: agent)
            writer.member("entity_type", text: agent)
            writer.member("trigger_type", text: agent)
            writer.member("access", text: agent)
            writer.member("audience", text: agent)
            writer.member("created_at", fixedTime: agent)
            writer.member("updated_at", fixedTime: agent)
            writer.member("credits_per_entity", integer: agent)
            writer.member("actions", json: agent)
            writer.member("agent_settings", json: agent)
            writer.member("toolbox", json: agent)
            writer.member("integrations", json: agent)
            try exportVersions(database, of: agent.integer("id"), to: &writer)
            writer.endObject()
        }
    }

    private static func exportVersions(
        _ database: Database, of agent: Int64, to writer: inout JSONWriter
    ) throws(SQLiteError) {
        let versions = try database.statement(
            "SELECT * FROM agent_version WHERE agent_id = ? ORDER BY version_timestamp")
        versions.bind(agent, at: 1)
        try writer.rows("versions", of: versions) { (writer, version) in
            writer.member("version_timestamp", fixedTime: version)
            for member in JSONNode(stored: version, "differences")?.object?.members ?? [] {
                writer.key(anyText: member.key)
                writer.value(member.value)
            }
        }
    }

    private static func exportEntities(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        let entities = try database.statement(
            "SELECT * FROM entity ORDER BY row")
        try text.rows("entities", of: entities) { (writer, entity) throws(SQLiteError) in
            writer.beginObject()
            writer.member("id", text: entity)
            writer.member("type", text: entity)
            writer.member("number", text: entity)
            writer.member("fields", json: entity)
            writer.key("seconds")
            writer.integer(entity.integer("duration") / 1_000_000)
            writer.key("fails")
            if entity.integer("failing_attempts") < 0 {
                writer.bool(true)
            } else {
                writer.integer(entity.integer("failing_attempts"))
            }
            writer.endObject()
        }
    }

    private static func exportBackfills(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        let backfills = try database.statement(
            "SELECT * FROM backfill ORDER BY row")
        try text.rows("backfills", of: backfills) { (writer, backfill) throws(SQLiteError) in
            writer.beginObject()
            writer.member("id", text: backfill)
            writer.member("state", text: backfill)
            writer.member("target_workflow_id", integer: backfill)
            writer.member("entity_type", text: backfill)
            writer.member("filter_spec", verbatim: backfill)
            writer.member("daily_execution_windows", json: backfill)
            writer.member("timezone", text: backfill)
            writer.member("max_in_flight", integer: backfill)
            writer.member("total_estimated", integer: backfill)
            writer.member("processed_count", integer: backfill)
            writer.member("succeeded_count", integer: backfill)
            writer.member("failed_count", integer: backfill)
            writer.member("started_at", time: backfill)
            writer.member("completed_at", time: backfill)
            writer.member("created_by", text: backfill)
            writer.member("created_at", time: backfill)
            writer.member("error", text: backfill)
            writer.member("parent_backfill_run_id", text: backfill)
            writer.key("entities")
            writer.beginArray()
            try FrozenSet(ofBackfill: backfill.integer("row"), id: backfill.text("id"), in: database)
                .write(count: Int(backfill.integer("entity_count")), to: &writer)
            writer.endArray()
            if backfill.bool("synthetic") {
                writer.key("synthetic")
                writer.bool(true)
            }
            writer.member("next_entity", integer: backfill)
            writer.member("ticked_at", time: backfill)
            try exportSignals(database, of: backfill.integer("row"), to: &writer)
            exportEffects(JSONNode(stored: backfill, "effects")?.object, to: &writer)
            writer.endObject()
        }
    }

    private static func exportSignals(
        _ database: Database, of backfill: Int64, to writer: inout JSONWriter
    ) throws(SQLiteError) {
        let signals = try database.statement(
            "SELECT * FROM backfill_signal WHERE backfill = ? ORDER BY position")
        signals.bind(backfill, at: 1)
        try writer.rows("signals", of: signals) { (writer, signal) in
            writer.member("signal", text: signal)
            writer.member("sent_at", time: signal)
        }
    }

    /// What a scenario does to the backfill, in the order in which a seed's are stored; left out where there is
    /// nothing.
    private static func exportEffects(_ effects: JSONObject?, to writer: inout JSONWriter) {
        for name in ["entity_seconds", "fail", "run_error", "stall_after"] {
            guard let effect = effects?[name] else { continue }
            writer.key(anyText: name)
            writer.value(effect)
        }
    }

    private static func exportExecutions(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        let executions = try database.statement(
            """
            SELECT execution.*, backfill.id AS backfill_id
            FROM execution LEFT JOIN backfill ON backfill.row = execution.backfill ORDER BY execution.row
            """)
        try text.rows("executions", of: executions) { (writer, execution) throws(SQLiteError) in
            writer.beginObject()
            writer.member("id", text: execution)
            writer.member("agent_id", integer: execution)
            writer.member("entity_id", text: execution)
            writer.member("entity_number", text: execution)
            writer.member("backfill_id", text: execution)
            writer.member("position", integer: execution)
            writer.member("created_at", time: execution)
            writer.member("ends_at", time: execution)
            writer.member("outcome", text: execution)
            writer.member("message_for_dashboard", text: execution)
            writer.member("error", text: execution)
            writer.endObject()
        }
    }
}
