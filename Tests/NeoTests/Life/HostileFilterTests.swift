import JSON
import Time
import Testing

@testable import Neo

@Suite struct HostileFilterTests {
    @Test func groupsNestAsDeepAsTheReaderAllows() throws {
        let depth = JSONParser.maximumDepth / 2 - 1
        let spec =
            String(repeating: #"{"not":true,"rules":["#, count: depth) + #"{"field":"f","operator":"=","value":1}"#
            + String(repeating: "]}", count: depth)
        let filter = try filter(spec)
        #expect(filter.warnings == [])
        #expect(try filter.matches(ticket(#"{"f":1}"#)) == depth.isMultiple(of: 2))
    }

    @Test func aHugeListIsLookedUpNotSearched() throws {
        let list = (0..<50_000).map(String.init).joined(separator: ",")
        for value in ["[\(list)]", "\"\(list)\""] {
            let (included, excluded) = (try filter(rule("in", value)), try filter(rule("notIn", value)))
            let matched = try (49_000..<51_000).filter { try included.matches(ticket(#"{"f":\#($0)}"#)) }
            let left = try (49_000..<51_000).filter { try excluded.matches(ticket(#"{"f":"\#($0)"}"#)) }
            #expect(matched == Array(49_000..<50_000))
            #expect(left == Array(50_000..<51_000))
        }
    }

    @Test func aRepeatingTextIsSearchedInOnePass() throws {
        let pattern = String(repeating: "a", count: 50_000) + "b"
        let filter = try filter(rule("contains", "\"\(pattern)\""))
        #expect(try !filter.matches(ticket(#"{"f":"\#(String(repeating: "a", count: 200_000))"}"#)))
        #expect(try filter.matches(ticket(#"{"f":"a\#(pattern)"}"#)))
    }

    @Test func numbersOfAnyLengthAreRead() throws {
        let nines = String(repeating: "9", count: 100_000)
        let entity = try ticket(#"{"f":\#(nines)}"#)
        #expect(try filter(rule("=", "\"\(nines)\"")).matches(entity))
        #expect(try filter(rule("<", "1e100000")).matches(entity))
        #expect(try filter(rule(">", "1e99999")).matches(entity))
        #expect(try filter(rule("=", "0e\(nines)")).matches(ticket(#"{"f":0}"#)))
        #expect(try !filter(rule("=", "1")).matches(ticket(#"{"f":1e\#(nines)}"#)))
    }

    @Test func rulesAndGroupsAreCountedAndBounded() throws {
        func filter(rules count: Int) throws -> EntityFilter {
            let rules = Array(repeating: #"{"field":"f","operator":"=","value":1}"#, count: count)
            return try NeoTests.filter(#"{"rules":[\#(rules.joined(separator: ","))]}"#)
        }
        #expect(try NeoTests.filter("{}").ruleCount == 0)
        #expect(try NeoTests.filter(#"{"rules":[{"rules":[]},7,{"field":"f"}]}"#).ruleCount == 4)
        let most = try filter(rules: FilterBounds.mostRules - 1)
        #expect(most.ruleCount == 1_000)
        #expect(most.cost(entities: 5_000) == 5_000_000)
        #expect(most.excess(entities: 5_000) == nil)
        #expect(most.excess(entities: 5_001) == .comparisons(rules: 1_000, entities: 5_001))
        #expect(try filter(rules: FilterBounds.mostRules).excess(entities: 0) == .rules)
        // The rest is not read.
        #expect(try filter(rules: 20_000).ruleCount == 1_001)
    }

    /// Few rules, but much to look at: long texts, long lists, wide objects.
    @Test(arguments: [(#""LONG""#, "f", "contains"), ("[LIST]", "f", "in"), ("{WIDE}", "f.g", "=")])
    func theBytesThatItLooksAtAreBounded(value: String, path: String, symbol: String) throws {
        let value = value.replacing("LONG", with: String(repeating: "a", count: 200_000))
            .replacing("LIST", with: Array(repeating: "1", count: 12_000).joined(separator: ","))
            .replacing("WIDE", with: (0..<12_000).map { #""m\#($0)":1"# }.joined(separator: ","))
        let rules = (0..<20).map { number in
            #"{"field":"\#(path)\#(path == "f" ? "" : "\(number)")","operator":"\#(symbol)","value":"b"}"#
        }
        let filter = try NeoTests.filter(#"{"combinator":"or","rules":[\#(rules.joined(separator: ","))]}"#)
        let entity = try ticket(#"{"f":\#(value)}"#)
        let reading = FilterReading(filter)
        #expect(reading.matches(entity, bytes: FilterBounds.mostBytes - (6 << 20)) == false)
        #expect(reading.matches(entity, bytes: 0) == nil)
    }

    /// A field is converted once, so that many rules on a long one take no longer than reading it and comparing.
    @Test func manyRulesOnOneLongFieldConvertItOnce() throws {
        let rules = (0..<900).map { #"{"field":"f","operator":"=","value":"\#($0)"}"# }.joined(separator: ",")
        let filter = try NeoTests.filter(#"{"combinator":"or","rules":[\#(rules)]}"#)
        #expect(try !filter.matches(ticket(#"{"f":"\#(String(repeating: "x", count: 1_000_000))"}"#)))
    }
}
