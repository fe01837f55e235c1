package import JSON
import SQLite
import Time

/// A scenario as it is stored.
package struct Scenario: Sendable, Equatable {
    package let name: String
    package let rule: ScenarioRule
    package fileprivate(set) var used: Int64

    fileprivate var isUsedUp: Bool { rule.times.map { used >= $0 } ?? false }
}

extension Scenario: NamedRule {
    var text: String { rule.text }
}

extension World {
    /// All scenarios, in the order in which they were written. They are kept in memory, so that no create reads them
    /// again.
    package func scenarios() throws -> [Scenario] { try knownScenarios().all }

    func knownScenarios() throws -> KnownRules<Scenario> {
        if let known = rules.scenarios { return known }
        let statement = try database.statement("SELECT name, document, used, resource FROM scenario ORDER BY written")
        defer { statement.reset() }
        var scenarios: [Scenario] = []
        while try statement.step() { scenarios.append(try Scenario(statement, settings.modules)) }
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
    /// - Throws: ``SeedRefusal`` with everything that is wrong with the name and the document, or when there is no
    ///   room.
    package func writeScenario(named name: String, _ document: JSONNode) throws -> (scenario: Scenario, isNew: Bool) {
        let rule = try ScenarioRule(document, named: name, in: self)
        let replaced = try scenario(named: name)?.text
        try requireRoom(for: rule.text, insteadOf: replaced, among: scenarios().count, kind: "scenarios")
        try database.run(
            """
            INSERT OR REPLACE INTO scenario (name, resource, document, times, used, written)
            VALUES (?, ?, ?, ?, 0, (SELECT coalesce(max(written), 0) + 1 FROM scenario))
            """,
            name, rule.resource, rule.text, rule.times)
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

    /// The newest scenario for a kind of work that matches and is not used up, by which it is used once more. Only
    /// inside the transaction that makes the work: what is refused uses nothing up.
    package func useScenario<Subject: ScenarioSubject>(
        _ type: Subject.Type, matching isMatch: (Subject) -> Bool
    ) throws -> Subject? {
        let index = try scenarios().lastIndex { scenario in
            !scenario.isUsedUp && (scenario.rule.subject as? Subject).map(isMatch) ?? false
        }
        guard let index, let scenario = rules.scenarios?.all[index] else { return nil }
        let used = scenario.used.oneMore
        try database.run("UPDATE scenario SET used = ? WHERE name = ?", used, scenario.name)
        rules.scenarios?.change(at: index) { $0.used = used }
        return scenario.rule.subject as? Subject
    }
}

extension ScenarioRule {
    /// Reads a rule, and refuses everything that is wrong with it at once.
    fileprivate init(_ document: JSONNode, named name: String, in world: World) throws {
        let source = SeedSource(modules: world.settings.modules)
        if !PlainName.isOne(name) { source.report(.member("name", of: .root), at: -1, PlainName.message) }
        var rule: ScenarioRule?
        if var fields = SeedFields(document, at: .root, in: source) {
            let read = ScenarioRule(&fields)
            fields.finish()
            if let problem = try read.subject.problem(in: world) {
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
}

extension Scenario {
    fileprivate init(_ row: Statement, _ modules: Modules) throws {
        name = row.text("name")
        rule = try ScenarioRule(stored: row.text("document"), for: row.text("resource"), modules: modules)
        used = row.integer("used")
    }
}
