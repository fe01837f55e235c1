package import Sandboxes
package import Time
import SQLite

extension World {
    /// All configs, by kind.
    package func agentConfigs() throws -> [AgentConfig] { try configs(kind: nil) }

    /// The config of that kind, if it has one.
    package func agentConfig(kind: String) throws -> AgentConfig? { try configs(kind: kind).first }

    /// Replaces what a client sets, makes the config if the kind has none, and enables the kind again if failures had
    /// disabled it. Only inside a transaction.
    package func replaceSettings(
        ofKind kind: String, by settings: AgentConfig.Settings, at now: Instant
    ) throws -> AgentConfig {
        try makeConfig(kind: kind, at: now)
        // A seed may bring a config that is younger than the present: its own times stay in their order.
        try database.run(
            """
            UPDATE agent_config SET budget_default_cents = ?, deadline_default_seconds = ?, guardrails = ?,
                schedule = ?, consecutive_failures = 0, updated_at = max(updated_at, ?)
            WHERE agent_kind = ?
            """,
            settings.budgetDefaultCents, settings.deadlineDefaultSeconds, settings.guardrails, settings.schedule,
            now.microseconds, kind)
        return try existingConfig(kind: kind)
    }

    /// Keeps that a good key was put, and makes the config if the kind has none. Only inside a transaction.
    package func activateKey(ofKind kind: String, at now: Instant) throws -> AgentConfig {
        try makeConfig(kind: kind, at: now)
        return try changeKey(of: existingConfig(kind: kind), by: .probed(.valid), at: now)
    }

    /// Lets something happen to a kind's key. What changes nothing leaves `updatedAt` as it was, too.
    package func changeKey(
        of config: AgentConfig, by event: KeyStanding.Event, at now: Instant
    ) throws -> AgentConfig {
        let standing = config.key.after(event, at: now)
        guard standing != config.key else { return config }
        try database.run(
            """
            UPDATE agent_config SET byok_status = ?, byok_status_reason = ?, byok_last_probed_at = ?,
                updated_at = max(updated_at, ?)
            WHERE agent_kind = ?
            """,
            standing.status.rawValue, standing.reason, standing.lastProbedAt?.microseconds, now.microseconds,
            config.agentKind)
        return try existingConfig(kind: config.agentKind)
    }

    /// A config in which nothing is set, unless the kind has one already.
    private func makeConfig(kind: String, at now: Instant) throws {
        guard try agentConfig(kind: kind) == nil else { return }
        try database.run(
            """
            INSERT INTO agent_config (agent_kind, id, guardrails, byok_status, consecutive_failures, created_at, updated_at)
            VALUES (?1, ?2, '[]', 'inactive', ?4, ?3, ?3)
            """, kind, random.uuid().description, now.microseconds,
            try standing(ofAgentKind: kind).consecutiveFailures)
    }

    private func existingConfig(kind: String) throws -> AgentConfig {
        guard let config = try agentConfig(kind: kind) else {
            throw SandboxDamaged(reason: "a config that was just written is gone")
        }
        return config
    }

    private func configs(kind: String?) throws -> [AgentConfig] {
        let statement = try database.statement(
            "SELECT * FROM agent_config WHERE agent_kind = coalesce(?, agent_kind) ORDER BY agent_kind")
        defer { statement.reset() }
        statement.bind(kind, at: 1)
        var configs: [AgentConfig] = []
        while try statement.step() {
            guard let status = KeyStanding.Status(rawValue: statement.text("byok_status")) else {
                throw SandboxDamaged(reason: "a provider key has an unknown status")
            }
            configs.append(AgentConfig(statement, keyStatus: status))
        }
        return configs
    }
}

extension AgentConfig {
    fileprivate init(_ row: Statement, keyStatus: KeyStanding.Status) {
        id = row.text("id")
        agentKind = row.text("agent_kind")
        settings = Settings(
            budgetDefaultCents: row.optionalInteger("budget_default_cents"),
            deadlineDefaultSeconds: row.optionalInteger("deadline_default_seconds"),
            guardrails: row.text("guardrails"), schedule: row.optionalText("schedule"))
        key = KeyStanding(
            keyStatus, reason: row.optionalText("byok_status_reason"),
            lastProbedAt: row.optionalFixedInstant("byok_last_probed_at"))
        createdAt = row.fixedInstant("created_at")
        updatedAt = row.fixedInstant("updated_at")
    }
}
