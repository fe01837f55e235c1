package import Sandboxes
import SQLite
package import Time

/// A sandbox's agent runs, as its clock sees them. What a run is to do next is all in its `due_at`; `INDEXED BY`
/// because the planner would rather go through all runs of a kind.
package struct AgentRunWorkload: Workload {
    private let database: Database
    /// What is known of scripts; nil for a database that is still being filled.
    private let known: KnownScripts?

    package init(world: World) {
        database = world.database
        known = world.cache(KnownScripts.self)
    }

    init(database: Database) {
        self.database = database
        known = nil
    }

    package func earliestDue() throws -> Instant? {
        try database.instant("SELECT min(due_at) FROM run WHERE due_at IS NOT NULL")
    }

    package func advance(to now: Instant) throws -> [Transition] {
        try kinds(dueBy: now).flatMap { kind in
            var (queue, rows) = try queue(of: kind, dueBy: now)
            let before = queue.kind
            let happened = queue.advance(to: now)
            let transitions = try happened.compactMap { index, event in
                try keep(event, of: rows[index], under: queue.entries[index].terms)
            }
            for (row, entry) in zip(rows, queue.entries) { try save(entry.run, of: row, under: entry.terms) }
            try save(queue.kind, of: kind, before: before)
            return transitions
        }
    }

    /// The next instant at which something happens to a run without a call.
    func nextEvent(of run: Int64) throws -> Instant? {
        let statement = try database.statement("SELECT due_at FROM run WHERE row = ?")
        defer { statement.reset() }
        statement.bind(run, at: 1)
        return try statement.step() ? statement.optionalInstant("due_at") : nil
    }

    /// A run that waits for approval is nobody's work: its deadline strikes when something else takes as long.
    package func settle(through limit: Instant) throws -> Settlement {
        let later = try database.statement("SELECT 1 FROM run WHERE due_at > ? AND status <> 'waiting' LIMIT 1")
        defer { later.reset() }
        later.bind(limit, at: 1)
        var settlement = Settlement(transitions: [], last: nil, comesMore: try later.step())
        for kind in try kinds(dueBy: limit) {
            let (last, comesMore) = try queue(of: kind, dueBy: limit).queue.lastWork(through: limit)
            settlement.last = [settlement.last, last].compactMap { $0 }.max()
            settlement.comesMore = settlement.comesMore || comesMore
        }
        return settlement
    }

    package func latestTrace() throws -> Instant? {
        let run = try database.instant("SELECT max(updated_at) FROM run")
        let config = try database.fixedInstant("SELECT max(updated_at) FROM agent_config")
        return [run, config].compactMap { $0 }.max()
    }

    /// A run counts as ten rows, and as one for each hundred characters of its script.
    package func weight(dueBy now: Instant) throws -> Int64 {
        let runs = try database.number("SELECT count(*) FROM run INDEXED BY run_due WHERE due_at <= ?", now)
        let ownScripts = try database.number(
            "SELECT coalesce(sum(length(script)), 0) FROM run INDEXED BY run_due WHERE due_at <= ?", now)
        return runs * 10 + ownScripts / 100 + runs * (try longestScript()) / 100
    }

    private func longestScript() throws -> Int64 {
        if let length = known?.longest { return length }
        let length = try database.number("SELECT max(length(script)) FROM agent_script")
        known?.longest = length
        return length
    }

    /// Does at once what is asked of a run; false, and nothing is changed, when it is not in a status for it.
    func handle(_ request: AgentRun.Request, run row: Int64, ofKind kind: String, at now: Instant) throws -> Bool {
        let work = try AgentRunRow(row: row, in: database, script: try script(of: kind))
        let before = try standing(of: kind)
        var standing = before
        var run = work.run
        guard run.handle(request, at: now, in: &standing) != nil else { return false }
        try save(run, of: work, under: work.terms)
        try save(standing, of: kind, before: before)
        return true
    }

    /// Finds out when a run has work, after it was put there.
    func refreshDue(run row: Int64, ofKind kind: String) throws {
        let work = try AgentRunRow(row: row, in: database, script: try script(of: kind))
        try save(work.run, of: work, under: work.terms)
    }

    /// Finds out when each run that is not over has work, after they were put there.
    func refreshDue() throws {
        let kinds = try database.statement("SELECT agent_kind FROM agent_script ORDER BY agent_kind")
        for kind in try kinds.allTexts() {
            let active = try database.statement(
                "SELECT row FROM run WHERE agent_kind = ? AND status IN ('queued', 'running', 'waiting') ORDER BY row")
            active.bind(kind, at: 1)
            let script = try script(of: kind)
            for row in try active.allIntegers() {
                let work = try AgentRunRow(row: row, in: database, script: script)
                try save(work.run, of: work, under: work.terms)
            }
        }
    }

    // MARK: What a kind's runs share

    /// What a kind's runs share: from its configuration, or without one from its last run.
    func standing(of kind: String) throws -> AgentKindStanding {
        let statement = try database.statement(
            """
            SELECT byok_status, consecutive_failures FROM agent_config WHERE agent_kind = ?1
            UNION ALL SELECT * FROM (
                SELECT 'inactive', consecutive_failures FROM run
                WHERE agent_kind = ?1 AND status IN ('succeeded', 'failed') ORDER BY updated_at DESC, row DESC LIMIT 1)
            LIMIT 1
            """)
        defer { statement.reset() }
        statement.bind(kind, at: 1)
        guard try statement.step() else { return AgentKindStanding(keyIsActive: false, consecutiveFailures: 0) }
        return AgentKindStanding(
            keyIsActive: statement.text("byok_status") == KeyStanding.Status.active.rawValue,
            consecutiveFailures: statement.integer("consecutive_failures"))
    }

    private func save(_ standing: AgentKindStanding, of kind: String, before: AgentKindStanding) throws {
        guard standing.consecutiveFailures != before.consecutiveFailures else { return }
        try database.run(
            "UPDATE agent_config SET consecutive_failures = ?2 WHERE agent_kind = ?1", kind,
            standing.consecutiveFailures)
    }

    /// Choice: the reason of a key that the provider has refused (docs/FIDELITY.md, "Provider keys").
    private func refuseKey(of kind: String, at instant: Instant) throws {
        let refused = KeyStanding(.active).after(
            .refused(reason: "The provider refused the key during a run."), at: instant)
        try database.run(
            """
            UPDATE agent_config SET byok_status = ?2, byok_status_reason = ?3, updated_at = max(updated_at, ?4)
            WHERE agent_kind = ?1
            """,
            kind, refused.status.rawValue, refused.reason, instant.microseconds)
    }

    // MARK: Rows

    private func kinds(dueBy instant: Instant) throws -> [String] {
        let statement = try database.statement("SELECT agent_kind FROM run INDEXED BY run_due WHERE due_at <= ?")
        statement.bind(instant, at: 1)
        return Set(try statement.allTexts()).sorted()
    }

    private func queue(of kind: String, dueBy instant: Instant) throws -> (queue: AgentRunQueue, rows: [AgentRunRow]) {
        let due = try database.statement(
            "SELECT row FROM run INDEXED BY run_due WHERE agent_kind = ? AND due_at <= ?")
        due.bind(kind, at: 1)
        due.bind(instant, at: 2)
        let script = try script(of: kind)
        let rows = try due.allIntegers().sorted().map { try AgentRunRow(row: $0, in: database, script: script) }
        let entries = rows.map { AgentRunQueue.Entry(number: $0.row, terms: $0.terms, run: $0.run) }
        return (AgentRunQueue(kind: try standing(of: kind), entries: entries), rows)
    }

    /// What runs of that kind do unless a scenario has said otherwise.
    private func script(of kind: String) throws -> AgentScript {
        guard let text = try scriptText(of: kind) else {
            throw SandboxDamaged(reason: "an agent kind has no script")
        }
        return try AgentScript(stored: text)
    }

    /// The kind's script, a JSON object; nil when there is no such kind.
    func scriptText(of kind: String) throws -> String? {
        let statement = try database.statement("SELECT script FROM agent_script WHERE agent_kind = ?")
        defer { statement.reset() }
        statement.bind(kind, at: 1)
        return try statement.step() ? statement.text("script") : nil
    }

    /// Writes what has happened, and gives it as a transition if it is one.
    private func keep(_ event: AgentRunEvent, of work: AgentRunRow, under terms: AgentRunTerms) throws -> Transition? {
        switch event {
        case .changedStatus(let from, let to, let at):
            return Transition(
                at: at, resource: AgentRunScenario.resource, id: work.id, from: from.rawValue, to: to.rawValue)
        case .startedStep(let number, let at):
            guard let step = terms.step(number) else { return nil }
            try database.run(
                "INSERT INTO run_step (run, seq, kind, name, input, model, started_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                work.row, number, step.kind, step.name, step.input, step.model, at)
        case .completedStep(let number, let at):
            let step = terms.step(number)
            try database.run(
                """
                UPDATE run_step SET completed_at = ?3, output = ?4, cost_usd_cents = ?5, input_tokens = ?6,
                    output_tokens = ?7, cache_read_tokens = ?8, cache_write_tokens = ?9
                WHERE run = ?1 AND seq = ?2
                """,
                work.row, number, at, step?.output, step?.costUSDCents, step?.tokens.input,
                step?.tokens.output, step?.tokens.cacheRead, step?.tokens.cacheWrite)
        case .keyRefused(let at):
            try refuseKey(of: work.kind, at: at)
        }
        return nil
    }

    private func save(_ run: AgentRun, of work: AgentRunRow, under terms: AgentRunTerms) throws {
        var output: String?
        if run.status == .succeeded, case .succeeded(let text) = terms.script.outcome { output = text }
        try database.run(
            """
            UPDATE run SET status = ?2, cost_usd_cents = ?3, platform_fee_cents = ?4, deadline_at = ?5,
                consecutive_failures = ?6, updated_at = ?7, output = ?8, failure_category = ?9, failure_detail = ?10,
                due_at = ?11
            WHERE row = ?1
            """,
            work.row, run.status.rawValue, run.costUSDCents, run.platformFeeCents, run.deadlineAt,
            run.consecutiveFailures, run.updatedAt, output, run.failure?.category, run.failure?.detail,
            run.nextWork(under: terms))
    }
}

/// What is known of the kinds' scripts.
final class KnownScripts: WorldCache {
    /// How many characters the longest has.
    fileprivate var longest: Int64?

    init() {}
}
