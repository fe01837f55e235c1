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
            SELECT *, (SELECT count(*) FROM run_step WHERE run_step.run = run.row) AS steps,
                (SELECT max(started_at) FROM run_step WHERE run_step.run = run.row AND completed_at IS NULL) AS open_since
            FROM run WHERE row = ?
            """)
        defer { statement.reset() }
        statement.bind(row, at: 1)
        guard try statement.step(), let status = AgentRunStatus(rawValue: statement.text("status")) else {
            throw SandboxDamaged(reason: "a run in it cannot be read")
        }
        self.row = row
        id = statement.text("id")
        kind = statement.text("agent_kind")
        terms = AgentRunTerms(
            enqueuedAt: statement.instant("enqueued_at"), runAt: statement.instant("run_at"),
            script: try statement.optionalText("script").map { try AgentScript(stored: $0) } ?? script,
            budgetUSDCents: statement.optionalInteger("budget_usd_cents"),
            deadlineSeconds: statement.optionalInteger("deadline_seconds"))
        run = AgentRun(
            status: status, startedSteps: Int(statement.integer("steps")),
            openStepStartedAt: statement.optionalInstant("open_since"),
            costUSDCents: statement.integer("cost_usd_cents"),
            platformFeeCents: statement.integer("platform_fee_cents"),
            deadlineAt: statement.optionalInstant("deadline_at"),
            consecutiveFailures: statement.integer("consecutive_failures"),
            updatedAt: statement.instant("updated_at"))
    }
}
