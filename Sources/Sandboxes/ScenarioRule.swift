import JSON
package import Simulation

/// What a scenario says: which work it is for, and what happens to that.
package struct ScenarioRule: Hashable, Sendable {
    /// What a scenario is for.
    enum Subject: Hashable, Sendable {
        /// The backfills of that workflow, or of every one.
        case backfills(targetWorkflowID: Int64?, BackfillOutset)
        /// The runs of that kind, or of every one.
        case runs(agentKind: String?, AgentRunOutset)
    }

    let subject: Subject
    /// After so many it is used up; nil is never.
    let times: Int64?
    /// `{"when", "then"}` as it was written, without white space.
    let text: String

    var resource: Transition.Resource {
        switch subject {
        case .backfills: .backfill
        case .runs: .run
        }
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

// Choice: what contradicts itself (docs/FIDELITY.md, "Scenarios").
extension ScenarioRule {
    /// The largest synthetic set, and the most that can fail in one.
    static let mostEntities: Int64 = 1_000_000

    /// Reads a rule and reports everything that is wrong with it, but for whether what it names exists.
    init(_ fields: inout SeedFields) {
        for name in ["when", "then"] where fields.object[name] == nil { fields.refuse(name, "is missing") }
        let isForRuns = Self.isForRuns(fields)
        let when = fields.object("when") { When(&$0) } ?? When()
        let isEmpty = fields.object["then"]?.object?.members.isEmpty == true
        if isForRuns {
            let outset = fields.object("then") { AgentRunOutset(&$0) }
            subject = .runs(agentKind: when.agentKind, outset ?? AgentRunOutset(JSONObject(members: [])))
        } else {
            let outset = fields.object("then") { Self.then(&$0) }
            subject = .backfills(targetWorkflowID: when.targetWorkflowID, outset ?? .usual)
        }
        if isEmpty { fields.refuse("then", "must say what happens") }
        times = when.times
        let members = ["when", "then"].compactMap { name in fields.object[name].map { (key: name, value: $0) } }
        text = SeedWords.compact(JSONNode(.object(JSONObject(members: members))))
    }

    /// Whether it names a kind of agent, or without a workflow something that only happens to runs.
    private static func isForRuns(_ fields: SeedFields) -> Bool {
        let when = fields.object["when"]?.object
        if when?["agent_kind"] != nil { return true }
        let then = fields.object["then"]?.object?.members.map(\.key) ?? []
        return when?["target_workflow_id"] == nil && then.contains(where: AgentRunOutset.members.contains)
    }

    /// Which work, and how often.
    fileprivate struct When {
        var targetWorkflowID: Int64?
        var agentKind: String?
        var times: Int64?
    }

    private static func then(_ fields: inout SeedFields) -> BackfillOutset {
        let entities = fields.node("entities").map { _ in fields.integer("entities", in: 0...mostEntities) }
        if fields.node("entity_seconds") != nil { _ = fields.integer("entity_seconds", in: 0...1_000_000_000) }
        if let fail = fields.node("fail") {
            if let ids = fail.array {
                _ = fields.texts("fail", ids, "an entity's id") { !$0.isEmpty }
            } else if fail.number != nil {
                _ = fields.integer("fail", in: 0...mostEntities)
            } else {
                fields.refuse("fail", SeedFields.mismatch("a whole number or an array of entity ids", fail))
            }
        }
        _ = fields.object("run_error") { fields in
            _ = fields.integer("after", in: SeedWords.count)
            _ = fields.text("message")
        }
        if fields.node("stall_after") != nil { _ = fields.integer("stall_after", in: SeedWords.count) }
        for name in AgentRunOutset.members where fields.node(name) != nil {
            fields.refuse(name, "happens to runs, and this scenario is for backfills")
        }
        guard fields.isSound("entities", "entity_seconds", "fail", "run_error", "stall_after") else { return .usual }
        let outset = BackfillOutset(entityCount: entities.map { Int($0) }, effects: BackfillEffects(fields.object))
        outset.refuseContradictions(in: &fields)
        return outset
    }
}

extension ScenarioRule.When {
    fileprivate init(_ fields: inout SeedFields) {
        if fields.node("target_workflow_id") != nil {
            let id = fields.integer("target_workflow_id", in: SeedWords.amount)
            if fields.isSound("target_workflow_id") { targetWorkflowID = id }
        }
        if fields.node("agent_kind") != nil {
            let kind = fields.text("agent_kind")
            if fields.object["target_workflow_id"] != nil {
                fields.refuse("agent_kind", "contradicts target_workflow_id")
            }
            if fields.isSound("agent_kind") { agentKind = kind }
        }
        if fields.node("times") != nil { times = fields.integer("times", in: 1 ... .max) }
    }
}

extension BackfillOutset {
    /// The members of `then` that happen to backfills.
    static let members = ["entities", "entity_seconds", "fail", "run_error", "stall_after"]

    fileprivate func refuseContradictions(in fields: inout SeedFields) {
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

extension ScenarioRule {
    /// Reads a stored rule again.
    init(stored text: String, for resource: Transition.Resource?) throws {
        guard let root = try JSONParser.parse(Array(text.utf8)).object, let when = root["when"]?.object,
            let then = root["then"]?.object
        else { throw SandboxDamaged(reason: "a scenario cannot be read") }
        times = when["times"]?.integer
        if resource == .run {
            subject = .runs(agentKind: when["agent_kind"]?.string, AgentRunOutset(then))
        } else {
            let outset = BackfillOutset(
                entityCount: then["entities"]?.integer.map { Int($0) }, effects: BackfillEffects(then))
            subject = .backfills(targetWorkflowID: when["target_workflow_id"]?.integer, outset)
        }
        self.text = text
    }
}
