package import Sandboxes
package import Time
import SQLite

extension World {
    /// The backfill with that id.
    package func backfill(id: String) throws -> Backfill? {
        let statement = try database.statement(
            """
            SELECT backfill.*, agent.name AS workflow_name, autonomy_type FROM backfill LEFT JOIN agent ON agent.id = target_workflow_id
            WHERE backfill.id = ?
            """)
        defer { statement.reset() }
        statement.bind(id, at: 1)
        return try statement.step() ? try Backfill(statement) : nil
    }

    /// Backfills newest first, of equal ones the later inserted first: those that come after a key, which is creation
    /// and row.
    package func backfills(after key: (createdAt: Int64, row: Int64)?, limit: Int) throws -> [Backfill] {
        let statement = try database.statement(
            """
            SELECT backfill.*, agent.name AS workflow_name, autonomy_type FROM backfill LEFT JOIN agent ON agent.id = target_workflow_id
            WHERE (backfill.created_at, backfill.row) < (?, ?)
            ORDER BY backfill.created_at DESC, backfill.row DESC LIMIT ?
            """)
        defer { statement.reset() }
        statement.bind(key.map { database.stored(Instant(microseconds: $0.createdAt)) } ?? .max, at: 1)
        statement.bind(key?.row ?? .max, at: 2)
        statement.bind(limit, at: 3)
        var backfills: [Backfill] = []
        while try statement.step() { backfills.append(try Backfill(statement)) }
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
        return try statement.step() ? statement.text("id") : nil
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
            new.maxInFlight, new.totalEstimated, now, new.createdBy, new.parentBackfillRunID,
            entities.count, due, effects.limited(to: entities).stored, entities.isSynthetic)
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
            backfill.row, signal.kind.rawValue, signal.sentAt)
        guard let tick = TickGrid(origin: backfill.createdAt).tick(after: signal.sentAt) else { return }
        try database.run(
            "UPDATE backfill SET due_at = min(coalesce(due_at, ?2), ?2) WHERE row = ?1", backfill.row,
            tick)
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
        while try statement.step() { entities.append(statement.text("entity_id")) }
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

    fileprivate init(_ row: Statement) throws {
        guard let state = BackfillRunState(stored: row.text("state")) else {
            throw SandboxDamaged(reason: "a backfill in it cannot be read")
        }
        self.row = row.integer("row")
        id = row.text("id")
        targetWorkflowID = row.integer("target_workflow_id")
        targetWorkflowName = row.optionalText("workflow_name")
        targetAutonomyType = row.optionalText("autonomy_type")
        entityType = row.text("entity_type")
        filterSpec = row.text("filter_spec")
        dailyExecutionWindows = row.text("daily_execution_windows")
        timezone = row.text("timezone")
        maxInFlight = row.integer("max_in_flight")
        totalEstimated = row.optionalInteger("total_estimated")
        self.state = state
        processedCount = row.integer("processed_count")
        succeededCount = row.integer("succeeded_count")
        failedCount = row.integer("failed_count")
        createdAt = row.instant("created_at")
        startedAt = row.optionalInstant("started_at")
        completedAt = row.optionalInstant("completed_at")
        createdBy = row.text("created_by")
        error = row.optionalText("error")
        parentBackfillRunID = row.optionalText("parent_backfill_run_id")
        isMoving = state.isActive || !row.isNull("due_at")
    }
}

extension BackfillRunState {
    /// The state as it is stored, in the vendor's spelling: `DRAFT`.
    package var stored: String { rawValue.uppercased() }

    init?(stored: String) { self.init(rawValue: stored.lowercased()) }
}
