package import Sandboxes
import SQLite
import Time

extension NeoSeed: SeedPart {
    package func insert(by insertion: SeedInsertion) throws {
        for agent in agents { try insertion.insert(agent) }
        for entity in entities { try insertion.insert(entity) }
        try insertion.insert(backfills, with: executions)
    }
}

extension SeedInsertion {
    fileprivate func insert(_ agent: SeedAgent) throws(SQLiteError) {
        try insert(
            """
            INSERT INTO agent (id, name, state, autonomy_type, entity_type, trigger_type, access, audience,
                credits_per_entity, actions, agent_settings, toolbox, integrations, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, agent.id, agent.name, agent.state, agent.autonomyType, agent.entityType, agent.triggerType,
            agent.access,
            agent.audience, agent.creditsPerEntity, agent.actions, agent.agentSettings, agent.toolbox,
            agent.integrations,
            fixed(agent.createdAt), fixed(agent.updatedAt))
        for version in agent.versions {
            try insert(
                "INSERT INTO agent_version (agent_id, version_timestamp, differences) VALUES (?, ?, ?)",
                agent.id, fixed(version.timestamp), version.storedDifferences(by: self))
        }
    }

    fileprivate func insert(_ entity: SeedEntity) throws(SQLiteError) {
        try insert(
            "INSERT INTO entity (id, type, number, fields, duration, failing_attempts) VALUES (?, ?, ?, ?, ?, ?)",
            entity.id, entity.type, entity.number, entity.fields, entity.duration, entity.failingAttempts)
    }

    /// Both together: a backfill's next tick depends on its executions, which in turn name its row.
    fileprivate func insert(_ backfills: [SeedBackfill], with executions: [SeedExecution]) throws(SQLiteError) {
        var lastEnds: [String: Instant] = [:]
        for execution in executions {
            if let id = execution.backfillID { lastEnds[id] = max(lastEnds[id] ?? .earliest, at(execution.endsAt)) }
        }
        var rows: [String: Int64] = [:]
        for backfill in backfills {
            try insert(backfill, dueAt: dueAt(backfill, lastEnd: lastEnds[backfill.id]))
            let row = database.lastInsertedRow
            rows[backfill.id] = row
            try FrozenSet(ofBackfill: row, id: backfill.id, in: database).insert(backfill.entities)
            for (position, signal) in backfill.signals.enumerated() {
                try insert(
                    "INSERT INTO backfill_signal (backfill, position, signal, sent_at) VALUES (?, ?, ?, ?)",
                    row, position, signal.signal, at(signal.sentAt))
            }
        }
        for execution in executions { try insert(execution, backfillRow: execution.backfillID.flatMap { rows[$0] }) }
    }

    /// The next tick of a backfill that is active, or still has executions to settle; nil when nothing is left to do.
    private func dueAt(_ backfill: SeedBackfill, lastEnd: Instant?) -> Instant? {
        let created = at(backfill.createdAt)
        let ticked = at(backfill.tickedAt) ?? created
        guard backfill.isActive || (lastEnd.map { $0 > ticked } ?? false) else { return nil }
        return TickGrid(origin: created).tick(after: ticked) ?? .latest
    }

    private func insert(_ backfill: SeedBackfill, dueAt: Instant?) throws(SQLiteError) {
        try insert(
            """
            INSERT INTO backfill (id, target_workflow_id, entity_type, filter_spec, daily_execution_windows, timezone,
                max_in_flight, total_estimated, state, processed_count, succeeded_count, failed_count, created_at,
                started_at, completed_at, created_by, error, parent_backfill_run_id, entity_count, next_entity,
                ticked_at, due_at, effects, synthetic)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, backfill.id, backfill.targetWorkflowID, backfill.entityType, backfill.filterSpec,
            backfill.dailyExecutionWindows.json, backfill.timezone, backfill.maxInFlight, backfill.totalEstimated,
            backfill.state, backfill.processedCount, backfill.succeededCount, backfill.failedCount,
            at(backfill.createdAt), at(backfill.startedAt), at(backfill.completedAt), backfill.createdBy,
            backfill.error,
            backfill.parentBackfillRunID, backfill.entities.count, backfill.nextEntity, at(backfill.tickedAt), dueAt,
            backfill.effects, backfill.isSynthetic)
    }

    private func insert(_ execution: SeedExecution, backfillRow: Int64?) throws(SQLiteError) {
        try insert(
            """
            INSERT INTO execution (id, agent_id, entity_id, entity_number, backfill, position, created_at, ends_at,
                outcome, message_for_dashboard, error)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, execution.id, execution.agentID, execution.entityID, execution.entityNumber, backfillRow,
            execution.position, at(execution.createdAt), at(execution.endsAt), execution.outcome,
            execution.messageForDashboard, execution.error)
    }
}
