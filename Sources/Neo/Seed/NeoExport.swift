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
            """
            SELECT id, name, state, autonomy_type, entity_type, trigger_type, access, audience, created_at, updated_at,
                credits_per_entity, actions, agent_settings, toolbox, integrations
            FROM agent ORDER BY id
            """)
        try text.rows("agents", of: agents) { (writer, agent) throws(SQLiteError) in
            writer.beginObject()
            writer.member("id", text: agent, 0)
            writer.member("name", text: agent, 1)
            writer.member("state", text: agent, 2)
            writer.member("autonomy_type", text: agent, 3)
            writer.member("entity_type", text: agent, 4)
            writer.member("trigger_type", text: agent, 5)
            writer.member("access", text: agent, 6)
            writer.member("audience", text: agent, 7)
            writer.member("created_at", time: agent, 8)
            writer.member("updated_at", time: agent, 9)
            writer.member("credits_per_entity", integer: agent, 10)
            writer.member("actions", json: agent, 11)
            writer.member("agent_settings", json: agent, 12)
            writer.member("toolbox", json: agent, 13)
            writer.member("integrations", json: agent, 14)
            try exportVersions(database, of: agent.integer(0), to: &writer)
            writer.endObject()
        }
    }

    private static func exportVersions(
        _ database: Database, of agent: Int64, to writer: inout JSONWriter
    ) throws(SQLiteError) {
        let versions = try database.statement(
            """
            SELECT version_timestamp, differences FROM agent_version WHERE agent_id = ? ORDER BY version_timestamp
            """)
        versions.bind(agent, at: 1)
        writer.key("versions")
        writer.beginArray()
        while try versions.step() {
            writer.beginObject()
            writer.member("version_timestamp", time: versions, 0)
            for member in JSONNode(stored: versions, 1)?.object?.members ?? [] {
                writer.key(anyText: member.key)
                writer.value(member.value)
            }
            writer.endObject()
        }
        writer.endArray()
        versions.reset()
    }

    private static func exportEntities(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        let entities = try database.statement(
            "SELECT id, type, number, fields, duration, failing_attempts FROM entity ORDER BY row")
        try text.rows("entities", of: entities) { (writer, entity) throws(SQLiteError) in
            writer.beginObject()
            writer.member("id", text: entity, 0)
            writer.member("type", text: entity, 1)
            writer.member("number", text: entity, 2)
            writer.member("fields", json: entity, 3)
            writer.key("seconds")
            writer.integer(entity.integer(4) / 1_000_000)
            writer.key("fails")
            if entity.integer(5) < 0 { writer.bool(true) } else { writer.integer(entity.integer(5)) }
            writer.endObject()
        }
    }

    private static func exportBackfills(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        let backfills = try database.statement(
            """
            SELECT id, state, target_workflow_id, entity_type, filter_spec, daily_execution_windows, timezone,
                max_in_flight, total_estimated, processed_count, succeeded_count, failed_count, started_at, completed_at,
                created_by, created_at, error, parent_backfill_run_id, next_entity, ticked_at, effects, row, synthetic,
                entity_count
            FROM backfill ORDER BY row
            """)
        try text.rows("backfills", of: backfills) { (writer, backfill) throws(SQLiteError) in
            writer.beginObject()
            writer.member("id", text: backfill, 0)
            writer.member("state", text: backfill, 1)
            writer.member("target_workflow_id", integer: backfill, 2)
            writer.member("entity_type", text: backfill, 3)
            writer.member("filter_spec", verbatim: backfill, 4)
            writer.member("daily_execution_windows", json: backfill, 5)
            writer.member("timezone", text: backfill, 6)
            writer.member("max_in_flight", integer: backfill, 7)
            writer.member("total_estimated", integer: backfill, 8)
            writer.member("processed_count", integer: backfill, 9)
            writer.member("succeeded_count", integer: backfill, 10)
            writer.member("failed_count", integer: backfill, 11)
            writer.member("started_at", time: backfill, 12)
            writer.member("completed_at", time: backfill, 13)
            writer.member("created_by", text: backfill, 14)
            writer.member("created_at", time: backfill, 15)
            writer.member("error", text: backfill, 16)
            writer.member("parent_backfill_run_id", text: backfill, 17)
            writer.key("entities")
            writer.beginArray()
            try FrozenSet(ofBackfill: backfill.integer(21), id: backfill.text(0), in: database)
                .write(count: Int(backfill.integer(23)), to: &writer)
            writer.endArray()
            if backfill.bool(22) {
                writer.key("synthetic")
                writer.bool(true)
            }
            writer.member("next_entity", integer: backfill, 18)
            writer.member("ticked_at", time: backfill, 19)
            try exportSignals(database, of: backfill.integer(21), to: &writer)
            exportEffects(JSONNode(stored: backfill, 20)?.object, to: &writer)
            writer.endObject()
        }
    }

    private static func exportSignals(
        _ database: Database, of backfill: Int64, to writer: inout JSONWriter
    ) throws(SQLiteError) {
        let signals = try database.statement(
            "SELECT signal, sent_at FROM backfill_signal WHERE backfill = ? ORDER BY position")
        signals.bind(backfill, at: 1)
        writer.key("signals")
        writer.beginArray()
        while try signals.step() {
            writer.beginObject()
            writer.member("signal", text: signals, 0)
            writer.member("sent_at", time: signals, 1)
            writer.endObject()
        }
        writer.endArray()
        signals.reset()
    }

    /// What a scenario does to the backfill, in the order in which a seed's are stored; left out where there is nothing.
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
            SELECT execution.id, agent_id, entity_id, entity_number, backfill.id, position, execution.created_at, ends_at,
                outcome, message_for_dashboard, execution.error
            FROM execution LEFT JOIN backfill ON backfill.row = execution.backfill ORDER BY execution.row
            """)
        try text.rows("executions", of: executions) { (writer, execution) throws(SQLiteError) in
            writer.beginObject()
            writer.member("id", text: execution, 0)
            writer.member("agent_id", integer: execution, 1)
            writer.member("entity_id", text: execution, 2)
            writer.member("entity_number", text: execution, 3)
            writer.member("backfill_id", text: execution, 4)
            writer.member("position", integer: execution, 5)
            writer.member("created_at", time: execution, 6)
            writer.member("ends_at", time: execution, 7)
            writer.member("outcome", text: execution, 8)
            writer.member("message_for_dashboard", text: execution, 9)
            writer.member("error", text: execution, 10)
            writer.endObject()
        }
    }
}
