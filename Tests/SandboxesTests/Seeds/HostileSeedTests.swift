import JSON
import SQLite
import Sandboxes
import Time
import TestSupport
import Testing

@Suite struct HostileSeedTests {
    private static let values = [
        "null", "true", "-1", "9223372036854775807", "9223372036854775808", "1e999999999", "0.5", "\"\"", "\"123\"",
        "\"-P1D\"", "\"2026-03-02T09:00:00Z\"", "[]", "[null]", "{}", "[{}]", "{\"a\":{}}",
    ]

    /// Byte ranges of every value of the document.
    private static func ranges(_ node: JSONNode) -> [Range<Int>] {
        let inner: [Range<Int>] =
            switch node.value {
            case .array(let elements): elements.flatMap(ranges)
            case .object(let object): object.members.flatMap { ranges($0.value) }
            case .null, .bool, .number, .string: []
            }
        return [node.range] + inner
    }

    /// Whatever stands anywhere, a document is refused at a place, or it can be made a sandbox and exported.
    @Test(arguments: values)
    func aSpoiltDocumentIsRefusedOrCanBeUsed(value: String) throws {
        let good = Array(GoodSeed.text.utf8)
        var accepted = 0
        for range in Self.ranges(try JSONParser.parse(good)) {
            let spoilt = Array(good[..<range.lowerBound]) + Array(value.utf8) + Array(good[range.upperBound...])
            do throws(SeedRefusal) {
                let document = try GoodSeed.read(spoilt)
                accepted += 1
                #expect(throws: Never.self) {
                    _ = try GoodSeed.read(try GoodSeed.export(document))
                }
            } catch {
                #expect(!error.problems.isEmpty && error.problems.count <= 100)
                #expect(error.problems.allSatisfy { !$0.message.isEmpty })
            }
        }
        #expect(accepted > 0)
    }

    @Test func aTextCutShortIsRefused() {
        let good = Array(GoodSeed.text.utf8)
        for length in stride(from: 0, to: good.count, by: 7) {
            #expect(throws: SeedRefusal.self) { try GoodSeed.read(Array(good[..<length])) }
        }
    }

    @Test func nestingHasAnEnd() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(GoodSeed.problems(of: #"{"agents": \#(deep)"#).count == 1)
        let objects = String(repeating: #"{"a":"#, count: 100_000)
        #expect(GoodSeed.problems(of: objects) == ["line 1, column 681: nested deeper than 136 levels"])
    }

    @Test func sumsThatOverflowAreRefused() {
        let step =
            #"{"seq": 1, "kind": "llm", "name": "m", "cost_usd_cents": 9223372036854775807, "started_at": "-P1D", "completed_at": "-P1D"}"#
        let other = step.replacing("\"seq\": 1", with: "\"seq\": 2")
        let text = """
            {"agent_scripts": {"k": {"steps": [], "outcome": {"status": "succeeded"}}},
             "runs": [{"id": "3c90c3cc-0d44-4b50-8888-8dd25736052a", "agent_kind": "k", "status": "running",
               "created_at": "-P1D", "cost_usd_cents": 0, "steps": [\(step), \(other)]}]}
            """
        #expect(
            GoodSeed.problems(of: text) == [
                "runs[0].cost_usd_cents: must be the sum of the steps', which is more than fits"
            ])
    }

    /// A reader's memory is a small multiple of the bytes.
    @Test func aDocumentOfNothingButBracketsIsRefused() throws {
        let text = "{\"x\": [\(String(repeating: "[],", count: 1_000_000))[]]}"
        let problems = GoodSeed.problems(of: text)
        #expect(problems.count == 1)
        #expect(problems.first?.contains("more than \(text.utf8.count / 6) values, which are too many") == true)
    }

    @Test func aMillionElementsAreRefusedOrTakenInLinearTime() throws {
        let clock = ContinuousClock()
        let start = clock.now
        for list in ["agents", "entities", "backfills", "executions", "agent_configs", "runs", "credentials"] {
            let count = list == "entities" ? 1_000_000 : 1_000
            // Each value takes more bytes here than the reader asks of a document.
            let text = "{\"\(list)\": [\(String(repeating: "1234567,", count: count))0]}"
            #expect(GoodSeed.problems(of: text).count == 100)
        }
        let members = (0..<50_000).map { #""k\#($0)": {"steps": [], "outcome": {"status": "succeeded"}}"# }
        #expect(
            try GoodSeed.read("{\"agent_scripts\": {\(members.joined(separator: ","))}}").backside.scripts.count
                == 50_000)
        let entities = (0..<50_000).map { #"{"id": "t\#($0)", "type": "ticket"}"# }
        let ids = (0..<50_000).map { "\"t\($0)\"" }
        let text = """
            {"agents": [{"id": "1", "name": "", "autonomy_type": "AGENTIC", "entity_type": "TICKET", "created_at": "-P1D"}],
             "entities": [\(entities.joined(separator: ","))],
             "backfills": [{"id": "b", "state": "DRAFT", "target_workflow_id": 1, "entity_type": "ticket",
               "filter_spec": {}, "max_in_flight": 1, "created_at": "-P1D", "entities": [\(ids.joined(separator: ","))]}]}
            """
        #expect(try GoodSeed.read(text).neo.backfills[0].entities.count == 50_000)
        let spent = clock.now - start
        // A quadratic step over 50,000 elements takes minutes.
        #expect(spent < .seconds(60))
    }
}
