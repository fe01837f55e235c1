import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

/// The backfill operations.
enum Backfills {
    /// `GET /public-api/backfills/{backfill_id}`
    static let get: @Sendable (Call) throws -> HTTPResponse = { call in
        if call.request.method == "GET", call.world.clock.mode == .poll { try call.world.pollTick(of: existing(call)) }
        let body = try call.world.body(of: RenderedThing("backfill", id: call.parameters.first ?? ""), at: call.now) {
            var writer = JSONWriter()
            writer.backfill(try existing(call))
            return RenderedBody(writer.bytes)
        }
        return Envelope.success(200, call.answer) { $0.raw(body) }
    }

    /// `GET /public-api/backfills`: newest first.
    static let list: @Sendable (Call) throws -> HTTPResponse = { call in
        let request = try PageRequest(call, of: PagedList(name: "backfills", keyLength: 2))
        let rows = try call.world.backfills(after: request.after.map { ($0[0], $0[1]) }, limit: request.rowLimit)
        let (page, pagination) = request.page(of: rows) { [$0.createdAt.microseconds, $0.row] }
        return Envelope.success(200, call.answer, pagination: pagination) { writer in
            writer.beginArray()
            for backfill in page { writer.backfill(backfill) }
            writer.endArray()
        }
    }

    /// `POST /public-api/backfills`: 201 with a cost estimate.
    ///
    /// Choice: the order of the checks after the schema, and which of them are 422, 400 or 409 (docs/FIDELITY.md,
    /// "Create").
    static let create: @Sendable (Call) throws -> HTTPResponse = { call in
        let body = try RequestBody(call.request)
        let request = try CreateBackfillRequest(body)
        guard let target = try call.world.targetWorkflow(id: request.targetWorkflowID) else {
            throw NeoRefusal.invalid([Violation(field: "target_workflow_id", message: "names no agent of this tenant")])
        }
        try requireRunnable(target)
        guard target.entityType == request.entityType.rawValue else {
            throw NeoRefusal.invalid([
                Violation(field: "entity_type", message: "must be the target workflow's, \(target.entityType)")
            ])
        }
        try requireNoneActive(target.id, in: call.world)
        let filter = try filter(request.filterSpec)
        let scenario = try call.world.useScenario(targetWorkflowID: target.id)
        let entities =
            try scenario.entityCount.map { NewEntities.synthetic(count: $0) }
            ?? .listed(Self.entities(ofType: target.entityType, matching: filter, in: call.world))
        let new = NewBackfill(
            target: target, entityType: target.entityType, filterSpec: body.text(of: request.filterSpec),
            dailyExecutionWindows: request.windows.json, timezone: request.timezone, maxInFlight: request.maxInFlight,
            totalEstimated: request.totalEstimated, createdBy: call.caller.credential.label)
        var warnings = request.warnings + filter.warnings
        let origin = scenario.entityCount == nil ? "filter matches" : "scenario makes"
        if entities.count == 0 { warnings.append("The \(origin) no entity; the backfill will have nothing to do.") }
        if let estimated = request.totalEstimated, estimated != Int64(entities.count) {
            warnings.append("total_estimated is \(estimated), but the \(origin) \(entities.count) entities.")
        }
        let estimate = CostEstimate(
            totalEntities: request.totalEstimated ?? Int64(entities.count), creditsPerEntity: target.creditsPerEntity)
        return try created(
            new, entities: entities, effects: scenario.effects, estimate: estimate, warnings: warnings, call)
    }

    /// `POST /public-api/backfills/{backfill_id}/rerun-failed`: a new backfill over exactly the entities that failed.
    static let rerunFailed: @Sendable (Call) throws -> HTTPResponse = { call in
        let source = try existing(call)
        guard source.state.isTerminal, source.failedCount > 0 else {
            throw NeoRefusal.notRerunnable(state: source.state.stored, failedCount: source.failedCount)
        }
        try requireNoneActive(source.targetWorkflowID, in: call.world)
        guard let target = try call.world.targetWorkflow(id: source.targetWorkflowID) else {
            throw NeoRefusal.notFound(what: "agent")
        }
        // Choice: also a rerun needs an enabled agent that is not conversational (docs/FIDELITY.md, "Rerun").
        try requireRunnable(target)
        let entities = try call.world.failedEntities(of: source)
        let new = NewBackfill(
            target: target, entityType: source.entityType, filterSpec: source.filterSpec,
            dailyExecutionWindows: source.dailyExecutionWindows, timezone: source.timezone,
            maxInFlight: source.maxInFlight, totalEstimated: Int64(entities.count),
            createdBy: call.caller.credential.label, parentBackfillRunID: source.id)
        let estimate = CostEstimate(totalEntities: Int64(entities.count), creditsPerEntity: target.creditsPerEntity)
        let effects = try call.world.useScenario(targetWorkflowID: target.id, isRerun: true).effects
        return try created(
            new, entities: .listed(entities), effects: effects, estimate: estimate, warnings: [], call)
    }

    /// The backfill that the path names, as of now.
    static func existing(_ call: Call) throws -> Backfill {
        guard let backfill = try call.world.backfill(id: call.parameters.first ?? "") else {
            throw NeoRefusal.notFound(what: "backfill")
        }
        return backfill
    }

    private static func requireRunnable(_ target: TargetWorkflow) throws(NeoRefusal) {
        if target.autonomyType == "CONVERSATIONAL" { throw .conversationalTarget }
        if !target.isEnabled { throw .agentNotEnabled(workflowID: target.id) }
    }

    private static func requireNoneActive(_ workflowID: Int64, in world: World) throws {
        if let active = try world.activeBackfillID(targetWorkflowID: workflowID) {
            throw NeoRefusal.alreadyActive(workflowID: workflowID, backfillID: active)
        }
    }

    private static func created(
        _ new: NewBackfill, entities: NewEntities, effects: BackfillEffects, estimate: CostEstimate,
        warnings: [String], _ call: Call
    ) throws -> HTTPResponse {
        let backfill = try call.world.insert(new, entities: entities, effects: effects, at: call.now)
        return Envelope.success(201, call.answer, warnings: warnings) { writer in
            writer.beginObject()
            writer.key("backfill")
            writer.backfill(backfill)
            writer.key("cost_estimate")
            writer.costEstimate(estimate)
            writer.endObject()
        }
    }
}
