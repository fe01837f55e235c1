package import Sandboxes
import JSON

/// A run of the Backside API, with its journal.
package struct SeedRun: Hashable, Sendable {
    package let id: String
    package let agentKind: String
    package let status: String
    package let input: String
    package let output: String?
    package let consecutiveFailures: Int64
    package let costUSDCents: Int64
    package let platformFeeCents: Int64
    package let budgetUSDCents: Int64?
    package let deadlineAt: SeedTime?
    package let failureCategory: String?
    package let failureDetail: String?
    package let runAt: SeedTime
    /// When it was enqueued, which may be a few microseconds before `createdAt`.
    package let enqueuedAt: SeedTime
    /// The deadline that it gets when it is claimed.
    package let deadlineSeconds: Int64?
    /// What it does instead of its kind's script.
    package let script: String?
    package let createdAt: SeedTime
    package let updatedAt: SeedTime
    /// The first has the number 1, and so on.
    package let steps: [SeedStep]
}

/// One step of a run: a model's turn or a tool call.
package struct SeedStep: Hashable, Sendable {
    package let kind: String
    package let name: String
    package let input: String
    package let output: String?
    package let model: String?
    package let inputTokens: Int64?
    package let outputTokens: Int64?
    package let cacheReadTokens: Int64?
    package let cacheWriteTokens: Int64?
    package let costUSDCents: Int64?
    package let startedAt: SeedTime
    /// Nil while it goes on, or when it was left open.
    package let completedAt: SeedTime?
}

extension SeedRun {
    init(_ fields: inout SeedFields) {
        id = fields.uuid("id")
        agentKind = fields.name("agent_kind")
        status = fields.choice("status", BacksideWords.runStatuses)
        input = fields.verbatim("input", default: "{}")
        output = fields.anyOrNull("output")
        consecutiveFailures = fields.integer("consecutive_failures", in: SeedFields.count, default: 0)
        costUSDCents = fields.integer("cost_usd_cents", in: SeedFields.amount, default: 0)
        platformFeeCents = fields.integer("platform_fee_cents", in: SeedFields.amount, default: 0)
        budgetUSDCents = fields.integerOrNull("budget_usd_cents", in: SeedFields.amount)
        deadlineAt = fields.timeOrNull("deadline_at")
        failureCategory = fields.textOrNull("failure_category")
        failureDetail = fields.textOrNull("failure_detail")
        let createdAt = fields.time("created_at")
        self.createdAt = createdAt
        runAt = fields.time("run_at", default: createdAt)
        enqueuedAt = fields.time("enqueued_at", default: createdAt)
        deadlineSeconds = fields.integerOrNull("deadline_seconds", in: 1...Int64(Int32.max))
        script = fields.object("script", nullable: true) { SeedScript(&$0, agentKind: "").script }
        let items = fields.list("steps") { SeedStep(&$0, index: $1) }
        steps = items.map(\.value)
        let lastStep = fields.isSound("steps") ? steps.last.map { $0.completedAt ?? $0.startedAt } : nil
        updatedAt = fields.time("updated_at", default: lastStep ?? createdAt)
        fields.require("updated_at", updatedAt, notBefore: "created_at", createdAt)
        fields.require("updated_at", updatedAt, notBefore: "its last step", lastStep)
        fields.require("created_at", createdAt, notBefore: "enqueued_at", enqueuedAt)
        checkStatus(&fields)
        checkCourse(of: items, &fields)
        checkCost(&fields)
    }

    /// Refuses what a run in that status cannot have come to.
    private func checkStatus(_ fields: inout SeedFields) {
        guard fields.isSound("status") else { return }
        let place = "in a run that is \(status)"
        if status != "succeeded" {
            if output != nil { fields.refuse("output", "must be null \(place)") }
            if platformFeeCents != 0 { fields.refuse("platform_fee_cents", "must be 0 \(place)") }
        }
        if status != "failed" {
            if consecutiveFailures != 0 { fields.refuse("consecutive_failures", "must be 0 \(place)") }
            if failureCategory != nil { fields.refuse("failure_category", "must be null \(place)") }
            if failureDetail != nil { fields.refuse("failure_detail", "must be null \(place)") }
        }
        if status == "queued", !steps.isEmpty { fields.refuse("steps", "must be empty \(place)") }
        if ["waiting", "succeeded"].contains(status), let last = steps.last, last.completedAt == nil {
            fields.refuse("steps", "must be over \(place)")
        }
    }

    /// Refuses steps that do not follow each other: the simulation goes on after the last one.
    private func checkCourse(of items: [SeedItem<SeedStep>], _ fields: inout SeedFields) {
        guard fields.isSound("steps") else { return }
        if let first = steps.first { fields.require("steps", first.startedAt, notBefore: "created_at", createdAt) }
        for (item, next) in zip(items, items.dropFirst()) {
            var (step, later) = (item.fields, next.fields)
            if item.value.completedAt == nil {
                step.refuse("completed_at", "is missing: only a run's last step may be open")
            }
            later.require(
                "started_at", next.value.startedAt, notBefore: "the completed_at of the step before",
                item.value.completedAt)
        }
    }

    private func checkCost(_ fields: inout SeedFields) {
        guard fields.isSound("steps") else { return }
        var cost: Int64? = 0
        for step in steps {
            let sum = cost?.addingReportingOverflow(step.costUSDCents ?? 0)
            cost = sum.flatMap { $0.overflow ? nil : $0.partialValue }
        }
        if cost != costUSDCents, fields.isSound("cost_usd_cents") {
            let found = cost.map { "\($0)" } ?? "more than fits"
            fields.refuse("cost_usd_cents", "must be the sum of the steps', which is \(found)")
        }
    }
}

extension SeedStep {
    init(_ fields: inout SeedFields, index: Int) {
        let number = fields.integer("seq", in: SeedFields.amount)
        if number != Int64(index) + 1, fields.isSound("seq") { fields.refuse("seq", "must be \(index + 1)") }
        kind = fields.choice("kind", BacksideWords.stepKinds)
        name = fields.text("name")
        input = fields.any("input", default: "{}")
        output = fields.anyOrNull("output")
        model = fields.textOrNull("model")
        inputTokens = fields.integerOrNull("input_tokens", in: SeedFields.amount)
        outputTokens = fields.integerOrNull("output_tokens", in: SeedFields.amount)
        cacheReadTokens = fields.integerOrNull("cache_read_tokens", in: SeedFields.amount)
        cacheWriteTokens = fields.integerOrNull("cache_write_tokens", in: SeedFields.amount)
        costUSDCents = fields.integerOrNull("cost_usd_cents", in: SeedFields.amount)
        startedAt = fields.time("started_at")
        completedAt = fields.timeOrNull("completed_at")
        fields.require("completed_at", completedAt, notBefore: "started_at", startedAt)
        if completedAt == nil, fields.isSound("completed_at") { refuseResults(&fields) }
    }

    /// What a step comes to appears when it is over.
    private func refuseResults(_ fields: inout SeedFields) {
        let results = [
            "output", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "cost_usd_cents",
        ]
        for name in results where fields.object[name]?.isNull == false {
            fields.refuse(name, "must be null while the step is open")
        }
    }
}
