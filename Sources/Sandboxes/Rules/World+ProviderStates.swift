import JSON

extension World {
    /// Makes the scenario that a provider state names the newest, and unused; gives its name, nil when there is none.
    ///
    /// - Throws: ``SeedRefusal`` when it no longer fits what is in the sandbox.
    package func setUpProviderState(_ state: String) throws -> String? {
        for name in [state, Self.scenarioName(ofProviderState: state)] {
            // Snapshots of that name belong here, before scenarios.
            guard let rule = try scenario(named: name)?.rule ?? providerStates[name] else { continue }
            let document = try JSONParser.parse(Array(rule.text.utf8), maximumDepth: SeedReader.maximumDepth)
            _ = try transaction { try writeScenario(named: name, document) }
            return name
        }
        return nil
    }

    /// All scenarios that a later state may name: those that are there, and of those that an earlier teardown has left
    /// as many as a sandbox could hold besides.
    package func providerStatesToKeep() throws -> [String: ScenarioRule] {
        let present = try knownScenarios()
        var kept = Dictionary(uniqueKeysWithValues: present.all.map { ($0.name, $0.rule) })
        var bytes = present.bytes
        for (name, rule) in providerStates.sorted(by: { $0.key < $1.key }) where kept[name] == nil {
            bytes += rule.text.utf8.count
            if kept.count >= RuleBounds.most || bytes > RuleBounds.mostBytes { break }
            kept[name] = rule
        }
        return kept
    }

    /// What a scenario for a state in words is called: in lower case, with a hyphen for all that a name cannot have.
    package static func scenarioName(ofProviderState state: String) -> String {
        let words = state.lowercased().split { !PlainName.isOne(String($0)) || $0 == "-" }
        return String(words.joined(separator: "-").prefix(64))
    }
}
