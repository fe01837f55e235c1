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
        guard let status = AgentRunStatus(rawValue: row.text(3)) else {
            throw SandboxDamaged(reason: "a run in it cannot be read")
        }
        self.row = row.integer(0)
        id = row.text(1)
        agentKind = row.text(2)
        self.status = status
        input = row.text(4)
        output = row.optionalText(5)
        consecutiveFailures = row.integer(6)
        costUSDCents = row.integer(7)
        platformFeeCents = row.integer(8)
        budgetUSDCents = row.optionalInteger(9)
        deadlineAt = row.optionalInstant(10)
        failureCategory = row.optionalText(11)
        failureDetail = row.optionalText(12)
        runAt = Instant(microseconds: row.integer(13))
        createdAt = Instant(microseconds: row.integer(14))
        updatedAt = Instant(microseconds: row.integer(15))
    }
}

extension AgentRunStep {
    init(_ row: Statement) {
        seq = row.integer(0)
        kind = row.text(1)
        name = row.text(2)
        input = row.text(3)
        output = row.optionalText(4)
        model = row.optionalText(5)
        inputTokens = row.optionalInteger(6)
        outputTokens = row.optionalInteger(7)
        cacheReadTokens = row.optionalInteger(8)
        cacheWriteTokens = row.optionalInteger(9)
        costUSDCents = row.optionalInteger(10)
        startedAt = Instant(microseconds: row.integer(11))
        completedAt = row.optionalInstant(12)
    }
}
