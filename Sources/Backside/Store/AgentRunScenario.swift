package import Sandboxes
package import JSON
import Time

/// What a scenario says of runs: of which, and parts of a script that stand instead of their kind's.
package struct AgentRunScenario: ScenarioSubject, Hashable {
    package static let resource = "run"
    package static let plural = "runs"
    package static let selectors = ["agent_kind"]
    package static let effects = ["steps", "wait_after", "outcome"]

    /// The runs of that kind; nil is of every one.
    private var agentKind: String?
    private var outset = AgentRunOutset(JSONObject(members: []))

    package init() {}

    package init(when: JSONObject, then: JSONObject) {
        agentKind = when["agent_kind"]?.string
        outset = AgentRunOutset(then)
    }

    package mutating func readWhen(_ fields: inout SeedFields) {
        guard fields.node("agent_kind") != nil else { return }
        let kind = fields.text("agent_kind")
        if fields.isSound("agent_kind") { agentKind = kind }
    }

    package mutating func readThen(_ fields: inout SeedFields) {
        _ = SeedScript.readSteps(&fields, isRequired: false)
        _ = fields.object("outcome", SeedScript.readOutcome)
        outset = AgentRunOutset(fields.object)
    }

    package func problem(in world: World) throws -> ScenarioProblem? {
        try problem { try world.agentScript(of: $0).map { try AgentScript(stored: $0).steps.count } }
    }

    package func problem(in draft: SeedDraft) -> ScenarioProblem? {
        guard let backside = draft.part(BacksideSeedDraft.self) else { return nil }
        let counts = Dictionary(backside.scripts.map { ($0.agentKind, $0.stepCount) }) { first, _ in first }
        return problem { counts[$0] }
    }

    private func problem(stepCount: (String) throws -> Int?) rethrows -> ScenarioProblem? {
        guard let agentKind else { return nil }
        guard let count = try stepCount(agentKind) else {
            return ScenarioProblem("when", "agent_kind", "has no script in agent_scripts")
        }
        guard !outset.hasSteps, let number = outset.waitAfter, number > count else { return nil }
        return ScenarioProblem("then", "wait_after", "must be a step's number, of which there are \(count)")
    }

    fileprivate func isFor(_ kind: String) -> Bool { agentKind == nil || agentKind == kind }

    fileprivate func script(instead text: String) throws -> String { try outset.script(instead: text) }
}

extension World {
    /// The script that the newest scenario that matches gives a new run of that kind, by which it is used once more;
    /// nil when the kind's own stands. Only inside the transaction that enqueues the run.
    func useScenario(agentKind: String) throws -> String? {
        let scenario = try useScenario(AgentRunScenario.self) { $0.isFor(agentKind) }
        guard let scenario else { return nil }
        return try agentScript(of: agentKind).map { try scenario.script(instead: $0) }
    }
}

/// What a scenario makes of a new run: parts of a script that stand instead of its kind's.
struct AgentRunOutset: Hashable, Sendable {
    /// The parts as JSON text, by name; what is left out stays as it is.
    private let parts: [String: String]
    /// After which step it says to wait.
    let waitAfter: Int?
    var hasSteps: Bool { parts["steps"] != nil }

    /// The parts among an object's members.
    init(_ then: JSONObject) {
        var parts: [String: String] = [:]
        for member in then.members where AgentRunScenario.effects.contains(member.key) {
            parts[member.key] = member.value.compact
        }
        self.parts = parts
        waitAfter = then["wait_after"]?.integer.map { Int(clamping: $0) }
    }

    /// The whole script of a run: the kind's, with these parts instead.
    ///
    /// Choice: where a kind waits counts only for its own steps (docs/FIDELITY.md, "Scenarios").
    func script(instead text: String) throws -> String {
        let kinds = try JSONParser.parse(Array(text.utf8)).object ?? JSONObject(members: [])
        var writer = JSONWriter(capacity: text.utf8.count)
        writer.beginObject()
        for name in ["platform_fee_cents", "steps", "wait_after", "outcome"] {
            let isReplaced = name == "wait_after" && hasSteps
            writer.key(anyText: name)
            if let part = parts[name] {
                writer.raw(part)
            } else if let kept = kinds[name], !isReplaced {
                writer.value(kept)
            } else if name == "platform_fee_cents" {
                writer.integer(0)
            } else {
                writer.null()
            }
        }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
