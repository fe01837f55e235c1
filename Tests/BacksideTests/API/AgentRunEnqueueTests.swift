import TestSupport
import Testing

@Suite struct AgentRunEnqueueTests {
    @Test func everythingMayBeLeftOut() throws {
        let client = try RunClient()
        for body in [nil, "", "{}", #"{"input": {}, "run_at": null, "deadline_at": null, "budget_usd_cents": null}"#] {
            let answer = client.standIn.send("POST", client.path, key: client.key, body: body)
            #expect(answer.status == 201)
            #expect(answer["status"]?.string == "queued")
            #expect(answer["input"]?.compact == "{}")
            #expect(answer["budget_usd_cents"]?.integer == 500)
            #expect(answer["deadline_at"]?.isNull == true)
            #expect(answer["run_at"]?.string == "2026-03-02T09:00:00.000000Z")
            #expect(answer["steps"] == nil)
        }
    }

    @Test(arguments: ["null", "[1, 2.50 ]", #""text""#, "true", "-0.0e-9", #"{"z": 1, "a": "\u00e9"}"#])
    func theInputComesBackAsItWas(input: String) throws {
        let client = try RunClient()
        let id = try client.enqueue(#"{"input": \#(input), "unknown": 1}"#)
        #expect(client.get(id).text.contains(#""input":\#(input),"#))
    }

    @Test(arguments: [
        "[]", "null", "1", "x", "{", #"{"input"}"#, #"{"run_at": 5}"#, #"{"run_at": "tomorrow"}"#,
        #"{"run_at": "2026-13-01T00:00:00Z"}"#, #"{"deadline_at": {}}"#, #"{"deadline_at": ""}"#,
        #"{"budget_usd_cents": -1}"#, #"{"budget_usd_cents": "5"}"#, #"{"budget_usd_cents": 1.5}"#,
        #"{"budget_usd_cents": 9223372036854775808}"#, #"{"budget_usd_cents": 1e400}"#,
        #"{"input": \#(String(repeating: "[", count: 10_000))"#, #"{"a": "\ud800"}"#,
    ])
    func whatIsMalformedIsRefusedAndMakesNothing(body: String) throws {
        let client = try RunClient()
        let answer = client.standIn.send("POST", client.path, key: client.key, body: body)
        #expect(answer.status == 400)
        #expect(answer.code == "bad_request")
        #expect(client.standIn.send("GET", client.path, key: client.key)["data"]?.array?.isEmpty == true)
    }

    @Test func allThatIsWrongIsSaidAtOnce() throws {
        let client = try RunClient()
        let answer = client.standIn.send(
            "POST", client.path, key: client.key, body: #"{"run_at": 1, "deadline_at": 2, "budget_usd_cents": "3"}"#)
        let message = answer["error.message"]?.string ?? ""
        for field in ["run_at", "deadline_at", "budget_usd_cents"] { #expect(message.contains(field)) }
    }

    @Test func theLargestNumbersAreTaken() throws {
        let client = try RunClient()
        let id = try client.enqueue(
            #"{"budget_usd_cents": 9223372036854775807, "deadline_at": "9999-12-31T23:59:59.999999Z"}"#)
        client.advance(#"{"until": "idle"}"#)
        #expect(client.look(id) == "succeeded xxxxx")
    }

    @Test func writingTakesItsScope() throws {
        let standIn = try StandIn()
        let path = "/api/v1/agents/contact_deduper/runs"
        for (key, status) in [(DemoSeed.readOnlyKey, 403), (DemoSeed.otherScopeKey, 403), (DemoSeed.backsideKey, 201)] {
            #expect(standIn.send("POST", path, key: key).status == status)
        }
        #expect(standIn.send("POST", path, key: nil).status == 402)
    }
}
