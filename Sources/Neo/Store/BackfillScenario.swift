package import Sandboxes
package import JSON

/// What a scenario says of backfills: of which, and a set of their own and what happens to them.
package struct BackfillScenario: ScenarioSubject, Hashable {
    package static let resource = "backfill"
    package static let plural = "backfills"
    package static let selectors = ["target_workflow_id"]
    package static let effects = ["entities", "entity_seconds", "fail", "run_error", "stall_after"]

    /// The backfills of that workflow; nil is of every one.
    private(set) var targetWorkflowID: Int64?
    package private(set) var outset = BackfillOutset.usual

    package init() {}

    package init(when: JSONObject, then: JSONObject) {
        targetWorkflowID = when["target_workflow_id"]?.integer
        outset = BackfillOutset(
            entityCount: then["entities"]?.integer.map { Int($0) }, effects: BackfillEffects(then))
    }

    package mutating func readWhen(_ fields: inout SeedFields) {
        guard fields.node("target_workflow_id") != nil else { return }
        let id = fields.integer("target_workflow_id", in: SeedFields.amount)
        if fields.isSound("target_workflow_id") { targetWorkflowID = id }
    }

    package mutating func readThen(_ fields: inout SeedFields) { outset = BackfillOutset(&fields) }

    package func problem(in world: World) throws -> ScenarioProblem? {
        try problem { try world.targetWorkflow(id: $0) != nil }
    }

    package func problem(in draft: SeedDraft) -> ScenarioProblem? {
        guard let neo = draft.part(NeoSeedDraft.self) else { return nil }
        return problem(isWorkflow: References(neo.agents) { $0.id }.contains)
    }

    private func problem(isWorkflow: (Int64) throws -> Bool) rethrows -> ScenarioProblem? {
        guard let id = targetWorkflowID, try !isWorkflow(id) else { return nil }
        return ScenarioProblem("when", "target_workflow_id", "no agent has the id \(id)")
    }
}

/// What a scenario makes of a new backfill: a set of its own, and what happens to it.
package struct BackfillOutset: Hashable, Sendable {
    /// So many synthetic entities instead of the filter's matches.
    package let entityCount: Int?
    package let effects: BackfillEffects

    /// That no scenario has anything to say.
    static let usual = BackfillOutset(entityCount: nil, effects: BackfillEffects())

    /// What of it applies to a rerun, whose entities are always the source's failed ones.
    var ofRerun: BackfillOutset {
        var effects = effects
        effects.stallAfter = nil
        return BackfillOutset(entityCount: nil, effects: effects)
    }
}

// Choice: the bounds, and what contradicts itself (docs/FIDELITY.md, "Scenarios").
extension BackfillOutset {
    /// The largest synthetic set, and the most that can fail in one.
    static let mostEntities: Int64 = 1_000_000

    fileprivate init(_ fields: inout SeedFields) {
        let entities = fields.node("entities").map { _ in fields.integer("entities", in: 0...Self.mostEntities) }
        if fields.node("entity_seconds") != nil { _ = fields.integer("entity_seconds", in: 0...1_000_000_000) }
        if let fail = fields.node("fail") {
            if let ids = fail.array {
                _ = fields.texts("fail", ids, "an entity's id") { !$0.isEmpty }
            } else if fail.number != nil {
                _ = fields.integer("fail", in: 0...Self.mostEntities)
            } else {
                fields.refuse("fail", SeedFields.mismatch("a whole number or an array of entity ids", fail))
            }
        }
        _ = fields.object("run_error") { fields in
            _ = fields.integer("after", in: SeedFields.count)
            _ = fields.text("message")
        }
        if fields.node("stall_after") != nil { _ = fields.integer("stall_after", in: SeedFields.count) }
        guard fields.isSound("entities", "entity_seconds", "fail", "run_error", "stall_after") else {
            self = .usual
            return
        }
        self.init(entityCount: entities.map { Int($0) }, effects: BackfillEffects(fields.object))
        refuseContradictions(in: &fields)
    }

    private func refuseContradictions(in fields: inout SeedFields) {
        if let stall = effects.stallAfter, let error = effects.runError, error.after >= stall {
            fields.refuse("run_error", "must come after fewer entities than stall_after, where the run gets stuck")
        }
        guard let entityCount else { return }
        let beyond = "is more than the \(entityCount) that entities makes"
        switch effects.failures {
        case .none: break
        case .first(let count): if count > entityCount { fields.refuse("fail", beyond) }
        case .entities(let ids):
            if !ids.isEmpty { fields.refuse("fail", "cannot name entities that are yet to be made: give a count") }
        }
        if let error = effects.runError, error.after > entityCount { fields.refuse("run_error", "after \(beyond)") }
        if let stall = effects.stallAfter, stall > entityCount { fields.refuse("stall_after", beyond) }
    }
}

extension World {
    /// What the newest scenario that matches makes of a new backfill of that workflow, by which it is used once more.
    /// Only inside the transaction that creates the backfill: what is refused uses nothing up.
    ///
    /// Choice: one that matches a rerun is used by it also when nothing of it applies to reruns (docs/FIDELITY.md,
    /// "Scenarios").
    package func useScenario(targetWorkflowID: Int64, isRerun: Bool = false) throws -> BackfillOutset {
        let scenario = try useScenario(BackfillScenario.self) {
            $0.targetWorkflowID == nil || $0.targetWorkflowID == targetWorkflowID
        }
        guard let scenario else { return .usual }
        return isRerun ? scenario.outset.ofRerun : scenario.outset
    }
}
