package import SQLite
package import Simulation

extension SeedDocument {
    /// Puts its lists into a database that is still empty, in one transaction: all of them or, when this throws, none.
    ///
    /// Credentials, the clock and the random seed are left to the caller. Throws a ``SeedRefusal`` when its relative
    /// times would reach beyond the calendar.
    package func insert(into database: Database, start: Instant) throws {
        try head.requireTimesInCalendar(start: start)
        try database.transaction {
            let insertion = SeedInsertion(database: database, start: start)
            for agent in agents { try insertion.insert(agent) }
            for entity in entities { try insertion.insert(entity) }
            try insertion.insert(backfills, with: executions)
            for script in scripts { try insertion.insert(script) }
            for config in configs { try insertion.insert(config) }
            for run in runs { try insertion.insert(run) }
            try AgentRunWorkload(database: database).refreshDue()
            for (index, scenario) in scenarios.enumerated() { try insertion.insert(scenario, number: index + 1) }
            for (index, fault) in faults.enumerated() { try insertion.insert(fault, number: index + 1) }
        }
    }
}

extension SeedHead {
    /// Throws a ``SeedRefusal`` when its relative times would reach beyond the calendar.
    func requireTimesInCalendar(start: Instant) throws(SeedRefusal) {
        guard let times = relativeTimes else { return }
        let earliest = start.microseconds + times.lowerBound
        let latest = start.microseconds + times.upperBound
        guard earliest >= Instant.earliest.microseconds, latest <= Instant.latest.microseconds else {
            let message = "makes the document's relative times lie outside the years 1 to 9999"
            throw SeedRefusal(problems: [SeedProblem(place: "clock.start", message: message)])
        }
    }
}

/// Writes a seed's values as rows.
private struct SeedInsertion {
    let database: Database
    let start: Instant

    private func at(_ time: SeedTime) -> Int64 { time.resolved(start: start).microseconds }
    private func at(_ time: SeedTime?) -> Int64? { time.map { at($0) } }

    private func insert<each Value: SQLBindable>(_ sql: StaticString, _ values: repeat each Value) throws(SQLiteError) {
        let statement = try database.statement(sql)
        var position = 0
        for value in repeat each values {
            position += 1
            statement.bind(value, at: position)
        }
        _ = try statement.step()
        statement.reset()
    }

    func insert(_ agent: SeedAgent) throws(SQLiteError) {
        try insert(
            """
            INSERT INTO agent (id, name, state, autonomy_type, entity_type, trigger_type, access, audience,
                credits_per_entity, actions, agent_settings, toolbox, integrations, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, agent.id, agent.name, agent.state, agent.autonomyType, agent.entityType, agent.triggerType,
            agent.access,
            agent.audience, agent.creditsPerEntity, agent.actions, agent.agentSettings, agent.toolbox,
            agent.integrations,
            at(agent.createdAt), at(agent.updatedAt))
        for version in agent.versions {
            try insert(
                "INSERT INTO agent_version (agent_id, version_timestamp, differences) VALUES (?, ?, ?)",
                agent.id, at(version.timestamp), version.storedDifferences(start: start))
        }
    }

    func insert(_ entity: SeedEntity) throws(SQLiteError) {
        try insert(
            "INSERT INTO entity (id, type, number, fields, duration, failing_attempts) VALUES (?, ?, ?, ?, ?, ?)",
            entity.id, entity.type, entity.number, entity.fields, entity.duration, entity.failingAttempts)
    }

    /// Both together: a backfill's next tick depends on its executions, which in turn name its row.
    func insert(_ backfills: [SeedBackfill], with executions: [SeedExecution]) throws(SQLiteError) {
        var lastEnds: [String: Int64] = [:]
        for execution in executions {
            if let id = execution.backfillID { lastEnds[id] = max(lastEnds[id] ?? .min, at(execution.endsAt)) }
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
    private func dueAt(_ backfill: SeedBackfill, lastEnd: Int64?) -> Int64? {
        let created = at(backfill.createdAt)
        let ticked = at(backfill.tickedAt) ?? created
        guard backfill.isActive || (lastEnd.map { $0 > ticked } ?? false) else { return nil }
        let ticks = TickGrid(origin: Instant(microseconds: created))
        return (ticks.tick(after: Instant(microseconds: ticked)) ?? .latest).microseconds
    }

    private func insert(_ backfill: SeedBackfill, dueAt: Int64?) throws(SQLiteError) {
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

    func insert(_ script: SeedScript) throws(SQLiteError) {
        try insert("INSERT INTO agent_script (agent_kind, script) VALUES (?, ?)", script.agentKind, script.script)
    }

    func insert(_ config: SeedConfig) throws(SQLiteError) {
        try insert(
            """
            INSERT INTO agent_config (agent_kind, id, budget_default_cents, deadline_default_seconds, guardrails, schedule,
                byok_status, byok_status_reason, byok_last_probed_at, consecutive_failures, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, config.agentKind, config.id, config.budgetDefaultCents, config.deadlineDefaultSeconds,
            config.guardrails,
            config.schedule, config.byokStatus, config.byokStatusReason, at(config.byokLastProbedAt),
            config.consecutiveFailures, at(config.createdAt), at(config.updatedAt))
    }

    func insert(_ scenario: SeedScenario, number: Int) throws(SQLiteError) {
        try insert(
            "INSERT INTO scenario (name, resource, document, times, used, written) VALUES (?, ?, ?, ?, ?, ?)",
            scenario.name, scenario.rule.resource.rawValue, scenario.rule.text, scenario.rule.times, scenario.used,
            number)
    }

    func insert(_ fault: SeedFault, number: Int) throws(SQLiteError) {
        try insert(
            "INSERT INTO fault (name, document, times, matched, used, written) VALUES (?, ?, ?, ?, ?, ?)",
            fault.name, fault.rule.text, fault.rule.match.times, fault.matched, fault.used, number)
    }

    func insert(_ run: SeedRun) throws(SQLiteError) {
        try insert(
            """
            INSERT INTO run (id, agent_kind, status, input, output, consecutive_failures, cost_usd_cents,
                platform_fee_cents, budget_usd_cents, deadline_at, failure_category, failure_detail, run_at,
                enqueued_at, deadline_seconds, script, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, run.id, run.agentKind, run.status, run.input, run.output, run.consecutiveFailures, run.costUSDCents,
            run.platformFeeCents, run.budgetUSDCents, at(run.deadlineAt), run.failureCategory, run.failureDetail,
            at(run.runAt), at(run.enqueuedAt), run.deadlineSeconds, run.script, at(run.createdAt), at(run.updatedAt))
        let row = database.lastInsertedRow
        for (index, step) in run.steps.enumerated() { try insert(step, number: index + 1, of: row) }
    }

    private func insert(_ step: SeedStep, number: Int, of run: Int64) throws(SQLiteError) {
        try insert(
            """
            INSERT INTO run_step (run, seq, kind, name, input, output, model, input_tokens, output_tokens,
                cache_read_tokens, cache_write_tokens, cost_usd_cents, started_at, completed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, run, number, step.kind, step.name, step.input, step.output, step.model, step.inputTokens,
            step.outputTokens, step.cacheReadTokens, step.cacheWriteTokens, step.costUSDCents, at(step.startedAt),
            at(step.completedAt))
    }
}
