import JSON
import Simulation
import Testing

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
}
