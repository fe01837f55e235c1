package import Simulation
import SQLite

/// One agent run as it is stored.
package struct AgentRun: Sendable, Hashable {
    let row: Int64
    package let id: String
    package let agentKind: String
    /// queued, running, waiting, succeeded, failed or cancelled.
    package let status: String
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

extension World {
    /// Whether the sandbox has a script for that kind of agent, which is what makes a kind exist.
    package func hasAgentKind(_ kind: String) throws -> Bool {
        let statement = try database.statement("SELECT 1 FROM agent_script WHERE agent_kind = ?")
        defer { statement.reset() }
        statement.bind(kind, at: 1)
        return try statement.step()
    }

    /// The run with that id and of that kind.
    package func run(id: UUIDValue, kind: String) throws -> AgentRun? {
        let statement = try database.statement(
            """
            SELECT row, id, agent_kind, status, input, output, consecutive_failures, cost_usd_cents, platform_fee_cents,
                budget_usd_cents, deadline_at, failure_category, failure_detail, run_at, created_at, updated_at
            FROM run WHERE id = ? AND agent_kind = ?
            """)
        defer { statement.reset() }
        statement.bind(id.description, at: 1)
        statement.bind(kind, at: 2)
        return try statement.step() ? AgentRun(statement) : nil
    }

    /// The journal of a run, in `seq` order.
    package func steps(of run: AgentRun) throws -> [AgentRunStep] {
        let statement = try database.statement(
            """
            SELECT seq, kind, name, input, output, model, input_tokens, output_tokens, cache_read_tokens,
                cache_write_tokens, cost_usd_cents, started_at, completed_at
            FROM run_step WHERE run = ? ORDER BY seq
            """)
        defer { statement.reset() }
        statement.bind(run.row, at: 1)
        var steps: [AgentRunStep] = []
        while try statement.step() { steps.append(AgentRunStep(statement)) }
        return steps
    }
}

extension AgentRun {
    fileprivate init(_ row: Statement) {
        self.row = row.integer(0)
        id = row.text(1)
        agentKind = row.text(2)
        status = row.text(3)
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
    fileprivate init(_ row: Statement) {
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
