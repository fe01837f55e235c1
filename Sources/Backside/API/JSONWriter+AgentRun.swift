package import JSON

import Time

extension JSONWriter {
    /// AgentRunRecord of the Backside API, which the control plane answers with too: every property, nulls included.
    package mutating func run(_ run: AgentRunRecord, tenantID: String) {
        beginObject()
        members(of: run, tenantID: tenantID)
        endObject()
    }

    /// As ``run(_:tenantID:)``, with the journal's steps.
    package mutating func run(_ run: AgentRunRecord, steps: [AgentRunStep], tenantID: String) {
        beginObject()
        members(of: run, tenantID: tenantID)
        key("steps")
        beginArray()
        for step in steps { self.step(step) }
        endArray()
        endObject()
    }

    private mutating func members(of run: AgentRunRecord, tenantID: String) {
        key("id")
        string(run.id)
        key("tenant_id")
        string(tenantID)
        key("agent_kind")
        string(run.agentKind)
        key("status")
        string(run.status.rawValue)
        key("input")
        raw(run.input)
        key("output")
        json(run.output)
        key("consecutive_failures")
        integer(run.consecutiveFailures)
        key("cost_usd_cents")
        integer(run.costUSDCents)
        key("platform_fee_cents")
        integer(run.platformFeeCents)
        key("budget_usd_cents")
        integer(run.budgetUSDCents)
        key("deadline_at")
        instant(run.deadlineAt)
        key("failure_category")
        string(run.failureCategory)
        key("failure_detail")
        string(run.failureDetail)
        key("run_at")
        instant(run.runAt)
        key("created_at")
        instant(run.createdAt)
        key("updated_at")
        instant(run.updatedAt)
    }

    private mutating func step(_ step: AgentRunStep) {
        beginObject()
        key("seq")
        integer(step.seq)
        key("kind")
        string(step.kind)
        key("name")
        string(step.name)
        key("model")
        string(step.model)
        key("input")
        raw(step.input)
        key("output")
        json(step.output)
        key("input_tokens")
        integer(step.inputTokens)
        key("output_tokens")
        integer(step.outputTokens)
        key("cache_read_tokens")
        integer(step.cacheReadTokens)
        key("cache_write_tokens")
        integer(step.cacheWriteTokens)
        key("cost_usd_cents")
        integer(step.costUSDCents)
        key("started_at")
        instant(step.startedAt)
        key("completed_at")
        instant(step.completedAt)
        endObject()
    }

    /// Stored JSON text, or null.
    private mutating func json(_ text: String?) {
        if let text { raw(text) } else { null() }
    }
}
