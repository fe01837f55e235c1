package import JSON
import SQLite

/// A scenario as it is stored.
package struct Scenario: Sendable, Hashable {
    package let name: String
    package let rule: ScenarioRule
    package let used: Int64
}

extension World {
    /// All scenarios, in the order in which they were written.
    package func scenarios() throws -> [Scenario] {
        let statement = try database.statement("SELECT name, document, used FROM scenario ORDER BY written")
        defer { statement.reset() }
        var scenarios: [Scenario] = []
        while try statement.step() { scenarios.append(try Scenario(statement)) }
        return scenarios
    }

    /// The scenario of that name.
    package func scenario(named name: String) throws -> Scenario? {
        let statement = try database.statement("SELECT name, document, used FROM scenario WHERE name = ?")
        defer { statement.reset() }
        statement.bind(name, at: 1)
        return try statement.step() ? try Scenario(statement) : nil
    }

    /// Writes a scenario, unused and the newest, over the one of that name if there is one.
    ///
    /// - Throws: ``SeedRefusal`` with everything that is wrong with the name and the document.
    package func writeScenario(named name: String, _ document: JSONNode) throws -> (scenario: Scenario, isNew: Bool) {
        let rule = try ScenarioRule(document, named: name) { try targetWorkflow(id: $0) != nil }
        let isNew = try scenario(named: name) == nil
        try database.run(
            """
            INSERT OR REPLACE INTO scenario (name, document, times, used, written)
            VALUES (?, ?, ?, 0, (SELECT coalesce(max(written), 0) + 1 FROM scenario))
            """,
            name, rule.text, rule.times)
        return (Scenario(name: name, rule: rule, used: 0), isNew)
    }

    /// Deletes a scenario and gives it as it was; nil when there is none of that name.
    package func deleteScenario(named name: String) throws -> Scenario? {
        guard let scenario = try scenario(named: name) else { return nil }
        try database.run("DELETE FROM scenario WHERE name = ?", name)
        return scenario
    }

    /// What the newest scenario that matches makes of a new backfill of that workflow, by which it is used once more.
    /// Only inside the transaction that creates the backfill: what is refused uses nothing up.
    ///
    /// Choice: one that matches a rerun is used by it also when nothing of it applies to reruns (docs/FIDELITY.md,
    /// "Scenarios").
    package func useScenario(targetWorkflowID: Int64, isRerun: Bool = false) throws -> BackfillOutset {
        let statement = try database.statement(
            """
            SELECT name, document, used FROM scenario
            WHERE (times IS NULL OR used < times)
                AND coalesce(json_extract(document, '$.when.target_workflow_id'), ?1) = ?1
            ORDER BY written DESC LIMIT 1
            """)
        defer { statement.reset() }
        statement.bind(targetWorkflowID, at: 1)
        guard try statement.step() else { return .usual }
        let scenario = try Scenario(statement)
        try database.run("UPDATE scenario SET used = used + 1 WHERE name = ?", scenario.name)
        return isRerun ? scenario.rule.outset.ofRerun : scenario.rule.outset
    }
}

extension ScenarioRule {
    /// Reads a rule, and refuses everything that is wrong with it at once.
    fileprivate init(_ document: JSONNode, named name: String, isWorkflow: (Int64) throws -> Bool) throws {
        let source = SeedSource([], isTimeZone: { _ in false })
        if !Self.isName(name) { source.report(.member("name", of: .root), at: -1, Self.nameMessage) }
        var rule: ScenarioRule?
        if var fields = SeedFields(document, at: .root, in: source) {
            let read = ScenarioRule(&fields)
            fields.finish()
            if let id = read.targetWorkflowID, try !isWorkflow(id) {
                let place = SeedPlace.member("target_workflow_id", of: .member("when", of: .root))
                let node = fields.object["when"]?.object?["target_workflow_id"]
                source.report(place, at: node?.range.lowerBound ?? 0, "no agent has the id \(id)")
            }
            rule = read
        }
        guard let rule, source.problems.isEmpty else { throw SeedRefusal(problems: source.problems) }
        self = rule
    }

    static let nameMessage = "must be 1 to 64 letters, digits, underscores, points and hyphens"
}

extension Scenario {
    fileprivate init(_ row: Statement) throws {
        name = row.text(0)
        rule = try ScenarioRule(stored: row.text(1))
        used = row.integer(2)
    }
}
