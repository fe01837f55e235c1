package import Sandboxes
package import Time
import SQLite

/// What somebody asks for when a run is enqueued.
package struct NewAgentRun: Sendable, Hashable {
    /// JSON text.
    package let input: String
    /// Nil is now.
    package let runAt: Instant?
    /// Nil is what the kind's configuration says.
    package let deadlineAt: Instant?
    /// Nil is what the kind's configuration says.
    package let budgetUSDCents: Int64?

    package init(input: String, runAt: Instant?, deadlineAt: Instant?, budgetUSDCents: Int64?) {
        self.input = input
        self.runAt = runAt
        self.deadlineAt = deadlineAt
        self.budgetUSDCents = budgetUSDCents
    }
}

extension World {
    /// Whether the sandbox has a script for that kind of agent, which is what makes a kind exist.
    package func hasAgentKind(_ kind: String) throws -> Bool {
        let statement = try database.statement("SELECT 1 FROM agent_script WHERE agent_kind = ?")
        defer { statement.reset() }
        statement.bind(kind, at: 1)
        return try statement.step()
    }

    /// The kind's script, a JSON object; nil when there is no such kind.
    func agentScript(of kind: String) throws -> String? {
        try AgentRunWorkload(world: self).scriptText(of: kind)
    }

    /// What the runs of a kind share.
    package func standing(ofAgentKind kind: String) throws -> AgentKindStanding {
        try AgentRunWorkload(world: self).standing(of: kind)
    }

    /// Enqueues a run of a kind that is there. Only inside a transaction.
    ///
    /// Choice: its budget and its default deadline are the configuration's at this moment (docs/FIDELITY.md,
    /// "Enqueue").
    package func enqueue(_ new: NewAgentRun, agentKind kind: String, at now: Instant) throws -> AgentRunRecord? {
        let id = random.uuid()
        try database.run(
            """
            WITH config (budget, seconds) AS (
                SELECT budget_default_cents, deadline_default_seconds FROM agent_config WHERE agent_kind = ?2)
            INSERT INTO run (id, agent_kind, status, input, consecutive_failures, cost_usd_cents, platform_fee_cents,
                budget_usd_cents, deadline_at, run_at, enqueued_at, deadline_seconds, script, created_at, updated_at)
            VALUES (?1, ?2, 'queued', ?3, 0, 0, 0, coalesce(?4, (SELECT budget FROM config)), ?5, ?6, ?7,
                iif(?5 IS NULL, (SELECT seconds FROM config), NULL), ?8, ?9, ?9)
            """,
            id.description, kind, new.input, new.budgetUSDCents, new.deadlineAt,
            new.runAt ?? now, now, try useScenario(agentKind: kind),
            try creation(at: now))
        try AgentRunWorkload(world: self).refreshDue(run: database.lastInsertedRow, ofKind: kind)
        forgetDue(of: AgentRunWorkload.self)
        return try run(id: id, kind: kind)
    }

    /// When a run that is enqueued now is made, as it is stored: later than all that were, by a microsecond if need be.
    ///
    /// Choice: runs that a seed puts in the future do not count, but keep their instants (docs/FIDELITY.md, "Enqueue").
    private func creation(at now: Instant) throws -> Int64 {
        let last = try database.statement(
            "SELECT created_at FROM run WHERE enqueued_at <= ? ORDER BY created_at DESC LIMIT 1")
        defer { last.reset() }
        last.bind(now, at: 1)
        let present = database.stored(now)
        var creation = try last.step() ? max(present, last.integer("created_at") + 1) : present
        while try isCreation(creation) { creation += 1 }
        return creation
    }

    private func isCreation(_ stored: Int64) throws -> Bool {
        let run = try database.statement("SELECT 1 FROM run WHERE created_at = ?")
        defer { run.reset() }
        run.bind(stored, at: 1)
        return try run.step()
    }

    /// Does at once what is asked of a run; false, and nothing is changed, when it is not in a status for it. Only
    /// inside a transaction, in a world that was advanced to that instant.
    package func ask(_ request: AgentRun.Request, of run: AgentRunRecord, at now: Instant) throws -> Bool {
        let runs = AgentRunWorkload(world: self)
        guard try runs.handle(request, run: run.row, ofKind: run.agentKind, at: now) else { return false }
        forgetDue(of: AgentRunWorkload.self)
        try advance(to: now)
        return true
    }

    /// In `poll` mode, a look at one run first moves the clock on to the next thing that happens to it.
    ///
    /// Choice: but for one that waits, whose next thing may be its deadline (docs/FIDELITY.md, "Control plane").
    package func pollEvent(of run: AgentRunRecord) throws {
        guard run.status != .waiting, let next = try AgentRunWorkload(world: self).nextEvent(of: run.row) else {
            return
        }
        try pollClock(to: next)
    }

    /// The run with that id, of that kind if one is given.
    package func run(id: UUIDValue, kind: String? = nil) throws -> AgentRunRecord? {
        let statement = try database.statement(
            """
            SELECT * FROM run WHERE id = ?1 AND agent_kind = coalesce(?2, agent_kind)
            """)
        defer { statement.reset() }
        statement.bind(id.description, at: 1)
        statement.bind(kind, at: 2)
        return try statement.step() ? try AgentRunRecord(statement) : nil
    }

    /// At most so many runs of a kind, newest first: those made before an instant, those in a status.
    package func runs(
        ofKind kind: String, status: AgentRunStatus?, before: Instant?, limit: Int
    ) throws -> [AgentRunRecord] {
        let statement = try database.statement(
            """
            SELECT * FROM run WHERE row IN (
                SELECT * FROM (SELECT row FROM run WHERE ?4 IS NULL AND agent_kind = ?1 AND created_at < ?2
                    ORDER BY created_at DESC LIMIT ?3)
                UNION ALL SELECT * FROM (SELECT row FROM run WHERE status = ?4 AND agent_kind = ?1 AND created_at < ?2
                    ORDER BY created_at DESC LIMIT ?3))
            ORDER BY created_at DESC
            """)
        defer { statement.reset() }
        statement.bind(kind, at: 1)
        statement.bind(before.map(database.stored) ?? .max, at: 2)
        statement.bind(limit, at: 3)
        statement.bind(status?.rawValue, at: 4)
        var runs: [AgentRunRecord] = []
        while try statement.step() { runs.append(try AgentRunRecord(statement)) }
        return runs
    }

    /// The journal of a run, in `seq` order.
    package func steps(of run: AgentRunRecord) throws -> [AgentRunStep] {
        let statement = try database.statement(
            "SELECT * FROM run_step WHERE run = ? ORDER BY seq")
        defer { statement.reset() }
        statement.bind(run.row, at: 1)
        var steps: [AgentRunStep] = []
        while try statement.step() { steps.append(AgentRunStep(statement)) }
        return steps
    }
}
