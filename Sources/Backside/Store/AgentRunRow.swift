import Sandboxes
import SQLite
import Time

/// A run as the simulation sees it, read from its rows.
struct AgentRunRow {
    let row: Int64
    let id: String
    let kind: String
    let terms: AgentRunTerms
    let run: AgentRun

    /// - Parameter script: what runs of its kind do, unless a scenario has given it another.
    init(row: Int64, in database: Database, script: AgentScript) throws {
        let statement = try database.statement(
            """
            SELECT id, agent_kind, status, cost_usd_cents, platform_fee_cents, deadline_at, consecutive_failures,
                updated_at, enqueued_at, run_at, budget_usd_cents, deadline_seconds, script,
                (SELECT count(*) FROM run_step WHERE run_step.run = run.row),
                (SELECT max(started_at) FROM run_step WHERE run_step.run = run.row AND completed_at IS NULL)
            FROM run WHERE row = ?
            """)
        defer { statement.reset() }
        statement.bind(row, at: 1)
        guard try statement.step(), let status = AgentRunStatus(rawValue: statement.text(2)) else {
            throw SandboxDamaged(reason: "a run in it cannot be read")
        }
        self.row = row
        id = statement.text(0)
        kind = statement.text(1)
        terms = AgentRunTerms(
            enqueuedAt: Instant(microseconds: statement.integer(8)), runAt: Instant(microseconds: statement.integer(9)),
            script: try statement.optionalText(12).map { try AgentScript(stored: $0) } ?? script,
            budgetUSDCents: statement.optionalInteger(10), deadlineSeconds: statement.optionalInteger(11))
        run = AgentRun(
            status: status, startedSteps: Int(statement.integer(13)), openStepStartedAt: statement.optionalInstant(14),
            costUSDCents: statement.integer(3), platformFeeCents: statement.integer(4),
            deadlineAt: statement.optionalInstant(5), consecutiveFailures: statement.integer(6),
            updatedAt: Instant(microseconds: statement.integer(7)))
    }
}
