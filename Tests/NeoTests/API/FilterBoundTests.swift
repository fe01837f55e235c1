import Time
import TestSupport
import Testing

/// Filters at their bounds and past them, by the API.
@Suite struct FilterBoundTests {
    private static func spec(rules count: Int) -> String {
        let rules = (0..<count).map { #"{"field":"title","operator":"contains","value":"zz\#($0)"}"# }
        return #"{"combinator":"or","rules":[\#(rules.joined(separator: ","))]}"#
    }

    private static func verify(_ standIn: StandIn, _ spec: String) -> Answer {
        standIn.send(
            "POST", "/public-api/backfills/verify", body: #"{"entity_type":"ticket","filter_spec":\#(spec)}"#)
    }

    @Test func aFilterMayHaveAThousandRulesAndGroups() throws {
        let standIn = try StandIn()
        #expect(Self.verify(standIn, Self.spec(rules: 999)).status == 200)
        for count in [1_000, 17_000] {
            let spec = Self.spec(rules: count)
            let create = createBody(["filter_spec": spec])
            for answer in [Self.verify(standIn, spec), standIn.send("POST", "/public-api/backfills", body: create)] {
                #expect(answer.status == 422)
                #expect(answer.code == "validation_error")
                #expect(answer.violatedFields == ["filter_spec"])
                #expect(
                    answer["error.details.errors.0.message"]?.string == "has more than 1000 rules and groups")
            }
        }
    }

    @Test func rulesTimesEntitiesAreBounded() throws {
        let standIn = try StandIn()
        let entities = (0..<10_001).map { #"{"id":"t\#($0)","type":"ticket","fields":{}}"# }
        let seed = #"{"base":"blank","entities":[\#(entities.joined(separator: ","))]}"#
        #expect(standIn.send("PUT", "/_understudy/sandbox/import", body: seed).status == 200)
        let all = try #require(Self.verify(standIn, "{}")["data.matching_entities"]?.integer)
        let most = Int(5_000_000 / all)
        #expect(Self.verify(standIn, Self.spec(rules: most - 1)).status == 200)
        let answer = Self.verify(standIn, Self.spec(rules: most))
        #expect(answer.status == 422)
        #expect(
            answer["error.details.errors.0.message"]?.string
                == "has \(most + 1) rules and groups for \(all) entities, more than 5000000 comparisons")
    }
}
