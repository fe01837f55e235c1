package import Sandboxes
package import Time
import SQLite

extension World {
    /// The backfill with that id.
    package func backfill(id: String) throws -> Backfill? {
        let statement = try database.statement(
            """
            SELECT backfill.row, backfill.id, target_workflow_id, agent.name, agent.autonomy_type, backfill.entity_type,
                filter_spec, daily_execution_windows, timezone, max_in_flight, total_estimated, backfill.state,
                processed_count, succeeded_count, failed_count, backfill.created_at, started_at, completed_at,
                created_by, error, parent_backfill_run_id, due_at
            FROM backfill LEFT JOIN agent ON agent.id = target_workflow_id
            WHERE backfill.id = ?
            """)
        defer { statement.reset() }
        statement.bind(id, at: 1)
        return try statement.step() ? Backfill(statement) : nil
    }

    /// Backfills newest first, of equal ones the later inserted first: those that come after a key, which is creation and row.
    package func backfills(after key: (createdAt: Int64, row: Int64)?, limit: Int) throws -> [Backfill] {
        let statement = try database.statement(
            """
            SELECT backfill.row, backfill.id, target_workflow_id, agent.name, agent.autonomy_type, backfill.entity_type,
                filter_spec, daily_execution_windows, timezone, max_in_flight, total_estimated, backfill.state,
                processed_count, succeeded_count, failed_count, backfill.created_at, started_at, completed_at,
                created_by, error, parent_backfill_run_id, due_at
            FROM backfill LEFT JOIN agent ON agent.id = target_workflow_id
            WHERE (backfill.created_at, backfill.row) < (?, ?)
            ORDER BY backfill.created_at DESC, backfill.row DESC LIMIT ?
            """)
        defer { statement.reset() }
        statement.bind(key?.createdAt ?? .max, at: 1)
        statement.bind(key?.row ?? .max, at: 2)
        statement.bind(limit, at: 3)
        var backfills: [Backfill] = []
        while try statement.step() {
            if let backfill = Backfill(statement) { backfills.append(backfill) }
        }
        return backfills
    }

    /// In `poll` mode, a look at one backfill first moves the clock on to that backfill's next tick.
    package func pollTick(of backfill: Backfill) throws {
        guard backfill.isMoving else { return }
        try pollClock(to: TickGrid(origin: backfill.createdAt).tick(after: now) ?? .latest)
    }

    /// The id of the backfill that is not over yet for that workflow; the schema lets there be one at most.
    package func activeBackfillID(targetWorkflowID: Int64) throws -> String? {
        let statement = try database.statement(
            "SELECT id FROM backfill WHERE target_workflow_id = ? AND completed_at IS NULL")
        defer { statement.reset() }
        statement.bind(targetWorkflowID, at: 1)
        return try statement.step() ? statement.text(0) : nil
    }

    /// Adds a backfill in DRAFT whose entity set is frozen as given, with what a scenario does to it. Only inside a
    /// transaction.
    package func insert(
        _ new: NewBackfill, entities: NewEntities, effects: BackfillEffects, at now: Instant
    ) throws -> Backfill {
        let id = random.uuid().description
        let due = TickGrid(origin: now).tick(after: now) ?? .latest
        try database.run(
            """
            INSERT INTO backfill (id, target_workflow_id, entity_type, filter_spec, daily_execution_windows, timezone,
                max_in_flight, total_estimated, state, processed_count, succeeded_count, failed_count, created_at,
                created_by, parent_backfill_run_id, entity_count, next_entity, due_at, effects, synthetic)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'DRAFT', 0, 0, 0, ?9, ?10, ?11, ?12, 0, ?13, ?14,
                ?15 OR EXISTS (SELECT 1 FROM backfill WHERE id = ?11 AND synthetic))
            """,
            id, new.target.id, new.entityType, new.filterSpec, new.dailyExecutionWindows, new.timezone,
            new.maxInFlight, new.totalEstimated, now.microseconds, new.createdBy, new.parentBackfillRunID,
            entities.count, due.microseconds, effects.limited(to: entities).stored, entities.isSynthetic)
        bringDue(of: BackfillWorkload.self, to: due)
        let row = database.lastInsertedRow
        if case .listed(let ids) = entities { try FrozenSet(ofBackfill: row, id: id, in: database).insert(ids) }
        return Backfill(new, row: row, id: id, createdAt: now)
    }

