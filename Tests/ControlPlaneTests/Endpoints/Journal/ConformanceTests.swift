import Emulation
import HTTPFront
import JSON
import Sandboxes
import Synchronization
import TestSupport
import Testing

@Suite struct ConformanceTests {
    private static let path = "/_understudy/conformance"

    @Test func aMisspeltFieldIsNamedByItsOperation() throws {
        let standIn = try StandIn()
        standIn.send("POST", "/public-api/backfills", body: #"{"max_in_flght": 1, "filter_spec": {"anything": 1}}"#)
        standIn.send(
            "POST", "/public-api/backfills",
            body: #"""
                {"max_in_flght": 1, "extra": {"deep": 1},
                 "daily_execution_windows": {"monday": [{"run_start_time": "1", "start": 2}, {"start": 3}], "munday": []}}
                """#)
        standIn.send("POST", "/public-api/backfills", body: "no JSON")
        let answer = standIn.send("GET", Self.path)
        #expect(
            answer["data"]?.compact
                == #"[{"api":"neo","operation":"public_api.backfills_post","method":"POST","path":"/public-api/backfills","calls":3,"#
                + #""unread_fields":[{"name":"max_in_flght","calls":2},{"name":"daily_execution_windows.monday[].start","calls":1},"#
                + #"{"name":"daily_execution_windows.munday","calls":1},{"name":"extra","calls":1}],"undocumented_query_parameters":[],"left_out":0}]"#
        )
        #expect(answer["checked"]?.bool == false)
        #expect(answer["broken_answers"]?.array?.isEmpty == true)
    }

    @Test func anUndocumentedQueryParameterIsNamed() throws {
        let standIn = try StandIn()
        standIn.send("GET", "/public-api/backfills?page_size=5&cursro=x&dry%5Frun=1&dry_run=2")
        standIn.send("GET", "/public-api/backfills?cursro=y")
        let answer = standIn.send("GET", Self.path)
        #expect(
            answer["data.0.undocumented_query_parameters"]?.compact
                == #"[{"name":"cursro","calls":2},{"name":"dry_run","calls":1}]"#)
        #expect(answer["data.0.calls"]?.integer == 2)
    }

    @Test func aThousandNamesOfAnOperationAreCounted() throws {
        let standIn = try StandIn()
        func body(_ numbers: Range<Int>) -> String {
            "{" + numbers.map { #""n\#($0)":1"# }.joined(separator: ",") + "}"
        }
        for numbers in [0..<600, 300..<2_300, 0..<10] {
            standIn.send("POST", "/public-api/backfills/x/pause", body: body(numbers))
        }
        let long = String(repeating: "é", count: 300)
        standIn.send("POST", "/public-api/backfills/x/resume", body: #"{"\#(long)": 1}"#)
        let answer = standIn.send("GET", Self.path)
        let paused = try #require(answer["data.0.unread_fields"]?.array)
        let counts = Dictionary(
            uniqueKeysWithValues: paused.map { ($0.object?["name"]?.string, $0.object?["calls"]?.integer) })
        #expect(paused.count == 1_000)
        #expect([counts["n5"], counts["n299"], counts["n400"], counts["n599"]] == [2, 1, 2, 2])
        // Of the second call 1,000 names were looked at, of which 300 were known and 400 found room.
        #expect(answer["data.0.left_out"]?.integer == 1_300)
        #expect(
            answer["data.1.unread_fields.0.name"]?.string == String(repeating: "é", count: 100) + "…")
        #expect(answer["data.1.left_out"]?.integer == 0)
    }

    @Test func aBodyThatNobodyAskedForIsUnread() throws {
        let standIn = try StandIn()
        standIn.send("POST", "/public-api/backfills/x/pause", body: #"{"reason": "lunch"}"#)
        let answer = standIn.send("GET", Self.path)
        #expect(answer["data.0.unread_fields.0.name"]?.string == "reason")
    }

    @Test func whatTheDocumentKnowsIsNotNamed() throws {
        let standIn = try StandIn()
        standIn.send("POST", "/public-api/backfills", body: createBody())
        standIn.send("GET", "/public-api/executions?page_size=1")
        standIn.send("GET", "/public-api/nowhere?x=1", body: #"{"y": 1}"#)
        let data = standIn.send("GET", Self.path)["data"]?.array ?? []
        #expect(
            data.compactMap { $0.object?["operation"]?.string } == [
                "public_api.backfills_post", "public_api.executions_get",
            ])
        #expect(data.allSatisfy { $0.object?["unread_fields"]?.array?.isEmpty == true })
        #expect(data.allSatisfy { $0.object?["undocumented_query_parameters"]?.array?.isEmpty == true })
    }

    @Test(arguments: [
        (#"{"a": {"b": 1, "x": 1}}"#, ["a.x"]), (#"{"list": [{"b": 1}, {"x": 1, "b": 2}]}"#, ["list[].x"]),
        (#"{"free": {"x": {"y": 1}}}"#, []), (#"{"map": {"any": {"b": 1, "x": 2}}}"#, ["map.any.x"]),
        (#"{"either": {"b": 1}}"#, []), (#"{"either": {"c": 1}}"#, []), (#"{"either": {"x": 1}}"#, ["either.x"]),
        (#"{"all": {"b": 1, "c": 2, "x": 3}}"#, ["all.x"]), (#"{"open": {"x": 1}}"#, []),
        (#"{"a": 5, "list": {}}"#, []),
        (#"{"again": {"again": {"again": {}, "x": 1}}}"#, ["again.again.x"]), ("[1]", []), (#"{"a.b": 1}"#, ["a.b"]),
    ])
    func nestedFieldsAreFoundThroughReferences(body: String, unread: [String]) throws {
        let contract = Contract(
            Array(
                #"""
                {"paths": {"/p": {"post": {"operationId": "o", "requestBody": {"$ref": "#/components/requestBodies/R"}}}},
                 "components": {
                  "requestBodies": {"R": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S"}}}}},
                  "schemas": {
                   "B": {"type": "object", "properties": {"b": {"type": "integer"}}},
                   "C": {"type": "object", "properties": {"c": {"type": "integer"}}},
                   "S": {"type": "object", "properties": {
                    "a": {"$ref": "#/components/schemas/B"},
                    "list": {"type": "array", "items": {"$ref": "#/components/schemas/B"}},
                    "free": {"type": "object"},
                    "map": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/B"}},
                    "either": {"anyOf": [{"$ref": "#/components/schemas/B"}, {"$ref": "#/components/schemas/C"}, {"type": "null"}]},
                    "all": {"allOf": [{"$ref": "#/components/schemas/B"}, {"$ref": "#/components/schemas/C"}]},
                    "open": {"properties": {"b": {}}, "additionalProperties": true},
                    "again": {"$ref": "#/components/schemas/S"}}}}}}
                """#.utf8))
        let operation = try #require(contract.operations.first)
        let found = contract.description(of: operation).unreadFields(of: try JSONParser.parse(Array(body.utf8)))
        #expect(found.names == unread)
    }

    /// An API whose one operation answers what its document does not allow.
    private struct BrokenAPI: EmulatedAPI {
        let name = "broken"
        let basePath = "/broken"
        let title = "Broken API"
        let keys = KeyGrammar(
            fresh: ("broken_", 1), prefixes: [], form: "any", sample: "broken_1", isKey: { _ in false })
        let document = Array(
            #"""
            {"paths": {"/broken": {"get": {"operationId": "get", "responses": {"200": {"description": "", "content":
             {"application/json": {"schema": {"type": "object", "required": ["id"]}}}}}}}}}
            """#.utf8)
        var operations: [Emulation.Operation] {
            [Operation("get", "GET", "/broken", .open { _ in HTTPResponse(200, json: Array("{}".utf8)) })]
        }
        func authenticate(_ request: HTTPRequest) -> Authentication { .refused(.credentialMissing) }
        func objection(to caller: Caller, doing operation: Emulation.Operation) -> PipelineRefusal? { nil }
        func rateLimits(plan: String) -> [RateLimit] { [] }
        func respond(to refusal: PipelineRefusal, _ answer: AnswerContext) -> HTTPResponse { HTTPResponse(404) }
        func respond(to error: any Error, _ answer: AnswerContext) -> HTTPResponse? { nil }
    }

    @Test(arguments: [true, false])
    func anAnswerThatBreaksItsDocumentIsKeptAndLogged(checks: Bool) throws {
        let standIn = try StandIn { $0.journalEntries = 0 }
        let journals = RequestJournals(
            limits: JournalLimits(entries: 10), keepsStrays: true, machine: { .init(microseconds: 0) },
            steadySeconds: { 0 })
        let warnings = Mutex<[String]>([])
        var configuration = PipelineConfiguration(
            requestID: { "the-id" }, steadySeconds: { 0 }, failed: { _, _ in })
        configuration.journals = journals
        configuration.checksContract = checks
        let line = "the answer to the-id, GET /broken, breaks the OpenAPI document: body.id: is missing"
        configuration.warned = { text in warnings.withLock { $0.append(text) } }
        let pipeline = Pipeline(BrokenAPI(), directory: standIn.directory, configuration: configuration)
        #expect(pipeline.reply(to: HTTPRequest("GET", "/broken")).wait().response.status == 200)
        let entry = try #require(journals.journal(of: standIn.directory.defaultSandbox).entries().first)
        #expect(entry.complaints == (checks ? ["body.id: is missing"] : []))
        #expect(warnings.withLock { $0 } == (checks ? [line] : []))
    }

    @Test func underTheCheckGoodAnswersBreakNothing() throws {
        let standIn = try StandIn { $0.checksContract = true }
        for (method, target) in [
            ("GET", "/public-api/backfills"), ("POST", "/public-api/backfills"), ("GET", "/public-api/nowhere"),
            ("DELETE", "/public-api/backfills"), ("HEAD", "/public-api/agents"),
        ] {
            standIn.send(method, target)
        }
        let answer = standIn.send("GET", Self.path)
        #expect(answer["checked"]?.bool == true)
        #expect(answer["broken_answers"]?.array?.isEmpty == true)
    }
}
