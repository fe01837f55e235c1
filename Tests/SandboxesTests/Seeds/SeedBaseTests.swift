import Sandboxes
import Time
import TestSupport
import Testing

@Suite struct SeedBaseTests {
    private static let base = """
        {"random_seed": 1, "rate_limit_plan": "free", "clock": {"mode": "poll", "speed": 2},
         "agents": [{"id": "1", "name": "A", "autonomy_type": "AGENTIC", "entity_type": "TICKET", "created_at": "-P1D"}],
         "agent_scripts": {"old": {"steps": [], "outcome": {"status": "succeeded"}}},
         "agent_configs": [{"id": "3c90c3cc-0d44-4b50-8888-8dd25736052a", "agent_kind": "old",
                            "created_at": "2026-01-01T00:00:00Z"}]}
        """

    private static func bytes(_ name: String) -> [UInt8]? {
        switch name {
        case "blank": Array(base.utf8)
        case "broken": Array(#"{"agents": 1}"#.utf8)
        case "chained": Array(#"{"base": "blank"}"#.utf8)
        default: nil
        }
    }

    @Test func listsAreAppendedAndOtherMembersReplaced() throws {
        let seed = try GoodSeed.read(
            """
            {"base": "blank", "random_seed": 2, "clock": {"mode": "real"},
             "agents": [{"id": "2", "name": "B", "autonomy_type": "AGENTIC", "entity_type": "TICKET",
                         "created_at": "2026-01-01T00:00:00Z"}]}
            """, base: Self.bytes)
        #expect(seed.neo.agents.map(\.id) == [1, 2])
        #expect((seed.randomSeed, seed.rateLimitPlan) == (2, "free"))
        #expect(seed.clock?.mode == .real)
        #expect(seed.clock?.speed == nil)
        #expect(seed.backside.scripts.map(\.agentKind) == ["old"])
        #expect(seed.hasRelativeTimes)
    }

    @Test func aBaseThatIsUnknownBrokenOrHasABaseIsRefused() {
        #expect(
            GoodSeed.problems(of: #"{"base": "nothing"}"#, base: Self.bytes) == [
                "base: must be the name of a built-in seed that has no base itself"
            ])
        #expect(GoodSeed.problems(of: #"{"base": 1}"#, base: Self.bytes) == ["base: must be a string, not a number"])
        #expect(
            GoodSeed.problems(of: #"{"base": "broken"}"#, base: Self.bytes) == [
                "base: names a seed that is itself wrong: base.agents: must be an array, not a number"
            ])
        #expect(
            GoodSeed.problems(of: #"{"base": "chained"}"#, base: Self.bytes) == [
                "base: names a seed that is itself wrong: base.base: must be the name of a built-in seed that has no base itself"
            ])
    }

    @Test func referencesAreCheckedInTheWholeAndPlacesCountTheDocumentsOwnLists() {
        let text = """
            {"base": "blank", "agent_scripts": {}, "agents": [{"id": "1", "name": "B", "autonomy_type": "AGENTIC",
             "entity_type": "TICKET", "created_at": "-P1D"}],
             "executions": [{"id": "e", "agent_id": 1, "entity_id": "t", "created_at": "-P1D", "ends_at": "-P1D",
                             "outcome": "SUCCESS"}]}
            """
        #expect(
            GoodSeed.problems(of: text, base: Self.bytes) == [
                "base.agent_configs[0].agent_kind: has no script in agent_scripts",
                "agents[0].id: is the same as that of base.agents[0]",
                "executions[0].entity_id: no entity has the id t",
            ])
    }
}
