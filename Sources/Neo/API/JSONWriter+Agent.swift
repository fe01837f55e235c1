import JSON
import Sandboxes
import Time

/// How much of an agent is shown.
enum AgentDetail {
    /// What lists show.
    case summary
    /// Also what the agent consists of.
    case whole
}

extension JSONWriter {
    /// An agent; of a version, also since when it was so.
    mutating func agent(_ agent: Agent, _ detail: AgentDetail, version timestamp: Instant? = nil) {
        beginObject()
        key("id")
        string(String(agent.id))
        key("name")
        string(agent.name)
        key("state")
        string(agent.state)
        key("autonomy_type")
        string(agent.autonomyType)
        key("entity_type")
        string(agent.entityType)
        key("trigger_type")
        string(agent.triggerType)
        key("access")
        string(agent.access)
        key("audience")
        string(agent.audience)
        key("created_at")
        instant(agent.createdAt)
        key("updated_at")
        instant(agent.updatedAt)
        if detail == .whole { agentParts(agent) }
        if let timestamp {
            key("version_timestamp")
            instant(timestamp)
        }
        endObject()
    }

    private mutating func agentParts(_ agent: Agent) {
        key("actions")
        // Documented: a conversational agent has none, whatever it had before it became one.
        raw(agent.autonomyType == "CONVERSATIONAL" ? "[]" : agent.actions ?? "null")
        key("agent_settings")
        raw(agent.agentSettings ?? "null")
        key("toolbox")
        raw(agent.toolbox ?? "null")
        key("integrations")
        raw(agent.integrations ?? "null")
    }
}
