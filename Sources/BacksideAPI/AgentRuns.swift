import Emulation
import HTTPFront
import JSON
import Sandboxes
import Simulation

/// The agent run operations.
enum AgentRuns {
    /// `GET /api/v1/agents/{kind}/runs/{id}`: the run and, flattened into it, its steps in `seq` order.
    static let get: @Sendable (Call) throws -> HTTPResponse = { call in
        let kind = call.parameters[0]
        guard let id = UUIDValue(call.parameters[1]) else {
            throw BacksideRefusal.badRequest(reason: "The run id must be a UUID.")
        }
        guard try call.world.hasAgentKind(kind) else { throw BacksideRefusal.notFound(what: "agent kind") }
        guard let run = try call.world.run(id: id, kind: kind) else { throw BacksideRefusal.notFound(what: "run") }
        let steps = try call.world.steps(of: run)
        var writer = JSONWriter(capacity: 4096)
        writer.beginObject()
        writer.members(of: run, tenantID: call.world.tenantID)
        writer.key("steps")
        writer.beginArray()
        for step in steps { writer.step(step) }
        writer.endArray()
        writer.endObject()
        return HTTPResponse(200, json: writer.bytes)
    }
}

extension JSONWriter {
    /// The members of an AgentRunRecord, nulls included.
    fileprivate mutating func members(of run: AgentRun, tenantID: String) {
        key("id")
        string(run.id)
        key("tenant_id")
        string(tenantID)
        key("agent_kind")
        string(run.agentKind)
        key("status")
        string(run.status)
        key("input")
        raw(run.input.utf8)
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

    fileprivate mutating func step(_ step: AgentRunStep) {
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
        raw(step.input.utf8)
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
        if let text { raw(text.utf8) } else { null() }
    }
}
