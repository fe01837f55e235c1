import Sandboxes
package import Time
import SQLite

/// One agent run as it is stored.
package struct AgentRunRecord: Sendable, Hashable {
    let row: Int64
    package let id: String
    package let agentKind: String
    package let status: AgentRunStatus
    /// JSON text.
    package let input: String
    /// JSON text, or nothing yet.
    package let output: String?
    package let consecutiveFailures: Int64
    package let costUSDCents: Int64
    package let platformFeeCents: Int64
    package let budgetUSDCents: Int64?
    package let deadlineAt: Instant?
    package let failureCategory: String?
    package let failureDetail: String?
    package let runAt: Instant
    package let createdAt: Instant
    package let updatedAt: Instant
}

/// One entry of a run's journal: an LLM turn or a tool call.
package struct AgentRunStep: Sendable, Hashable {
    package let seq: Int64
    package let kind: String
    package let name: String
    package let input: String
    package let output: String?
    package let model: String?
    package let inputTokens: Int64?
    package let outputTokens: Int64?
    package let cacheReadTokens: Int64?
    package let cacheWriteTokens: Int64?
    package let costUSDCents: Int64?
    package let startedAt: Instant
    package let completedAt: Instant?
}

extension AgentRunRecord {
    /// A row of ``World``'s queries.
    init(_ row: Statement) throws {
        guard let status = AgentRunStatus(rawValue: row.text("status")) else {
            throw SandboxDamaged(reason: "a run in it cannot be read")
        }
        self.row = row.integer("row")
        id = row.text("id")
        agentKind = row.text("agent_kind")
        self.status = status
        input = row.text("input")
        output = row.optionalText("output")
        consecutiveFailures = row.integer("consecutive_failures")
        costUSDCents = row.integer("cost_usd_cents")
        platformFeeCents = row.integer("platform_fee_cents")
        budgetUSDCents = row.optionalInteger("budget_usd_cents")
        deadlineAt = row.optionalInstant("deadline_at")
        failureCategory = row.optionalText("failure_category")
        failureDetail = row.optionalText("failure_detail")
        runAt = row.instant("run_at")
        createdAt = row.instant("created_at")
        updatedAt = row.instant("updated_at")
    }
}

extension AgentRunStep {
    init(_ row: Statement) {
        seq = row.integer("seq")
        kind = row.text("kind")
        name = row.text("name")
        input = row.text("input")
        output = row.optionalText("output")
        model = row.optionalText("model")
        inputTokens = row.optionalInteger("input_tokens")
        outputTokens = row.optionalInteger("output_tokens")
        cacheReadTokens = row.optionalInteger("cache_read_tokens")
        cacheWriteTokens = row.optionalInteger("cache_write_tokens")
        costUSDCents = row.optionalInteger("cost_usd_cents")
        startedAt = row.instant("started_at")
        completedAt = row.optionalInstant("completed_at")
    }
}
