package import Sandboxes
import JSON

/// What a kind of agent does when it runs.
package struct SeedScript: Hashable, Sendable {
    package let agentKind: String
    /// The script itself, a JSON object.
    package let script: String
    let stepCount: Int
}

/// A kind's configuration.
package struct SeedConfig: Hashable, Sendable {
    package let agentKind: String
    package let id: String
    package let budgetDefaultCents: Int64?
    package let deadlineDefaultSeconds: Int64?
    /// A JSON array.
    package let guardrails: String
    package let schedule: String?
    package let byokStatus: String
    package let byokStatusReason: String?
    package let byokLastProbedAt: SeedTime?
    package let consecutiveFailures: Int64
    package let createdAt: SeedTime
    package let updatedAt: SeedTime
}

extension SeedConfig {
    init(_ fields: inout SeedFields) {
        id = fields.uuid("id")
        agentKind = fields.name("agent_kind")
        budgetDefaultCents = fields.integerOrNull("budget_default_cents", in: SeedFields.amount)
        deadlineDefaultSeconds = fields.integerOrNull("deadline_default_seconds", in: 1...Int64(Int32.max))
        guardrails = fields.json("guardrails", "an array") { $0.array != nil } ?? "[]"
        schedule = fields.textOrNull("schedule")
        if let schedule, !CronExpression.isValid(schedule) {
            fields.refuse("schedule", "must be a cron expression of five fields, or six with seconds")
        }
        byokStatus = fields.choice("byok_status", BacksideWords.keyStatuses, default: "inactive")
        byokStatusReason = fields.textOrNull("byok_status_reason")
        byokLastProbedAt = fields.timeOrNull("byok_last_probed_at")
        consecutiveFailures = fields.integer("consecutive_failures", in: SeedFields.count, default: 0)
        createdAt = fields.time("created_at")
        updatedAt = fields.time("updated_at", default: createdAt)
        fields.require("updated_at", updatedAt, notBefore: "created_at", createdAt)
    }
}

extension SeedScript {
    /// Reads the script for its problems; it is kept as it stands.
    init(_ fields: inout SeedFields, agentKind: String) {
        self.agentKind = agentKind
        _ = fields.integer("platform_fee_cents", in: SeedFields.amount, default: 0)
        stepCount = Self.readSteps(&fields, isRequired: true) ?? 0
        let outcome: Void? = fields.object("outcome", Self.readOutcome)
        if outcome == nil, fields.isSound("outcome") { fields.refuse("outcome", "is missing") }
        script = JSONNode(.object(fields.object)).compact
    }

    /// Reads `steps` and `wait_after`, and gives how many steps there are; nil when they are left out.
    static func readSteps(_ fields: inout SeedFields, isRequired: Bool) -> Int? {
        let isGiven = isRequired || fields.object["steps"] != nil
        let costs = fields.list("steps", required: isRequired) { fields, _ in readStep(&fields) }.map(\.value)
        let sum = costs.reduce(Int64(0)) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
        if sum == .max { fields.refuse("steps", "cost more together than fits") }
        let waitAfter = fields.integerOrNull("wait_after", in: 1...Int64.max)
        if let waitAfter, isGiven, waitAfter > costs.count, fields.isSound("steps", "wait_after") {
            fields.refuse("wait_after", "must be a step's number, of which there are \(costs.count)")
        }
        return isGiven ? costs.count : nil
    }

    /// Reads one step, and gives what it costs.
    private static func readStep(_ fields: inout SeedFields) -> Int64 {
        _ = fields.choice("kind", BacksideWords.stepKinds)
        _ = fields.text("name")
        _ = fields.seconds("seconds")
        _ = fields.any("input", default: "{}")
        _ = fields.anyOrNull("output")
        _ = fields.textOrNull("model")
        for name in ["input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens"] {
            _ = fields.integerOrNull(name, in: SeedFields.amount)
        }
        return fields.integerOrNull("cost_usd_cents", in: SeedFields.amount) ?? 0
    }

    static func readOutcome(_ fields: inout SeedFields) {
        switch fields.choice("status", BacksideWords.runOutcomes) {
        case "failed":
            _ = fields.text("failure_category")
            _ = fields.textOrNull("failure_detail")
        default:
            _ = fields.anyOrNull("output")
        }
    }
}