    /// Keeps a signal for the backfill's next tick. Only inside a transaction, in a world that was advanced to when it
    /// was sent: a tick that is due before then is none of its.
    package func insert(_ signal: BackfillSignal, for backfill: Backfill) throws {
        try database.run(
            """
            INSERT INTO backfill_signal (backfill, position, signal, sent_at)
            VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM backfill_signal WHERE backfill = ?1), ?2, ?3)
            """,
            backfill.row, signal.kind.rawValue, signal.sentAt.microseconds)
        guard let tick = TickGrid(origin: backfill.createdAt).tick(after: signal.sentAt) else { return }
        try database.run(
            "UPDATE backfill SET due_at = min(coalesce(due_at, ?2), ?2) WHERE row = ?1", backfill.row,
            tick.microseconds)
        bringDue(of: BackfillWorkload.self, to: tick)
    }

    /// The entities that failed in a backfill and were counted as failed, in the order of its set.
    package func failedEntities(of backfill: Backfill) throws -> [String] {
        let statement = try database.statement(
            """
            SELECT execution.entity_id FROM execution JOIN backfill ON backfill.row = execution.backfill
            WHERE execution.backfill = ? AND outcome = 'FAILED' AND ends_at <= ticked_at ORDER BY position
            """)
        defer { statement.reset() }
        statement.bind(backfill.row, at: 1)
        var entities: [String] = []
        while try statement.step() { entities.append(statement.text(0)) }
        return entities
    }
}

extension Backfill {
    /// A new one, as it would be read back.
    fileprivate init(_ new: NewBackfill, row: Int64, id: String, createdAt: Instant) {
        self.init(
            row: row, id: id, targetWorkflowID: new.target.id, targetWorkflowName: new.target.name,
            targetAutonomyType: new.target.autonomyType, entityType: new.entityType, filterSpec: new.filterSpec,
            dailyExecutionWindows: new.dailyExecutionWindows, timezone: new.timezone, maxInFlight: new.maxInFlight,
            totalEstimated: new.totalEstimated, state: .draft, processedCount: 0, succeededCount: 0, failedCount: 0,
            createdAt: createdAt, startedAt: nil, completedAt: nil, createdBy: new.createdBy, error: nil,
            parentBackfillRunID: new.parentBackfillRunID, isMoving: true)
    }

    fileprivate init?(_ row: Statement) {
        guard let state = BackfillRunState(stored: row.text(11)) else { return nil }
        self.row = row.integer(0)
        id = row.text(1)
        targetWorkflowID = row.integer(2)
        targetWorkflowName = row.optionalText(3)
        targetAutonomyType = row.optionalText(4)
        entityType = row.text(5)
        filterSpec = row.text(6)
        dailyExecutionWindows = row.text(7)
        timezone = row.text(8)
        maxInFlight = row.integer(9)
        totalEstimated = row.optionalInteger(10)
        self.state = state
        processedCount = row.integer(12)
        succeededCount = row.integer(13)
        failedCount = row.integer(14)
        createdAt = Instant(microseconds: row.integer(15))
        startedAt = row.optionalInstant(16)
        completedAt = row.optionalInstant(17)
        createdBy = row.text(18)
        error = row.optionalText(19)
        parentBackfillRunID = row.optionalText(20)
        isMoving = state.isActive || !row.isNull(21)
    }
}

extension BackfillRunState {
    /// The state as it is stored, in the vendor's spelling: `DRAFT`.
    package var stored: String { rawValue.uppercased() }

    init?(stored: String) { self.init(rawValue: stored.lowercased()) }
}
