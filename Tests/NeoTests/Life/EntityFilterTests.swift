import Time
import Testing

@testable import Neo

@Suite struct EntityFilterTests {
    private static let new = #"{"field":"status","operator":"=","value":"New"}"#
    private static let old = #"{"field":"status","operator":"=","value":"Old"}"#
    private static let high = #"{"field":"priority","operator":">","value":2}"#

    private func group(_ combinator: String, _ rules: String..., not: String? = nil) -> String {
        let not = not.map { #","not":\#($0)"# } ?? ""
        return #"{"combinator":"\#(combinator)","rules":[\#(rules.joined(separator: ","))]\#(not)}"#
    }

    private func matches(_ spec: String, _ fields: String) throws -> Bool {
        let filter = try filter(spec)
        #expect(filter.warnings == [])
        return try filter.matches(ticket(fields))
    }

    @Test(arguments: ["FILTER", #"{"conditions":FILTER,"x":1}"#, #"{"ticket_conditions":{"conditions":FILTER}}"#])
    func theFilterStandsInOneOfThreePlaces(spec: String) throws {
        let parts = spec.split(separator: "FILTER", omittingEmptySubsequences: false)
        let spec = parts.joined(separator: group("and", Self.new, Self.high))
        #expect(try matches(spec, #"{"status":"new","priority":3}"#))
        #expect(try !matches(spec, #"{"status":"new","priority":2}"#))
    }

    @Test func theOutermostFilterCountsAndTheOthersAreWarnedOf() throws {
        let inner = #""conditions":\#(group("and", Self.old)),"ticket_conditions":{"conditions":\#(group("or"))}"#
        let both = try filter(#"{"rules":[\#(Self.new)],\#(inner)}"#)
        #expect(try both.matches(ticket(#"{"status":"new"}"#)))
        #expect(
            both.warnings == [
                "conditions: not used, because there is a filter at the top",
                "ticket_conditions.conditions: not used, because there is a filter at the top",
            ])
        let nested = try filter("{\(inner)}")
        #expect(try nested.matches(ticket(#"{"status":"old"}"#)))
        #expect(
            nested.warnings == ["ticket_conditions.conditions: not used, because there is a filter at conditions"])
    }

    @Test func anEmptySpecMatchesEverythingWithoutAWarning() throws {
        #expect(try matches("{}", "{}"))
    }

    @Test(arguments: [
        #"{"x":1}"#, #"{"conditions":{}}"#, #"{"conditions":null}"#, #"{"conditions":[]}"#,
        #"{"ticket_conditions":{}}"#,
        #"{"field":"status","operator":"=","value":"New"}"#, #"{"ticket_conditions":{"rules":[]}}"#,
    ])
    func aSpecWithoutAFilterMatchesEverythingWithAWarning(spec: String) throws {
        let filter = try filter(spec)
        #expect(try filter.matches(ticket("{}")))
        #expect(
            filter.warnings == [
                "filter_spec: no rules at the top, in conditions or in ticket_conditions.conditions, "
                    + "so it matches every entity"
            ])
    }

    @Test(arguments: ["and", "AND", "And"])
    func andNeedsEveryRule(combinator: String) throws {
        #expect(try matches(group(combinator, Self.new, Self.high), #"{"status":"New","priority":3}"#))
        #expect(try !matches(group(combinator, Self.new, Self.high), #"{"status":"New"}"#))
    }

    @Test(arguments: ["or", "OR", "oR"])
    func orNeedsOneRule(combinator: String) throws {
        #expect(try matches(group(combinator, Self.new, Self.high), #"{"status":"New"}"#))
        #expect(try !matches(group(combinator, Self.new, Self.high), #"{"status":"Old","priority":1}"#))
    }

    @Test func aCombinatorLeftOutIsAnd() throws {
        let spec = #"{"rules":[\#(Self.new),\#(Self.high)]}"#
        #expect(try matches(spec, #"{"status":"New","priority":3}"#))
        #expect(try !matches(spec, #"{"status":"New","priority":1}"#))
    }

    @Test(arguments: ["and", "or"])
    func aGroupWithoutRulesHoldsForAll(combinator: String) throws {
        #expect(try matches(group(combinator), "{}"))
        #expect(try matches(group(combinator, group(combinator)), "{}"))
        #expect(try !matches(group(combinator, not: "true"), "{}"))
        #expect(try matches(group(combinator, group(combinator, not: "true"), not: "true"), "{}"))
    }

    @Test func groupsNest() throws {
        let spec = group("and", group("or", Self.new, Self.old), group("and", Self.high))
        #expect(try matches(spec, #"{"status":"Old","priority":3}"#))
        #expect(try !matches(spec, #"{"status":"Done","priority":3}"#))
        #expect(try !matches(spec, #"{"status":"New","priority":1}"#))
    }

    @Test func notTurnsAGroupRound() throws {
        for (status, priority) in [("New", 1), ("New", 3), ("Old", 1), ("Old", 3)] {
            let fields = #"{"status":"\#(status)","priority":\#(priority)}"#
            let (isNew, isHigh) = (status == "New", priority > 2)
            #expect(try matches(group("and", Self.new, Self.high, not: "true"), fields) == !(isNew && isHigh))
            #expect(try matches(group("or", Self.new, Self.high, not: "true"), fields) == !(isNew || isHigh))
            #expect(try matches(group("or", Self.new, Self.high, not: "false"), fields) == (isNew || isHigh))
            let twice = group("and", group("or", Self.new, Self.high, not: "true"), not: "true")
            #expect(try matches(twice, fields) == (isNew || isHigh))
        }
        #expect(try matches(group("and", Self.high, not: "true"), "{}"))
    }

    @Test func whatCannotBeReadMatchesNothingEvenInANegatedGroup() throws {
        let bad = #"{"field":"status","operator":"like","value":1}"#
        for spec in [
            group("and", bad), group("and", bad, not: "true"), group("and", Self.new, bad),
            group("or", bad, not: "true"), group("or", Self.old, bad, not: "true"),
            group("and", group("xor", Self.new), not: "true"),
        ] {
            #expect(try !filter(spec).matches(ticket(#"{"status":"New"}"#)), "\(spec)")
        }
        #expect(try filter(group("or", bad, Self.new)).matches(ticket(#"{"status":"New"}"#)))
        #expect(try filter(group("and", bad, Self.old, not: "true")).matches(ticket(#"{"status":"New"}"#)))
    }

    @Test func identityComesBeforeFreeFields() throws {
        let fields = #"{"id":"x","type":"y","number":"z"}"#
        #expect(try matches(#"{"rules":[{"field":"id","operator":"=","value":4711}]}"#, fields))
        #expect(try matches(#"{"rules":[{"field":"type","operator":"=","value":"TICKET"}]}"#, fields))
        #expect(try matches(#"{"rules":[{"field":"number","operator":"beginsWith","value":"t2026"}]}"#, fields))
        let numberless = try ticket(fields, number: nil)
        #expect(try filter(#"{"rules":[{"field":"number","operator":"null"}]}"#).matches(numberless))
    }

    @Test(arguments: [
        (#"{"a":{"b":{"c":5}}}"#, true), (#"{"a.b.c":5}"#, true), (#"{"a.b.c":6,"a":{"b":{"c":5}}}"#, false),
        (#"{"a":{"b.c":5}}"#, false), (#"{"a":{"b":null}}"#, false), (#"{"a":[{"b":{"c":5}}]}"#, false),
        (#"{"a":5}"#, false),
        (#"{"a":{"b":{"c":6,"c":5}}}"#, true),
    ])
    func aDottedNameLeadsIntoObjects(fields: String, expected: Bool) throws {
        #expect(try matches(#"{"rules":[{"field":"a.b.c","operator":"=","value":5}]}"#, fields) == expected)
    }

    @Test(arguments: [".", "..", "a.", ".a", "a..b"])
    func emptyStepsOfANameAreNamesToo(name: String) throws {
        let spec = #"{"rules":[{"field":"\#(name)","operator":"notNull"}]}"#
        #expect(try !matches(spec, #"{"a":{"b":1}}"#))
        #expect(try matches(spec, #"{"a":{"":{"b":1}},"":{"":{"":1},"a":1}}"#))
    }
}
