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
        status = fields.choice("status", SeedWords.runStatuses)
        input = fields.verbatim("input", default: "{}")
        output = fields.anyOrNull("output")
        consecutiveFailures = fields.integer("consecutive_failures", in: SeedWords.count, default: 0)
        costUSDCents = fields.integer("cost_usd_cents", in: SeedWords.amount, default: 0)
        platformFeeCents = fields.integer("platform_fee_cents", in: SeedWords.amount, default: 0)
        budgetUSDCents = fields.integerOrNull("budget_usd_cents", in: SeedWords.amount)
        deadlineAt = fields.timeOrNull("deadline_at")
        failureCategory = fields.textOrNull("failure_category")
        failureDetail = fields.textOrNull("failure_detail")
        let createdAt = fields.time("created_at")
        self.createdAt = createdAt
        runAt = fields.time("run_at", default: createdAt)
        enqueuedAt = fields.time("enqueued_at", default: createdAt)
        deadlineSeconds = fields.integerOrNull("deadline_seconds", in: 1...Int64(Int32.max))
        script = fields.object("script", nullable: true) { SeedScript(&$0, agentKind: "").script }
        updatedAt = fields.time("updated_at", default: createdAt)
        fields.require("updated_at", updatedAt, notBefore: "created_at", createdAt)
        fields.require("created_at", createdAt, notBefore: "enqueued_at", enqueuedAt)
        steps = fields.list("steps") { SeedStep(&$0, index: $1) }.map(\.value)
        checkSteps(&fields)
    }

    private func checkSteps(_ fields: inout SeedFields) {
        guard fields.isSound("steps") else { return }
        if let first = steps.first { fields.require("steps", first.startedAt, notBefore: "created_at", createdAt) }
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
        let number = fields.integer("seq", in: SeedWords.amount)
        if number != Int64(index) + 1, fields.isSound("seq") { fields.refuse("seq", "must be \(index + 1)") }
        kind = fields.choice("kind", SeedWords.stepKinds)
        name = fields.text("name")
        input = fields.any("input", default: "{}")
        output = fields.anyOrNull("output")
        model = fields.textOrNull("model")
        inputTokens = fields.integerOrNull("input_tokens", in: SeedWords.amount)
        outputTokens = fields.integerOrNull("output_tokens", in: SeedWords.amount)
        cacheReadTokens = fields.integerOrNull("cache_read_tokens", in: SeedWords.amount)
        cacheWriteTokens = fields.integerOrNull("cache_write_tokens", in: SeedWords.amount)
        costUSDCents = fields.integerOrNull("cost_usd_cents", in: SeedWords.amount)
        startedAt = fields.time("started_at")
        completedAt = fields.timeOrNull("completed_at")
        fields.require("completed_at", completedAt, notBefore: "started_at", startedAt)
    }
}
