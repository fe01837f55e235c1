package import JSON
import SQLite
import Simulation

/// A scenario as it is stored.
package struct Scenario: Sendable, Hashable {
    package let name: String
    package let rule: ScenarioRule
    package fileprivate(set) var used: Int64

    fileprivate var isUsedUp: Bool { rule.times.map { used >= $0 } ?? false }
}

extension Scenario: NamedRule {
    var text: String { rule.text }
}

extension World {
    /// All scenarios, in the order in which they were written. They are kept in memory, so that no create reads them again.
    package func scenarios() throws -> [Scenario] { try knownScenarios().all }

    func knownScenarios() throws -> KnownRules<Scenario> {
        if let known = rules.scenarios { return known }
        let statement = try database.statement("SELECT name, document, used, resource FROM scenario ORDER BY written")
        defer { statement.reset() }
        var scenarios: [Scenario] = []
        while try statement.step() { scenarios.append(try Scenario(statement)) }
        let known = KnownRules(scenarios, isUndoable: database.isInTransaction)
        rules.scenarios = known
        return known
    }

    /// The scenario of that name.
    package func scenario(named name: String) throws -> Scenario? {
        PlainName.isOne(name) ? try scenarios().first { $0.name == name } : nil
    }

    /// Writes a scenario, unused and the newest, over the one of that name if there is one.
    ///
    /// - Throws: ``SeedRefusal`` with everything that is wrong with the name and the document, or when there is no room.
    package func writeScenario(named name: String, _ document: JSONNode) throws -> (scenario: Scenario, isNew: Bool) {
        let rule = try ScenarioRule(document, named: name, in: self)
        let replaced = try scenario(named: name)?.text
        try requireRoom(for: rule.text, insteadOf: replaced, among: scenarios().count, kind: "scenarios")
        try database.run(
            """
            INSERT OR REPLACE INTO scenario (name, resource, document, times, used, written)
            VALUES (?, ?, ?, ?, 0, (SELECT coalesce(max(written), 0) + 1 FROM scenario))
            """,
            name, rule.resource.rawValue, rule.text, rule.times)
        let scenario = Scenario(name: name, rule: rule, used: 0)
        if let index = rules.scenarios?.index(of: name) { rules.scenarios?.remove(at: index) }
        rules.scenarios?.append(scenario)
        return (scenario, replaced == nil)
    }

    /// Deletes a scenario and gives it as it was; nil when there is none of that name.
    package func deleteScenario(named name: String) throws -> Scenario? {
        guard let scenario = try scenario(named: name) else { return nil }
        try database.run("DELETE FROM scenario WHERE name = ?", name)
        if let index = rules.scenarios?.index(of: name) { rules.scenarios?.remove(at: index) }
        return scenario
    }

    /// What the newest scenario that matches makes of a new backfill of that workflow, by which it is used once more.
    /// Only inside the transaction that creates the backfill: what is refused uses nothing up.
    ///
    /// Choice: one that matches a rerun is used by it also when nothing of it applies to reruns (docs/FIDELITY.md,
    /// "Scenarios").
    package func useScenario(targetWorkflowID: Int64, isRerun: Bool = false) throws -> BackfillOutset {
        let rule = try useScenario { rule in
            guard case .backfills(let id, _) = rule.subject else { return false }
            return id == nil || id == targetWorkflowID
        }
        guard case .backfills(_, let outset) = rule?.subject else { return .usual }
        return isRerun ? outset.ofRerun : outset
    }

    /// The script that the newest scenario that matches gives a new run of that kind, by which it is used once more; nil
    /// when the kind's own stands. Only inside the transaction that enqueues the run.
    func useScenario(agentKind: String) throws -> String? {
        let rule = try useScenario { rule in
            guard case .runs(let kind, _) = rule.subject else { return false }
            return kind == nil || kind == agentKind
        }
        guard case .runs(_, let outset) = rule?.subject else { return nil }
        return try agentScript(of: agentKind).map { try outset.script(instead: $0) }
    }

    /// The newest scenario that matches and is not used up, by which it is used once more.
    private func useScenario(matching isMatch: (ScenarioRule) -> Bool) throws -> ScenarioRule? {
        let index = try scenarios().lastIndex { !$0.isUsedUp && isMatch($0.rule) }
        guard let index, let scenario = rules.scenarios?.all[index] else { return nil }
        let used = scenario.used.oneMore
        try database.run("UPDATE scenario SET used = ? WHERE name = ?", used, scenario.name)
        rules.scenarios?.change(at: index) { $0.used = used }
        return scenario.rule
    }
}

extension ScenarioRule {
    /// Reads a rule, and refuses everything that is wrong with it at once.
    fileprivate init(_ document: JSONNode, named name: String, in world: World) throws {
        let source = SeedSource([], isTimeZone: { _ in false })
        if !PlainName.isOne(name) { source.report(.member("name", of: .root), at: -1, PlainName.message) }
        var rule: ScenarioRule?
        if var fields = SeedFields(document, at: .root, in: source) {
            let read = ScenarioRule(&fields)
            fields.finish()
            let problem = try read.reference(
                isWorkflow: { try world.targetWorkflow(id: $0) != nil },
                stepCount: { try world.agentScript(of: $0).map { try AgentScript(stored: $0).steps.count } })
            if let problem {
                let node = fields.object[problem.object]?.object?[problem.member]
                source.report(
                    .member(problem.member, of: .member(problem.object, of: .root)),
                    at: node?.range.lowerBound ?? 0, problem.message)
            }
            rule = read
        }
        guard let rule, source.problems.isEmpty else { throw SeedRefusal(problems: source.problems) }
        self = rule
    }

    /// What is wrong with what a rule names: there is no such workflow or kind, or the kind has no such step.
    func reference(
        isWorkflow: (Int64) throws -> Bool, stepCount: (String) throws -> Int?
    ) rethrows -> (object: String, member: String, message: String)? {
        switch subject {
        case .backfills(let id?, _):
            return try isWorkflow(id) ? nil : ("when", "target_workflow_id", "no agent has the id \(id)")
        case .runs(let kind?, let outset):
            guard let count = try stepCount(kind) else {
                return ("when", "agent_kind", "has no script in agent_scripts")
            }
            guard !outset.hasSteps, let number = outset.waitAfter, number > count else { return nil }
            return ("then", "wait_after", "must be a step's number, of which there are \(count)")
        case .backfills(nil, _), .runs(nil, _): return nil
        }
    }
}

extension Scenario {
    fileprivate init(_ row: Statement) throws {
        name = row.text(0)
        rule = try ScenarioRule(stored: row.text(1), for: Transition.Resource(rawValue: row.text(3)))
        used = row.integer(2)
    }
}
