package import Sandboxes
import SQLite

extension BacksideSeed: SeedPart {
    package func insert(by insertion: SeedInsertion) throws {
        for script in scripts { try insertion.insert(script) }
        for config in configs { try insertion.insert(config) }
        for run in runs { try insertion.insert(run) }
        try AgentRunWorkload(database: insertion.database).refreshDue()
    }
}

extension SeedInsertion {
    fileprivate func insert(_ script: SeedScript) throws(SQLiteError) {
        try insert("INSERT INTO agent_script (agent_kind, script) VALUES (?, ?)", script.agentKind, script.script)
    }

    fileprivate func insert(_ config: SeedConfig) throws(SQLiteError) {
        try insert(
            """
            INSERT INTO agent_config (agent_kind, id, budget_default_cents, deadline_default_seconds, guardrails, schedule,
                byok_status, byok_status_reason, byok_last_probed_at, consecutive_failures, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, config.agentKind, config.id, config.budgetDefaultCents, config.deadlineDefaultSeconds,
            config.guardrails,
            config.schedule, config.byokStatus, config.byokStatusReason, fixed(config.byokLastProbedAt),
            config.consecutiveFailures, fixed(config.createdAt), fixed(config.updatedAt))
    }

    fileprivate func insert(_ run: SeedRun) throws(SQLiteError) {
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
