import JSON
package import Simulation

/// What a scenario says: which work it is for, and what happens to that.
package struct ScenarioRule: Hashable, Sendable {
    /// Nil is for the backfills of every workflow.
    let targetWorkflowID: Int64?
    /// After so many it is used up; nil is never.
    let times: Int64?
    let outset: BackfillOutset
    /// `{"when", "then"}` as it was written, without white space.
    let text: String
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
    /// Scenarios have no names but these.
    static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), 0x30...0x39,
                    UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// Reads a rule and reports everything that is wrong with it, but for whether its workflow exists.
    init(_ fields: inout SeedFields) {
        for name in ["when", "then"] where fields.object[name] == nil { fields.refuse(name, "is missing") }
        let when = fields.object("when") { Self.when(&$0) }
        let isEmpty = fields.object["then"]?.object?.members.isEmpty == true
        outset = fields.object("then") { Self.then(&$0) } ?? .usual
        if isEmpty { fields.refuse("then", "must say what happens") }
        targetWorkflowID = when?.targetWorkflowID
        times = when?.times
        let members = ["when", "then"].compactMap { name in fields.object[name].map { (key: name, value: $0) } }
        text = SeedWords.compact(JSONNode(.object(JSONObject(members: members))))
    }

    private static func when(_ fields: inout SeedFields) -> (targetWorkflowID: Int64?, times: Int64?) {
        let workflow = fields.node("target_workflow_id").map { _ in
            fields.integer("target_workflow_id", in: SeedWords.amount)
        }
        if fields.node("agent_kind") != nil {
            fields.refuse(
                "agent_kind",
                workflow == nil
                    ? "is not supported yet: scenarios are for backfills" : "contradicts target_workflow_id")
        }
        let times = fields.node("times").map { _ in fields.integer("times", in: 1 ... .max) }
        return (fields.isSound("target_workflow_id") ? workflow : nil, times)
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
        for name in ["steps", "wait_after", "outcome"] where fields.node(name) != nil {
            fields.refuse(name, "is not supported yet: scenarios are for backfills")
        }
        guard fields.isSound("entities", "entity_seconds", "fail", "run_error", "stall_after") else { return .usual }
        let outset = BackfillOutset(entityCount: entities.map { Int($0) }, effects: BackfillEffects(fields.object))
        outset.refuseContradictions(in: &fields)
        return outset
    }
}

extension BackfillOutset {
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
    init(stored text: String) throws {
        guard let root = try JSONParser.parse(Array(text.utf8)).object, let when = root["when"]?.object,
            let then = root["then"]?.object
        else { throw SandboxDamaged(reason: "a scenario cannot be read") }
        targetWorkflowID = when["target_workflow_id"]?.integer
        times = when["times"]?.integer
        outset = BackfillOutset(
            entityCount: then["entities"]?.integer.map { Int($0) }, effects: BackfillEffects(then))
        self.text = text
    }
}
