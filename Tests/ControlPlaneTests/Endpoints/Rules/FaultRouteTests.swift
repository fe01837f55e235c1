import JSON
import TestSupport
import Testing

@Suite struct FaultRouteTests {
    private static let path = "/_understudy/faults/down"
    /// A field of that many bytes after another.
    private static func headers(bytes: Int) -> String {
        let fields = (0..<8).map { number in
            let length = bytes / 8 - 1 + (number < bytes % 8 ? 1 : 0)
            return "\"\(number)\": \"\(String(repeating: "a", count: length))\""
        }
        return #"{"status": 500, "headers": {\#(fields.joined(separator: ", "))}}"#
    }

    private static let rule = #"{"match": {"api": "neo", "times": 2}, "response": {"status": 503}}"#

    @Test func aFaultIsMadeReplacedListedAndDeleted() throws {
        let standIn = try StandIn()
        let made = standIn.send("PUT", Self.path, body: Self.rule)
        #expect(made.status == 201)
        #expect(
            made.json?.compact
                == #"{"name":"down","match":{"api":"neo","times":2},"response":{"status":503},"matched":0,"used":0}"#)
        standIn.send("PUT", "/_understudy/faults/other", body: #"{"match": {}, "response": {"status": 500}}"#)
        let replaced = standIn.send("PUT", Self.path, body: #"{"response": {"status": 429}, "match": {}}"#)
        #expect(replaced.status == 200)
        #expect(replaced.json?.compact == standIn.send("GET", Self.path).json?.compact)
        let names = standIn.send("GET", "/_understudy/faults")["data"]?.array?.map { $0.object?["name"]?.string }
        #expect(names == ["other", "down"])
        let deleted = standIn.send("DELETE", Self.path)
        #expect(deleted.status == 200)
        #expect(deleted.json?.compact == replaced.json?.compact)
        for method in ["GET", "DELETE"] {
            let answer = standIn.send(method, Self.path)
            #expect(answer.status == 404)
            #expect(answer.code == "not_found")
        }
        #expect(standIn.send("GET", "/_understudy/faults")["data"]?.array?.count == 1)
        // What is deleted is met by nobody.
        standIn.send("DELETE", "/_understudy/faults/other")
        #expect(standIn.send("GET", "/public-api/agents").status == 200)
    }

    @Test func noFaultReachesAnotherSandbox() throws {
        let standIn = try StandIn()
        standIn.send("PUT", Self.path, body: Self.rule)
        #expect(standIn.send("GET", Self.path, key: "neo_sk_test_two").status == 404)
        #expect(standIn.send("GET", "/public-api/agents", key: "neo_sk_test_two").status == 200)
        #expect(standIn.send("GET", "/public-api/agents").status == 503)
    }

    @Test func aResetTakesFaultsAway() throws {
        let standIn = try StandIn()
        standIn.send("PUT", Self.path, body: Self.rule)
        #expect(standIn.send("GET", "/public-api/agents").status == 503)
        standIn.send("POST", "/_understudy/sandbox/reset")
        #expect(standIn.send("GET", Self.path).status == 404)
        #expect(standIn.send("GET", "/public-api/agents").status == 200)
    }

    @Test(arguments: ["", "{", "[]", "7", "null"])
    func aBodyThatIsNoObjectIsMalformed(body: String) throws {
        let answer = try StandIn().send("PUT", Self.path, body: body)
        #expect(answer.status == 400)
        #expect(answer.code == "bad_request")
    }

    private static let wrongMatches: [(String, [String])] = [
        ("[]", ["match"]), ("null", ["match"]), (#"{"api": "neon"}"#, ["match.api"]), (#"{"api": 7}"#, ["match.api"]),
        (#"{"method": "get"}"#, ["match.method"]), (#"{"method": ""}"#, ["match.method"]),
        (#"{"path": "public-api"}"#, ["match.path"]), (#"{"path": ""}"#, ["match.path"]),
        (#"{"path": 7}"#, ["match.path"]),
        (#"{"path": "/\#(String(repeating: "a", count: 256))"}"#, ["match.path"]),
        (#"{"operation": "public_api.backfills"}"#, ["match.operation"]),
        (#"{"api": "backside", "operation": "public_api.backfills_get"}"#, ["match.operation"]),
        (#"{"operation": "public_api.health_get"}"#, ["match.operation"]),
        (#"{"api": "neon", "operation": "no"}"#, ["match.api", "match.operation"]),
        (#"{"api": "neon", "operation": "get_agent_run"}"#, ["match.api"]),
        (#"{"operation": "list_faults"}"#, ["match.operation"]),
        (#"{"skip": -1}"#, ["match.skip"]), (#"{"skip": 0.5}"#, ["match.skip"]), (#"{"times": 0}"#, ["match.times"]),
        (#"{"times": "2"}"#, ["match.times"]), (#"{"probability": 1.01}"#, ["match.probability"]),
        (#"{"probability": -0.1}"#, ["match.probability"]), (#"{"probability": 1e400}"#, ["match.probability"]),
        (#"{"probability": null}"#, ["match.probability"]),
        (#"{"agent": 1, "also": 2}"#, ["match.agent", "match.also"]),
        (#"{"times": 1, "times": 2}"#, ["match.times"]),
    ]

    @Test(arguments: wrongMatches)
    func aMatchThatCannotBeIsRefused(match: String, fields: [String]) throws {
        try Self.refuse(#"{"match": \#(match), "response": {"status": 503}}"#, fields)
    }

    private static let wrongResponses: [(String, [String])] = [
        ("{}", ["response"]), ("503", ["response"]), (#"{"state": 503}"#, ["response.state"]),
        (#"{"status": 199}"#, ["response.status"]), (#"{"status": 600}"#, ["response.status"]),
        (#"{"status": "503"}"#, ["response.status"]), (#"{"status": 503.5}"#, ["response.status"]),
        (#"{"headers": {"A": "b"}}"#, ["response.headers"]), (#"{"body": ""}"#, ["response.body"]),
        (#"{"jsonBody": null}"#, ["response.jsonBody"]),
        (#"{"status": 500, "body": "", "jsonBody": 1}"#, ["response.jsonBody"]),
        (#"{"status": 500, "body": {}}"#, ["response.body"]), (#"{"status": 204, "body": "x"}"#, ["response.status"]),
        (#"{"status": 304, "jsonBody": {}}"#, ["response.status"]),
        (#"{"status": 500, "body": "\#(String(repeating: "a", count: 262_145))"}"#, ["response.body"]),
        (#"{"status": 500, "headers": []}"#, ["response.headers"]),
        (#"{"status": 500, "headers": {"A": 1}}"#, ["response.headers.A"]),
        (
            #"{"status": 500, "headers": {"A B": "", "": "", "é": ""}}"#,
            [
                "response.headers.A B", "response.headers.", "response.headers.é",
            ]
        ),
        (#"{"status": 500, "headers": {"A": "b\r\nC: d"}}"#, ["response.headers.A"]),
        (#"{"status": 500, "headers": {"A": "\u0000"}}"#, ["response.headers.A"]),
        (
            #"{"status": 500, "headers": {"content-length": "1", "Transfer-Encoding": "chunked", "Connection": "close"}}"#,
            [
                "response.headers.content-length", "response.headers.Transfer-Encoding", "response.headers.Connection",
            ]
        ),
        (#"{"status": 500, "headers": {"X-Understudy-Fault": "x"}}"#, ["response.headers.X-Understudy-Fault"]),
        (#"{"status": 500, "headers": {"A": "1", "a": "2"}}"#, ["response.headers.a"]),
        (headers(bytes: 8_193), ["response.headers"]),
        (#"{"fault": "EMPTY"}"#, ["response.fault"]), (#"{"fault": "empty_response"}"#, ["response.fault"]),
        (#"{"fault": "EMPTY_RESPONSE", "status": 500}"#, ["response.status"]),
        (#"{"fault": "EMPTY_RESPONSE", "body": "", "headers": {}}"#, ["response.body", "response.headers"]),
        (
            #"{"fault": "EMPTY_RESPONSE", "chunkedDribbleDelay": {"numberOfChunks": 2, "totalDuration": 1}}"#,
            ["response.chunkedDribbleDelay"]
        ),
        (#"{"fixedDelayMilliseconds": -1}"#, ["response.fixedDelayMilliseconds"]),
        (#"{"fixedDelayMilliseconds": 600001}"#, ["response.fixedDelayMilliseconds"]),
        (
            #"{"fixedDelayMilliseconds": 1, "delayDistribution": {"type": "uniform", "lower": 1, "upper": 2}}"#,
            ["response.delayDistribution"]
        ),
        (#"{"delayDistribution": {"type": "normal", "lower": 1}}"#, ["response.delayDistribution.type"]),
        (
            #"{"delayDistribution": {"type": "uniform"}}"#,
            [
                "response.delayDistribution.lower", "response.delayDistribution.upper",
            ]
        ),
        (#"{"delayDistribution": {"type": "uniform", "lower": 2, "upper": 1}}"#, ["response.delayDistribution.upper"]),
        (
            #"{"delayDistribution": {"type": "uniform", "lower": 1, "upper": 2, "median": 1}}"#,
            ["response.delayDistribution.median"]
        ),
        (
            #"{"delayDistribution": {"type": "lognormal", "median": 0, "sigma": -1, "maxValue": 1e9}}"#,
            ["median", "sigma", "maxValue"].map { "response.delayDistribution.\($0)" }
        ),
        (
            #"{"chunkedDribbleDelay": {"numberOfChunks": 0, "totalDuration": 600001}}"#,
            ["response.chunkedDribbleDelay.numberOfChunks", "response.chunkedDribbleDelay.totalDuration"]
        ),
    ]

    @Test(arguments: wrongResponses)
    func aResponseThatCannotBeIsRefused(response: String, fields: [String]) throws {
        try Self.refuse(#"{"match": {}, "response": \#(response)}"#, fields)
    }

    @Test func everythingWrongIsSaidAtOnce() throws {
        try Self.refuse("{}", ["match", "response"])
        try Self.refuse(
            #"{"response": {"status": 99, "fault": "X"}, "match": {"operation": "no", "times": 0}, "also": 1}"#,
            ["response.status", "response.fault", "match.operation", "match.times", "also", "response.status"])
    }

    private static func refuse(_ body: String, _ fields: [String]) throws {
        let standIn = try StandIn()
        let answer = standIn.send("PUT", path, body: body)
        #expect(answer.status == 422)
        #expect(answer.code == "invalid_fault")
        #expect(answer.violatedFields.sorted() == fields.sorted())
        #expect(standIn.send("GET", "/_understudy/faults")["data"]?.array?.isEmpty == true)
    }

    @Test(arguments: ["a%20b", "a%2Fb", "%C3%A9", String(repeating: "a", count: 65), "a+b", "prefer"])
    func aNameIsPlain(name: String) throws {
        let answer = try StandIn().send("PUT", "/_understudy/faults/\(name)", body: #"{"response": {"status": 500}}"#)
        #expect(answer.violatedFields == ["name", "match"])
    }

    @Test func whatIsAskedIsAllowedToItsEdges() throws {
        let standIn = try StandIn()
        for body in [
            #"{"match": {}, "response": {"status": 200}}"#, #"{"match": {}, "response": {"status": 599}}"#,
            #"{"match": {"api": "backside", "operation": "get_agent_run"}, "response": {"status": 500, "jsonBody": null}}"#,
            #"{"match": {"skip": 0, "times": 1, "probability": 0}, "response": {"fixedDelayMilliseconds": 600000}}"#,
            #"{"match": {"probability": 1}, "response": {"fixedDelayMilliseconds": 0}}"#,
            #"{"match": {"path": "/\#(String(repeating: "a", count: 255))"}, "response": {"status": 204}}"#,
            #"{"match": {}, "response": {"status": 500, "body": "\#(String(repeating: "a", count: 262_144))"}}"#,
            #"{"match": {}, "response": {"delayDistribution": {"type": "uniform", "lower": 0, "upper": 0}}}"#,
            #"{"match": {}, "response": {"delayDistribution": {"type": "lognormal", "median": 1, "sigma": 0}}}"#,
            #"{"match": {}, "response": {"fixedDelayMilliseconds": 10, "fault": "EMPTY_RESPONSE"}}"#,
            #"{"match": {}, "response": {"status": 500, "headers": {"A": "", "B": "é\t b"}}}"#,
            #"{"match": {}, "response": \#(Self.headers(bytes: 8_192))}"#,
        ] {
            #expect(standIn.send("PUT", Self.path, body: body).status < 300)
        }
    }

    @Test func thereAreAThousandAtMost() throws {
        let standIn = try StandIn()
        for number in 1...1_000 {
            #expect(standIn.send("PUT", "/_understudy/faults/f\(number)", body: Self.rule).status == 201)
        }
        #expect(standIn.send("PUT", Self.path, body: Self.rule).violatedFields == ["name"])
        #expect(standIn.send("PUT", "/_understudy/faults/f1", body: Self.rule).status == 200)
    }
}
