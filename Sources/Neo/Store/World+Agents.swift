package import Sandboxes
import SQLite
package import Time

/// A workflow as far as a backfill needs to know it.
package struct TargetWorkflow: Sendable, Hashable {
    package let id: Int64
    package let name: String
    package let isEnabled: Bool
    /// CHAINED_ACTIONS, AGENTIC or CONVERSATIONAL.
    package let autonomyType: String
    /// As backfills spell it: `ticket`.
    package let entityType: String
    package let creditsPerEntity: Int64
}

extension World {
    /// The workflow with that id.
    package func targetWorkflow(id: Int64) throws -> TargetWorkflow? {
        let statement = try database.statement(
            "SELECT name, state, autonomy_type, entity_type, credits_per_entity FROM agent WHERE id = ?")
        defer { statement.reset() }
        statement.bind(id, at: 1)
        guard try statement.step() else { return nil }
        return TargetWorkflow(
            id: id, name: statement.text("name"), isEnabled: statement.text("state") == "ENABLED",
            autonomyType: statement.text("autonomy_type"), entityType: statement.text("entity_type").lowercased(),
            creditsPerEntity: statement.integer("credits_per_entity"))
    }

    /// At most `limit` agents by ascending id, those with a greater id than `after`.
    package func agents(after id: Int64?, limit: Int) throws -> [Agent] {
        let statement = try database.statement(
            """
            SELECT * FROM agent WHERE id > ? ORDER BY id LIMIT ?
            """)
        defer { statement.reset() }
        statement.bind(id ?? -1, at: 1)
        statement.bind(limit, at: 2)
        var agents: [Agent] = []
        while try statement.step() { agents.append(Agent(statement)) }
        return agents
    }

    /// The agent with that id, as it is now.
    package func agent(id: Int64) throws -> Agent? {
        let statement = try database.statement(
            """
            SELECT * FROM agent WHERE id = ?
            """)
        defer { statement.reset() }
        statement.bind(id, at: 1)
        return try statement.step() ? Agent(statement) : nil
    }

    /// All that an agent has been, newest first.
    package func versions(of agent: Agent) throws -> [AgentVersion] {
        let statement = try database.statement(
            """
            SELECT version_timestamp, differences FROM agent_version WHERE agent_id = ?
            ORDER BY version_timestamp DESC
            """)
        defer { statement.reset() }
        statement.bind(agent.id, at: 1)
        var versions: [AgentVersion] = []
        while try statement.step() {
            versions.append(
                try agent.version(statement.text("differences"), from: statement.fixedInstant("version_timestamp")))
        }
        return versions
    }

    /// The version of an agent that was the latest one at an instant; nil before the first.
    package func version(of agent: Agent, at instant: Instant) throws -> AgentVersion? {
        let statement = try database.statement(
            """
            SELECT version_timestamp, differences FROM agent_version WHERE agent_id = ? AND version_timestamp <= ?
            ORDER BY version_timestamp DESC LIMIT 1
            """)
        defer { statement.reset() }
        statement.bind(agent.id, at: 1)
        statement.bind(instant.microseconds, at: 2)
        guard try statement.step() else { return nil }
        return try agent.version(statement.text("differences"), from: statement.fixedInstant("version_timestamp"))
    }
}

extension Agent {
    fileprivate init(_ row: Statement) {
        self.init(
            id: row.integer("id"), name: row.text("name"), state: row.text("state"),
            autonomyType: row.text("autonomy_type"),
            entityType: row.text("entity_type"), triggerType: row.text("trigger_type"), access: row.text("access"),
            audience: row.text("audience"),
            actions: row.optionalText("actions"), agentSettings: row.optionalText("agent_settings"),
            toolbox: row.optionalText("toolbox"),
            integrations: row.optionalText("integrations"), createdAt: row.fixedInstant("created_at"),
            updatedAt: row.fixedInstant("updated_at"))
    }
}
