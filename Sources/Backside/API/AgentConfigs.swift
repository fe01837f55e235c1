import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

/// The agent config operations, but for the provider key.
enum AgentConfigs {
    /// `GET /api/v1/agent-configs`: a bare array (documented), by kind.
    static let list: @Sendable (Call) throws -> HTTPResponse = { call in
        var writer = JSONWriter()
        writer.beginArray()
        for config in try call.world.agentConfigs() { writer.config(config, tenantID: call.world.tenantID) }
        writer.endArray()
        return HTTPResponse(200, json: writer.bytes)
    }

    /// `PUT /api/v1/agent-configs/{kind}`: replaces all but the key's part (documented).
    ///
    /// Choice: the kind is looked for before the body is read (docs/FIDELITY.md, "Agent configs").
    static let put: @Sendable (Call) throws -> HTTPResponse = { call in
        let kind = try existingKind(call)
        let settings = try AgentConfig.Settings(RequestBody(call.request))
        return answer(try call.world.replaceSettings(ofKind: kind, by: settings, at: call.now), call)
    }

    /// The kind in the path, which must be one.
    static func existingKind(_ call: Call) throws -> String {
        let kind = call.parameters[0]
        guard try call.world.hasAgentKind(kind) else { throw BacksideRefusal.notFound(what: "agent kind") }
        return kind
    }

    /// The config as a whole.
    static func answer(_ config: AgentConfig, _ call: Call) -> HTTPResponse {
        var writer = JSONWriter()
        writer.config(config, tenantID: call.world.tenantID)
        return HTTPResponse(200, json: writer.bytes)
    }
}

extension AgentConfig.Settings {
    /// Reads the body of a PUT; what is left out is null or `[]` (documented). Throws all violations at once.
    ///
    /// Choice: the bounds (docs/FIDELITY.md, "Agent configs").
    fileprivate init(_ body: RequestBody) throws(BacksideRefusal) {
        var fields = FieldReader(body.object)
        let budget = fields.integer("budget_default_cents", fields.given("budget_default_cents"), in: 0 ... .max)
        let deadline = fields.integer(
            "deadline_default_seconds", fields.given("deadline_default_seconds"), in: 1...Int64(Int32.max))
        let guardrails = fields.object["guardrails"]
        if let guardrails, guardrails.array == nil {
            fields.report("guardrails", "must be an array, not \(guardrails.value.kindName)")
        }
        let schedule = fields.string("schedule", fields.given("schedule"))
        if let schedule, !CronExpression.isValid(schedule) {
            fields.report("schedule", "must be a cron expression of five fields, or six with seconds first")
        }
        guard fields.violations.isEmpty else { throw .invalid(fields.violations) }
        self.init(
            budgetDefaultCents: budget, deadlineDefaultSeconds: deadline,
            guardrails: guardrails.map(body.text) ?? "[]", schedule: schedule)
    }
}

extension FieldReader {
    /// The field's value, unless it is null.
    fileprivate func given(_ field: String) -> JSONNode? { object[field].flatMap { $0.isNull ? nil : $0 } }
}

extension JSONWriter {
    /// AgentConfig, nulls included. There is no key in it (documented).
    fileprivate mutating func config(_ config: AgentConfig, tenantID: String) {
        beginObject()
        key("id")
        string(config.id)
        key("tenant_id")
        string(tenantID)
        key("agent_kind")
        string(config.agentKind)
        key("byok_status")
        string(config.key.status.rawValue)
        key("byok_status_reason")
        string(config.key.reason)
        key("byok_last_probed_at")
        instant(config.key.lastProbedAt)
        key("budget_default_cents")
        integer(config.settings.budgetDefaultCents)
        key("deadline_default_seconds")
        integer(config.settings.deadlineDefaultSeconds)
        key("guardrails")
        raw(config.settings.guardrails)
        key("schedule")
        string(config.settings.schedule)
        key("created_at")
        instant(config.createdAt)
        key("updated_at")
        instant(config.updatedAt)
        endObject()
    }
}
