import Sandboxes
import JSON
package import Time

/// An agent, or workflow, of the Neo API: as it is now, or as one of its versions was.
package struct Agent: Sendable, Hashable {
    package let id: Int64
    package private(set) var name: String
    /// ENABLED or DISABLED.
    package private(set) var state: String
    /// CHAINED_ACTIONS, AGENTIC or CONVERSATIONAL.
    package private(set) var autonomyType: String
    /// As agents spell it: `TICKET`.
    package private(set) var entityType: String
    package private(set) var triggerType: String
    package private(set) var access: String
    package private(set) var audience: String
    /// JSON text, as are the three below.
    package private(set) var actions: String?
    package private(set) var agentSettings: String?
    package private(set) var toolbox: String?
    package private(set) var integrations: String?
    package let createdAt: Instant
    package private(set) var updatedAt: Instant

    init(
        id: Int64, name: String, state: String, autonomyType: String, entityType: String, triggerType: String,
        access: String, audience: String, actions: String?, agentSettings: String?, toolbox: String?,
        integrations: String?, createdAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.name = name
        self.state = state
        self.autonomyType = autonomyType
        self.entityType = entityType
        self.triggerType = triggerType
        self.access = access
        self.audience = audience
        self.actions = actions
        self.agentSettings = agentSettings
        self.toolbox = toolbox
        self.integrations = integrations
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The agent as it was from a moment on: `differences` is the JSON text of the fields that differed then.
    func version(_ differences: String, from timestamp: Instant) throws -> AgentVersion {
        let text = Array(differences.utf8)
        guard let fields = try JSONParser.parse(text).object else {
            throw SandboxDamaged(reason: "a version of an agent cannot be read")
        }
        var agent = self
        func replace(_ field: WritableKeyPath<Agent, String>, _ name: String) {
            if let value = fields[name]?.string { agent[keyPath: field] = value }
        }
        func replace(_ field: WritableKeyPath<Agent, String?>, _ name: String) {
            guard let node = fields[name] else { return }
            agent[keyPath: field] = node.isNull ? nil : String(decoding: text[node.range], as: UTF8.self)
        }
        replace(\.name, "name")
        replace(\.state, "state")
        replace(\.autonomyType, "autonomy_type")
        replace(\.entityType, "entity_type")
        replace(\.triggerType, "trigger_type")
        replace(\.access, "access")
        replace(\.audience, "audience")
        replace(\.actions, "actions")
        replace(\.agentSettings, "agent_settings")
        replace(\.toolbox, "toolbox")
        replace(\.integrations, "integrations")
        agent.updatedAt = timestamp
        return AgentVersion(agent: agent, timestamp: timestamp)
    }
}

/// An agent as it was from a moment on, until its next version.
package struct AgentVersion: Sendable, Hashable {
    package let agent: Agent
    package let timestamp: Instant
}
