package import Sandboxes
import JSON
import Time

/// An agent of the Neo API.
package struct SeedAgent: Hashable, Sendable {
    /// The agent as it was from then on, until the next version.
    package struct Version: Hashable, Sendable {
        package let timestamp: SeedTime
        /// When it had been updated last, where that differed.
        package let updatedAt: SeedTime?
        /// A JSON object of the other fields that differed.
        package let differences: String
    }

    package let id: Int64
    package let name: String
    package let state: String
    package let autonomyType: String
    package let entityType: String
    package let triggerType: String
    package let access: String
    package let audience: String
    package let creditsPerEntity: Int64
    package let actions: String?
    package let agentSettings: String?
    package let toolbox: String?
    package let integrations: String?
    package let createdAt: SeedTime
    package let updatedAt: SeedTime
    /// Oldest first, never empty.
    package let versions: [Version]
}

/// What backfills work on: a ticket, a time entry and so on.
package struct SeedEntity: Hashable, Sendable {
    package let id: String
    package let type: String
    package let number: String?
    /// A JSON object of what filters look at.
    package let fields: String
    /// How long an execution on it lasts, in microseconds.
    package let duration: Int64
    /// How many of its first executions fail; -1 for all.
    package let failingAttempts: Int64
}

extension SeedAgent {
    init(_ fields: inout SeedFields) {
        id = SeedAgent.id(&fields)
        name = fields.text("name")
        state = fields.choice("state", NeoWords.agentStates, default: "ENABLED")
        autonomyType = fields.choice("autonomy_type", NeoWords.autonomyTypes)
        entityType = fields.choice("entity_type", NeoWords.agentEntityTypes)
        triggerType = fields.choice("trigger_type", NeoWords.triggerTypes, default: "TRIGGERED")
        access = fields.choice("access", NeoWords.accesses, default: "ALL_USERS")
        audience = fields.choice("audience", NeoWords.audiences, default: "MSP")
        creditsPerEntity = fields.integer("credits_per_entity", in: 1...3, default: autonomyType == "AGENTIC" ? 3 : 1)
        (actions, agentSettings, toolbox, integrations) = SeedAgent.freeForm(&fields)
        createdAt = fields.time("created_at")
        updatedAt = fields.time("updated_at", default: createdAt)
        fields.require("updated_at", updatedAt, notBefore: "created_at", createdAt)
        versions = SeedAgent.versions(&fields, createdAt: createdAt)
    }

    private static func id(_ fields: inout SeedFields) -> Int64 {
        let text = fields.name("id")
        if let id = NeoWords.agentID(text) { return id }
        if fields.isSound("id") { fields.refuse("id", "must be a string of digits without leading zeros, of 64 bits") }
        return 0
    }

    private static func freeForm(_ fields: inout SeedFields) -> (String?, String?, String?, String?) {
        let actions = fields.json("actions", "an array, an object") { $0.array != nil || $0.object != nil }
        return (
            actions, fields.objectOrNull("agent_settings"), fields.objectOrNull("toolbox"),
            fields.objectOrNull("integrations")
        )
    }

    private static func versions(_ fields: inout SeedFields, createdAt: SeedTime) -> [Version] {
        var previous: SeedTime?
        let versions = fields.list("versions") { fields, _ in
            let version = Version(&fields)
            if let previous, fields.isSound("version_timestamp"), version.timestamp.isAfter(previous) != true {
                fields.refuse("version_timestamp", "must be after the version before it")
            }
            previous = version.timestamp
            return version
        }
        return versions.isEmpty
            ? [Version(timestamp: createdAt, updatedAt: nil, differences: "{}")] : versions.map(\.value)
    }
}

extension SeedAgent.Version {
    /// All that differed, as it is stored: a JSON object with the times it has in a sandbox whose clock started then.
    func storedDifferences(by insertion: SeedInsertion) -> String {
        guard let updatedAt else { return differences }
        let rest = differences.dropFirst()
        let stored = Instant(microseconds: insertion.fixed(updatedAt))
        return "{\"updated_at\":\"\(stored.rfc3339)\"\(rest == "}" ? "" : ",")\(rest)"
    }

    init(_ fields: inout SeedFields) {
        timestamp = fields.time("version_timestamp")
        updatedAt = fields.node("updated_at") == nil ? nil : fields.time("updated_at")
        // Read only to be checked: the differences are kept as they stand.
        _ = fields.text("name", default: "")
        for (member, words) in Self.choices { _ = fields.choice(member, words, default: "") }
        _ = fields.integer("credits_per_entity", in: 1...3, default: 1)
        _ = SeedAgent.freeForm(&fields)
        let differing = fields.object.members.filter { $0.key != "version_timestamp" && $0.key != "updated_at" }
        differences = JSONNode(.object(JSONObject(members: differing))).compact
    }

    private static let choices = [
        ("state", NeoWords.agentStates), ("autonomy_type", NeoWords.autonomyTypes),
        ("entity_type", NeoWords.agentEntityTypes), ("trigger_type", NeoWords.triggerTypes),
        ("access", NeoWords.accesses), ("audience", NeoWords.audiences),
    ]
}

extension SeedEntity {
    init(_ fields: inout SeedFields) {
        id = fields.name("id")
        type = fields.choice("type", NeoWords.entityTypes)
        number = fields.textOrNull("number")
        let values = fields.node("fields")
        if let values, values.object == nil { fields.refuse("fields", SeedFields.mismatch("an object", values)) }
        self.fields = values.map(\.compact) ?? "{}"
        duration = fields.integer("seconds", in: SeedFields.wholeSeconds, default: 20) * 1_000_000
        failingAttempts = SeedEntity.failingAttempts(&fields)
    }

    private static func failingAttempts(_ fields: inout SeedFields) -> Int64 {
        guard let node = fields.node("fails") else { return 0 }
        if let always = node.bool { return always ? -1 : 0 }
        if let attempts = node.integer, attempts >= 0 { return attempts }
        fields.refuse("fails", "must be true, false or a whole number of at least 0")
        return 0
    }
}
