import Sandboxes
import SQLite
import Time

extension World {
    /// What would happen to the entities at those places of a backfill's set.
    func plans(for work: BackfillWork, _ positions: Range<Int>) throws -> [EntityPlan] {
        let statement = try database.statement(
            """
            SELECT entity.duration, entity.failing_attempts,
                (SELECT count(*) FROM execution WHERE agent_id = ?1 AND entity_id = ?3) AS attempts,
                (SELECT min(ends_at) FROM execution
                    WHERE agent_id = ?1 AND entity_id = ?3 AND outcome = 'SUCCESS' AND backfill IS NOT ?2) AS succeeded_at
            FROM (SELECT ?3 AS id) AS one LEFT JOIN entity ON entity.id = one.id
            """)
        return try FrozenSet(ofBackfill: work.row, id: work.id, in: database).ids(at: positions).map { id in
            defer { statement.reset() }
            statement.bind(work.workflowID, at: 1)
            statement.bind(work.row, at: 2)
            statement.bind(id, at: 3)
            guard try statement.step() else { return EntityPlan(entityID: id) }
            let failing = statement.optionalInteger("failing_attempts") ?? 0
            return EntityPlan(
                entityID: id,
                seconds: statement.optionalInteger("duration").map { $0 / 1_000_000 } ?? EntityPlan.defaultSeconds,
                failures: failing < 0 ? .always : failing == 0 ? .never : .first(Int(failing)),
                priorAttempts: Int(statement.integer("attempts")),
                succeededAt: statement.optionalInstant("succeeded_at"))
        }
    }

    func insert(_ execution: BackfillExecution, of work: BackfillWork) throws {
        let texts = ExecutionTexts(fails: execution.fails)
        // Not drawn, but derived: the same whatever else was advanced before.
        let id = random.derivedUUID(UInt64(bitPattern: work.row), UInt64(execution.position))
        try database.run(
            """
            INSERT INTO execution (id, agent_id, entity_id, entity_number, backfill, position, created_at, ends_at,
                outcome, message_for_dashboard, error)
            VALUES (?1, ?2, ?3, (SELECT number FROM entity WHERE id = ?3), ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """,
            id.description, work.workflowID, execution.entityID, work.row, execution.position,
            execution.startedAt, execution.endsAt, texts.outcome, texts.message, texts.error)
    }

    func save(_ work: BackfillWork) throws {
        let run = work.run
        try database.run(
            """
            UPDATE backfill SET state = ?2, processed_count = ?3, succeeded_count = ?4, failed_count = ?5,
                started_at = ?6, completed_at = ?7, error = ?8, next_entity = ?9, ticked_at = ?10, due_at = ?11
            WHERE row = ?1
            """,
            work.row, run.state.stored, run.processedCount, run.succeededCount, run.failedCount,
            run.startedAt, run.completedAt, run.error, run.nextPosition,
            run.tickedAt, run.nextWork(under: work.terms))
        // What took effect was sent before what still waits. One by one, because SQLite makes a table of what it
        // deletes together.
        for position in work.signalPositions.dropLast(run.pendingSignals.count) {
            try database.run("DELETE FROM backfill_signal WHERE backfill = ? AND position = ?", work.row, position)
        }
    }
}

/// Execution windows by their text, which says all of them: each look at a backfill that is due needs them.
private final class KnownWindows: WorldCache {
    private static let most = 32
    private var windows: [String: DailyExecutionWindows] = [:]

    init() {}

    /// Windows from their stored text, read once.
    func windows(json: String) -> DailyExecutionWindows? {
        if let known = windows[json] { return known }
        guard let read = DailyExecutionWindows(json: json) else { return nil }
        if windows.count >= Self.most { windows = [:] }
        // What is long is read again: memory is not to grow with what clients send.
        if json.utf8.count <= 4_096 { windows[json] = read }
        return read
    }
}

/// A backfill as the simulation sees it, read from its rows.
struct BackfillWork {
    let row: Int64
    let id: String
    let workflowID: Int64
    let terms: BackfillTerms
    var run: BackfillRun
    /// Where the pending signals that were read are stored.
    let signalPositions: [Int64]

    init(row: Int64, in world: World) throws {
        let statement = try world.database.statement(
            """
            SELECT id, target_workflow_id, created_at, daily_execution_windows, timezone, max_in_flight, entity_count,
                effects, state, succeeded_count, failed_count, started_at, completed_at, error, next_entity, ticked_at
            FROM backfill WHERE row = ?
            """)
        defer { statement.reset() }
        statement.bind(row, at: 1)
        guard try statement.step(), let state = BackfillRunState(stored: statement.text("state")),
            let windows = world.cache(KnownWindows.self).windows(json: statement.text("daily_execution_windows")),
            let zone = Zone(named: statement.text("timezone"))
        else { throw SandboxDamaged(reason: "a backfill in it cannot be read") }
        let createdAt = statement.instant("created_at")
        let tickedAt = statement.optionalInstant("ticked_at")
        self.row = row
        id = statement.text("id")
        workflowID = statement.integer("target_workflow_id")
        terms = BackfillTerms(
            createdAt: createdAt, windows: windows.executionWindows, zone: zone,
            maxInFlight: Int(statement.integer("max_in_flight")), entityCount: Int(statement.integer("entity_count")),
            effects: try BackfillEffects(stored: statement.optionalText("effects")))
        let signals: [BackfillSignal]
        (signals, signalPositions) = try world.pendingSignals(of: row)
        run = BackfillRun(
            state: state, succeededCount: Int(statement.integer("succeeded_count")),
            failedCount: Int(statement.integer("failed_count")),
            startedAt: statement.optionalInstant("started_at"), completedAt: statement.optionalInstant("completed_at"),
            error: statement.optionalText("error"), nextPosition: Int(statement.integer("next_entity")),
            tickedAt: tickedAt ?? createdAt,
            inFlight: tickedAt == nil ? [] : try world.executions(of: row, endingAfter: tickedAt ?? createdAt),
            pendingSignals: signals)
    }
}

extension World {
    /// What is in flight: dispatched, and not over at the last tick.
    fileprivate func executions(of backfill: Int64, endingAfter tick: Instant) throws -> [BackfillExecution] {
        let statement = try database.statement(
            """
            SELECT position, entity_id, created_at, ends_at, outcome FROM execution
            WHERE backfill = ? AND ends_at > ? ORDER BY position
            """)
        defer { statement.reset() }
        statement.bind(backfill, at: 1)
        statement.bind(tick, at: 2)
        var executions: [BackfillExecution] = []
        while try statement.step() {
            executions.append(
                BackfillExecution(
                    position: Int(statement.integer("position")), entityID: statement.text("entity_id"),
                    startedAt: statement.instant("created_at"),
                    endsAt: statement.instant("ends_at"), fails: statement.text("outcome") == "FAILED"))
        }
        return executions
    }

    fileprivate func pendingSignals(of backfill: Int64) throws -> (signals: [BackfillSignal], positions: [Int64]) {
        let statement = try database.statement(
            "SELECT signal, sent_at, position FROM backfill_signal WHERE backfill = ? ORDER BY position")
        defer { statement.reset() }
        statement.bind(backfill, at: 1)
        var signals: [BackfillSignal] = []
        var positions: [Int64] = []
        while try statement.step() {
            guard let kind = BackfillSignal.Kind(rawValue: statement.text("signal")) else { continue }
            signals.append(BackfillSignal(kind, sentAt: statement.instant("sent_at")))
            positions.append(statement.integer("position"))
        }
        return (signals, positions)
    }
}
