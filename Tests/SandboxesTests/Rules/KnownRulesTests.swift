import Understudy
import JSON
import Time
import TestSupport
import Testing

@testable import Sandboxes

/// Scenarios and faults in memory are those of the database, whatever was done, and undone, with them.
@Suite struct KnownRulesTests {
    private struct Undone: Error {}

    private static let vocabulary = FaultVocabulary(["neo": ["list"]])

    /// One without scenarios and faults.
    private static func sandbox() throws -> Sandbox {
        let seed = try GoodSeed.read(GoodSeed.text)
        let sandbox = try SandboxDirectory(
            SandboxConfiguration(modules: Understudy.modules, seed: .document(seed), freshSeed: .document(seed)) {
                GoodSeed.start
            }
        ).defaultSandbox
        try sandbox.withWorld { world in
            for scenario in try world.scenarios() { _ = try world.deleteScenario(named: scenario.name) }
            for fault in try world.faults() { _ = try world.deleteFault(named: fault.name) }
        }
        return sandbox
    }

    private static func document(_ text: String) throws -> JSONNode { try JSONParser.parse(Array(text.utf8)) }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func whatIsInMemoryIsWhatIsStored(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        func pick(_ bound: UInt64) -> Int { Int(random.next() % bound) }
        try Self.sandbox().withWorld { world throws in
            for step in 0..<120 {
                try? world.transaction {
                    for _ in 0...pick(3) { try change(world, pick) }
                    if pick(3) == 0 { throw Undone() }
                }
                if pick(2) == 0 { try change(world, pick) }
                if pick(20) == 0 { world.rules = RuleShelf() }
                let (scenarios, faults) = (world.rules.scenarios, world.rules.faults)
                world.rules = RuleShelf()
                try #expect(scenarios?.all ?? world.scenarios() == world.scenarios(), "step \(step)")
                try #expect(faults?.all ?? world.faults() == world.faults(), "step \(step)")
                #expect(scenarios.map { $0.bytes == world.rules.scenarios?.bytes } ?? true)
                #expect(faults.map { $0.bytes == world.rules.faults?.bytes } ?? true)
                // Half of the time what was changed goes on, else what was read anew.
                if pick(2) == 0 { (world.rules.scenarios, world.rules.faults) = (scenarios, faults) }
            }
        }
    }

    private func change(_ world: World, _ pick: (UInt64) -> Int) throws {
        let name = "r\(pick(5))"
        switch pick(8) {
        case 0, 1:
            _ = try world.writeScenario(
                named: name, Self.document(#"{"when":{"times":\#(1 + pick(3))},"then":{"fail":\#(pick(9))}}"#))
        case 2: _ = try world.deleteScenario(named: name)
        case 3: _ = try world.useScenario(targetWorkflowID: 1)
        case 4, 5:
            _ = try world.writeFault(
                named: name,
                Self.document(#"{"match":{"skip":\#(pick(3)),"times":2},"response":{"status":\#(500 + pick(9))}}"#),
                within: Self.vocabulary)
        case 6: _ = try world.deleteFault(named: name)
        default:
            _ = try world.meetFault(FaultableRequest(api: "neo", method: "GET", path: "/", operation: "list"))
        }
    }

    @Test func oneTransactionInAnotherIsUndoneWithIt() throws {
        try Self.sandbox().withWorld { world throws in
            let rule = try Self.document(#"{"when":{},"then":{"fail":1}}"#)
            _ = try world.writeScenario(named: "kept", rule)
            try? world.transaction {
                _ = try world.writeScenario(named: "outer", rule)
                try? world.transaction {
                    _ = try world.writeScenario(named: "inner", rule)
                    throw Undone()
                }
                #expect(try world.scenarios().map(\.name) == ["kept", "outer", "inner"])
                throw Undone()
            }
            #expect(try world.scenarios().map(\.name) == ["kept"])
        }
    }

    @Test func aSandboxHoldsAThousandScenariosAndAThousandFaults() throws {
        try Self.sandbox().withWorld { world throws in
            let (scenario, fault) = (
                try Self.document(#"{"when":{},"then":{"fail":1}}"#),
                try Self.document(#"{"match":{},"response":{"status":500}}"#)
            )
            try world.transaction {
                for number in 0..<1_000 {
                    _ = try world.writeScenario(named: "s\(number)", scenario)
                    _ = try world.writeFault(named: "f\(number)", fault, within: Self.vocabulary)
                }
            }
            let problems = [
                refusal { _ = try world.writeScenario(named: "more", scenario) },
                refusal { _ = try world.writeFault(named: "more", fault, within: Self.vocabulary) },
            ]
            #expect(
                problems == [
                    "name: is one too many: there are 1000 scenarios already",
                    "name: is one too many: there are 1000 faults already",
                ])
            #expect(try !world.writeScenario(named: "s7", scenario).isNew)
            #expect(try !world.writeFault(named: "f7", fault, within: Self.vocabulary).isNew)
            // An export of it can be imported.
            #expect(try SeedDocument(reading: world.export(), modules: Understudy.modules).scenarios.count == 1_000)
        }
    }

    @Test func bothTogetherHaveEightMebibytes() throws {
        try Self.sandbox().withWorld { world throws in
            let message = String(repeating: "m", count: (4 << 20) - 100)
            let scenario = try Self.document(
                #"{"when":{},"then":{"entities":9,"run_error":{"after":1,"message":"\#(message)"}}}"#)
            let fault = try Self.document(
                #"{"response":{"status":500,"body":"\#(String(repeating: "b", count: 250 << 10))"},"match":{}}"#)
            _ = try world.writeScenario(named: "a", scenario)
            for number in 0..<16 { _ = try world.writeFault(named: "f\(number)", fault, within: Self.vocabulary) }
            let expected = "the document makes scenarios and faults larger than 8388608 bytes together"
            #expect(refusal { _ = try world.writeScenario(named: "b", scenario) } == expected)
            _ = try world.writeScenario(named: "a", scenario)
            _ = try world.writeFault(named: "f15", fault, within: Self.vocabulary)
            _ = try world.deleteFault(named: "f3")
            _ = try world.writeFault(named: "f16", fault, within: Self.vocabulary)
            #expect(
                refusal { _ = try world.writeFault(named: "f17", fault, within: Self.vocabulary) } == expected)
        }
    }

    private func refusal(_ work: () throws -> Void) -> String? {
        do {
            try work()
            return nil
        } catch { return "\(error)" }
    }

    @Test func aSeedHasNoMoreThanASandboxHolds() {
        func problems(_ scenarios: [String], _ faults: [String]) -> [String] {
            GoodSeed.problems(
                of:
                    #"{"scenarios":[\#(scenarios.joined(separator: ","))],"faults":[\#(faults.joined(separator: ","))]}"#,
                base: { _ in nil })
        }
        func scenario(_ number: Int, _ then: String) -> String { #"{"name":"s\#(number)","when":{},"then":\#(then)}"# }
        func fault(_ number: Int) -> String { #"{"name":"f\#(number)","match":{},"response":{"status":500}}"# }
        let long = #"{"run_error":{"after":1,"message":"\#(String(repeating: "m", count: 3 << 20))"}}"#
        #expect(
            problems((0...1_000).map { scenario($0, #"{"fail":1}"#) }, (0...1_000).map(fault)) == [
                "scenarios[1000].name: is one too many: there are 1000 scenarios already",
                "faults[1000].name: is one too many: there are 1000 faults already",
            ])
        #expect(
            problems((0..<3).map { scenario($0, long) }, []) == [
                "scenarios[2].name: makes scenarios and faults larger than 8388608 bytes together"
            ])
    }
}
