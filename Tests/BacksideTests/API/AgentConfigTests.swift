import HTTPFront
import JSON
import Time
import TestSupport
import Testing

@Suite struct AgentConfigTests {
    @Test func theListIsABareArrayByKind() throws {
        let scene = try ConfigScene()
        #expect(scene.send("GET", ConfigScene.kinds).text == "[]")
        for kind in ["b", "a"] { scene.send("PUT", "\(ConfigScene.kinds)/\(kind)", "{}") }
        let list = try #require(scene.send("GET", ConfigScene.kinds).json?.array)
        #expect(list.map { $0.object?["agent_kind"]?.string } == ["a", "b"])
        #expect(Set(list.map { $0.object?["id"]?.string }).count == 2)
        let demo = try StandIn().send("GET", ConfigScene.kinds, key: DemoSeed.backsideKey)
        let kinds = demo.json?.array?.compactMap { $0.object?["agent_kind"]?.string }
        #expect(kinds == ["contact_deduper", "invoice_reconciler", "ticket_triager"])
        #expect(demo["0.byok_status"]?.string == "active")
        #expect(demo["0.guardrails.1.tags.1"]?.string == "legal-hold")
    }

    @Test func aPutMakesTheConfigAndReplacesItsSettings() throws {
        let scene = try ConfigScene()
        let made = scene.send(
            "PUT", "\(ConfigScene.kinds)/a",
            #"{"budget_default_cents": 9223372036854775807, "deadline_default_seconds": 2147483647, "guardrails": [1.50, {"a" : "é\u0000"}], "schedule": "0 6 * * 1", "byok_status": "active", "id": 7, "more": [[]]}"#
        )
        #expect(made.status == 200)
        #expect(UUIDValue(made["id"]?.string ?? "") != nil)
        #expect(UUIDValue(made["tenant_id"]?.string ?? "") != nil)
        #expect(
            made.members(without: "id", "tenant_id")
                == #"{"agent_kind":"a","byok_status":"inactive","byok_status_reason":null,"byok_last_probed_at":null,"budget_default_cents":9223372036854775807,"deadline_default_seconds":2147483647,"guardrails":[1.50,{"a":"é\u0000"}],"schedule":"0 6 * * 1","created_at":"2026-03-02T09:00:00.000000Z","updated_at":"2026-03-02T09:00:00.000000Z"}"#
        )
        // What the client wrote comes back as it wrote it.
        #expect(made.text.contains(#""guardrails":[1.50, {"a" : "é\u0000"}]"#))
        scene.advance(seconds: 90)
        let replaced = scene.send("PUT", "\(ConfigScene.kinds)/a", #"{"schedule": null, "budget_default_cents": 5.0}"#)
        #expect(replaced["id"]?.string == made["id"]?.string)
        #expect(
            replaced.members(without: "id", "tenant_id")
                == #"{"agent_kind":"a","byok_status":"inactive","byok_status_reason":null,"byok_last_probed_at":null,"budget_default_cents":5,"deadline_default_seconds":null,"guardrails":[],"schedule":null,"created_at":"2026-03-02T09:00:00.000000Z","updated_at":"2026-03-02T09:01:30.000000Z"}"#
        )
        #expect(scene.send("GET", ConfigScene.kinds).text == "[\(replaced.text)]")
    }

    @Test func aPutLeavesTheKeyAndEnablesTheKindAgain() throws {
        let scene = try ConfigScene(
            ConfigScene.bare
                + #", "agent_configs": [{"id": "00000000-0000-4000-8000-000000000001", "agent_kind": "a", "byok_status": "auth_failed", "byok_status_reason": "why", "byok_last_probed_at": "2026-01-01T00:00:00.123456Z", "consecutive_failures": 5, "created_at": "2025-01-01T00:00:00Z"}]"#
        )
        #expect(scene.export.contains(#""consecutive_failures":5"#))
        let answer = scene.send("PUT", "\(ConfigScene.kinds)/a", "{}")
        #expect(answer["byok_status"]?.string == "auth_failed")
        #expect(answer["byok_status_reason"]?.string == "why")
        #expect(answer["byok_last_probed_at"]?.string == "2026-01-01T00:00:00.123456Z")
        #expect(answer["created_at"]?.string == "2025-01-01T00:00:00.000000Z")
        #expect(answer["updated_at"]?.string == "2026-03-02T09:00:00.000000Z")
        #expect(scene.export.contains(#""consecutive_failures":0"#))
        #expect(!scene.export.contains(#""consecutive_failures":5"#))
    }

    @Test func aConfigFromTheFutureStaysImportable() throws {
        let scene = try ConfigScene(
            ConfigScene.bare
                + #", "agent_configs": [{"id": "00000000-0000-4000-8000-000000000001", "agent_kind": "a", "created_at": "2027-01-01T00:00:00Z"}]"#
        )
        let answer = scene.send("PUT", "\(ConfigScene.kinds)/a", "{}")
        #expect(answer["updated_at"]?.string == "2027-01-01T00:00:00.000000Z")
        let export = scene.export
        #expect(scene.send("PUT", "/_understudy/sandbox/import", export).status == 200)
        #expect(scene.export == export)
    }

    /// As deep as a body may nest, and a level more.
    @Test func deepGuardrailsGoInAndOut() throws {
        let scene = try ConfigScene()
        func body(levels: Int) -> String {
            let list = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
            return #"{"guardrails": \#(list)}"#
        }
        #expect(scene.send("PUT", "\(ConfigScene.kinds)/a", body(levels: 127)).status == 200)
        let export = scene.export
        #expect(scene.send("PUT", "/_understudy/sandbox/import", export).status == 200)
        #expect(scene.export == export)
        let tooDeep = scene.send("PUT", "\(ConfigScene.kinds)/a", body(levels: 128))
        #expect(tooDeep.status == 400)
        #expect(tooDeep.code == "bad_request")
        #expect(scene.export == export)
    }

    @Test(arguments: [
        "", " ", "{", "[]", "7", "null", #""{}""#, "{}{}", #"{"schedule": "\ud800"}"#, #"{"guardrails": [1e]}"#,
        "{'guardrails': []}", String(repeating: "[", count: 100_000),
    ])
    func aBodyThatIsNoObjectIsABadRequest(body: String) throws {
        let scene = try ConfigScene()
        let before = scene.export
        let answer = scene.send("PUT", "\(ConfigScene.kinds)/a", body)
        #expect(answer.status == 400)
        #expect(answer.code == "bad_request")
        #expect(scene.export == before)
    }

    @Test(arguments: [
        (#"{"budget_default_cents": -1}"#, ["budget_default_cents"]),
        (#"{"budget_default_cents": 9223372036854775808}"#, ["budget_default_cents"]),
        (#"{"budget_default_cents": 1e400}"#, ["budget_default_cents"]),
        (#"{"budget_default_cents": 0.5}"#, ["budget_default_cents"]),
        (#"{"budget_default_cents": "5"}"#, ["budget_default_cents"]),
        (#"{"budget_default_cents": true}"#, ["budget_default_cents"]),
        (#"{"deadline_default_seconds": 0}"#, ["deadline_default_seconds"]),
        (#"{"deadline_default_seconds": 2147483648}"#, ["deadline_default_seconds"]),
        (#"{"deadline_default_seconds": -1e400}"#, ["deadline_default_seconds"]),
        (#"{"deadline_default_seconds": 1.5}"#, ["deadline_default_seconds"]),
        (#"{"deadline_default_seconds": []}"#, ["deadline_default_seconds"]),
        (#"{"guardrails": {}}"#, ["guardrails"]), (#"{"guardrails": "[]"}"#, ["guardrails"]),
        (#"{"guardrails": null}"#, ["guardrails"]),
        (#"{"schedule": "daily"}"#, ["schedule"]), (#"{"schedule": ""}"#, ["schedule"]),
        (#"{"schedule": 5}"#, ["schedule"]), (#"{"schedule": "* * * * 8"}"#, ["schedule"]),
        (#"{"schedule": "* * * * *", "schedule": {}}"#, ["schedule"]),
        (
            #"{"schedule": "x", "guardrails": 1, "deadline_default_seconds": 0, "budget_default_cents": -1}"#,
            ["budget_default_cents", "deadline_default_seconds", "guardrails", "schedule"]
        ),
    ])
    func everyViolationIsNamedAndNothingChanges(body: String, fields: [String]) throws {
        let scene = try ConfigScene()
        scene.send("PUT", "\(ConfigScene.kinds)/a", #"{"budget_default_cents": 7}"#)
        let before = scene.export
        scene.advance(seconds: 0)
        for kind in ["a", "b"] {
            let answer = scene.send("PUT", "\(ConfigScene.kinds)/\(kind)", body)
            #expect(answer.status == 400)
            #expect(answer.code == "bad_request")
            let message = answer["error.message"]?.string ?? ""
            let named = message.split(separator: "; ").map { String($0.prefix { $0 != " " }) }
            #expect(named == fields, "\(message)")
        }
        #expect(scene.export == before)
    }

    @Test func aBodyThatIsNoTextIsABadRequest() throws {
        let scene = try ConfigScene()
        let before = scene.export
        for (method, path) in [
            ("PUT", "/a"), ("PUT", "/a/byok-key"), ("POST", "/validate-key"),
        ] {
            let fields = [HTTPField("Authorization", "Bearer \(scene.key)"), HTTPField("Host", "localhost")]
            let body = Array(#"{"api_key": ""#.utf8) + [0xFF, 0xC0] + Array(#"", "schedule": null}"#.utf8)
            let answer = Answer(
                scene.standIn.application.respond(
                    to: HTTPRequest(method, ConfigScene.kinds + path, fields: fields, body: body)))
            #expect(answer.status == 400)
            #expect(answer.code == "bad_request")
        }
        #expect(scene.export == before)
    }

    @Test(arguments: ["nobody", "%00", "%FF", "A", "a%20", "%C3%A9", String(repeating: "a", count: 3_000)])
    func anUnknownKindIsNotFound(kind: String) throws {
        let scene = try ConfigScene()
        let before = scene.export
        for (method, path, body) in [
            ("PUT", "", "{}"), ("PUT", "", "["), ("PUT", "/byok-key", #"{"api_key": "sk-ant-1"}"#),
            ("PUT", "/byok-key", "{}"), ("DELETE", "/byok-key", ""),
        ] {
            let answer = scene.send(method, "\(ConfigScene.kinds)/\(kind)\(path)", body)
            #expect(answer.status == 404)
            #expect(answer.code == "not_found")
        }
        #expect(scene.export == before)
    }

    @Test func readingAndWritingTakeTheirScopes() throws {
        let standIn = try StandIn()
        let writes = [
            ("PUT", "/api/v1/agent-configs/ticket_triager", "{}"),
            ("PUT", "/api/v1/agent-configs/ticket_triager/byok-key", #"{"api_key": "sk-ant-1"}"#),
            ("DELETE", "/api/v1/agent-configs/ticket_triager/byok-key", ""),
            ("POST", "/api/v1/agent-configs/validate-key", #"{"api_key": "sk-ant-1"}"#),
        ]
        let reads = [("GET", "/api/v1/agent-configs", ""), ("GET", "/api/v1/admin/stats/agents", "")]
        for (operations, right, wrong) in [
            (writes, DemoSeed.writeOnlyKey, DemoSeed.readOnlyKey), (reads, DemoSeed.readOnlyKey, DemoSeed.writeOnlyKey),
        ] {
            for (method, path, body) in operations {
                let refused = standIn.send(method, path, key: wrong, body: body)
                #expect(refused.status == 403)
                #expect(refused.code == "forbidden")
                #expect(standIn.send(method, path, key: nil, body: body).status == 402)
                #expect(standIn.send(method, path, key: right, body: body).status == 200)
            }
        }
    }

    @Test(arguments: [
        ("POST", "", "GET, HEAD"), ("GET", "/a", "PUT"), ("DELETE", "/a", "PUT"), ("GET", "/a/byok-key", "PUT, DELETE"),
        ("GET", "/validate-key", "POST"),
    ])
    func anotherMethodIsNotAllowed(method: String, path: String, allowed: String) throws {
        let answer = try ConfigScene().send(method, ConfigScene.kinds + path)
        #expect(answer.status == 405)
        #expect(answer.response.field("Allow") == allowed)
    }

    @Test func noConfigReachesAnotherSandbox() throws {
        let scene = try ConfigScene()
        let other = "bsk_live_" + String(repeating: "z", count: 43)
        let before = scene.standIn.send("GET", ConfigScene.kinds, key: other).text
        scene.send("PUT", "\(ConfigScene.kinds)/a", #"{"budget_default_cents": 7}"#)
        #expect(scene.standIn.send("GET", ConfigScene.kinds, key: other).text == before)
        #expect(scene.standIn.send("PUT", "\(ConfigScene.kinds)/a", key: other, body: "{}").status == 404)
    }
}
