import JSON
import Testing

@Suite struct ProviderKeyTests {
    private static let path = "\(ConfigScene.kinds)/a/byok-key"
    private static let good = #"{"api_key": "sk-ant-api03-good"}"#
    private static let bad = #"{"api_key": "sk-ant-api03-revoked"}"#
    private static let statuses = ["inactive", "active", "auth_failed", "revoked"]

    /// A kind with a key in that status, changed last at the start of the year.
    private static func scene(_ status: String) throws -> ConfigScene {
        try ConfigScene(
            ConfigScene.bare
                + #", "agent_configs": [{"id": "00000000-0000-4000-8000-000000000001", "agent_kind": "a", "byok_status": "\#(status)", "byok_status_reason": "why", "byok_last_probed_at": "2026-01-01T00:00:00Z", "budget_default_cents": 5, "consecutive_failures": 5, "created_at": "2026-01-01T00:00:00Z"}]"#
        )
    }

    @Test(arguments: statuses)
    func aGoodKeyMakesTheConfigActive(status: String) throws {
        let scene = try Self.scene(status)
        let answer = scene.send("PUT", Self.path, Self.good)
        #expect(answer.status == 200)
        #expect(
            answer.members(without: "tenant_id")
                == #"{"id":"00000000-0000-4000-8000-000000000001","agent_kind":"a","byok_status":"active","byok_status_reason":null,"byok_last_probed_at":"2026-03-02T09:00:00.000000Z","budget_default_cents":5,"deadline_default_seconds":null,"guardrails":[],"schedule":null,"created_at":"2026-01-01T00:00:00.000000Z","updated_at":"2026-03-02T09:00:00.000000Z"}"#
        )
        #expect(scene.send("GET", ConfigScene.kinds).text == "[\(answer.text)]")
        // Only a PUT of the config enables a kind again.
        #expect(scene.export.contains(#""consecutive_failures":5"#))
    }

    @Test(
        arguments: statuses,
        [
            "sk-ant-revoked", "sk-ant-expired", "sk-ant-forbidden", "sk-ant-quota", "sk-ant-down", "sk-ant-limited",
            "sk-proj-1", "",
        ])
    func aBadKeyIsToldSoAndChangesNothing(status: String, key: String) throws {
        let scene = try Self.scene(status)
        let before = scene.export
        let answer = scene.send("PUT", Self.path, #"{"api_key": "\#(key)"}"#)
        #expect(answer.status == 400)
        #expect(answer["status"]?.string == "invalid")
        #expect(answer["error"] == nil)
        #expect(scene.export == before)
        // As the probe that keeps nothing says it.
        let validated = scene.send("POST", "\(ConfigScene.kinds)/validate-key", #"{"api_key": "\#(key)"}"#)
        #expect(validated.status == 200)
        #expect(validated.text == answer.text)
    }

    @Test(arguments: statuses)
    func aRevokedKeyStaysRevoked(status: String) throws {
        let scene = try Self.scene(status)
        let answer = scene.send("DELETE", Self.path)
        #expect(answer.status == 200)
        #expect(answer["byok_status"]?.string == "revoked")
        #expect(answer["byok_last_probed_at"]?.string == "2026-01-01T00:00:00.000000Z")
        #expect(answer["byok_status_reason"]?.string == (status == "revoked" ? "why" : nil))
        #expect(
            answer["updated_at"]?.string
                == (status == "revoked" ? "2026-01-01" : "2026-03-02") + (status == "revoked" ? "T00" : "T09")
                + ":00:00.000000Z")
        scene.advance(seconds: 1)
        #expect(scene.send("DELETE", Self.path).text == answer.text)
        scene.send("PUT", Self.path, Self.bad)
        #expect(scene.send("GET", ConfigScene.kinds).text == "[\(answer.text)]")
        scene.send("PUT", "\(ConfigScene.kinds)/a", "{}")
        #expect(scene.send("GET", ConfigScene.kinds)["0.byok_status"]?.string == "revoked")
        #expect(scene.send("PUT", Self.path, Self.good)["byok_status"]?.string == "active")
    }

    @Test func aKeyMayBeAKindsFirstCall() throws {
        let scene = try ConfigScene()
        let empty = scene.export
        #expect(scene.send("DELETE", Self.path).status == 404)
        #expect(scene.send("PUT", Self.path, Self.bad).status == 400)
        #expect(scene.export == empty)
        let made = scene.send("PUT", Self.path, Self.good)
        #expect(
            made.members(without: "id", "tenant_id")
                == #"{"agent_kind":"a","byok_status":"active","byok_status_reason":null,"byok_last_probed_at":"2026-03-02T09:00:00.000000Z","budget_default_cents":null,"deadline_default_seconds":null,"guardrails":[],"schedule":null,"created_at":"2026-03-02T09:00:00.000000Z","updated_at":"2026-03-02T09:00:00.000000Z"}"#
        )
    }

    @Test(arguments: [
        ("sk-ant-api03-good", #"{"status":"valid"}"#),
        (
            "sk-ant-revoked",
            #"{"status":"invalid","category":"revoked_or_expired","message":"The key was revoked or has expired."}"#
        ),
        (
            "sk-ant-forbidden",
            #"{"status":"invalid","category":"insufficient_permissions","message":"The key may not use the models that agents need."}"#
        ),
        ("sk-ant-quota", #"{"status":"invalid","category":"quota_exhausted","message":"The key's quota is used up."}"#),
        (
            "sk-ant-down",
            #"{"status":"invalid","category":"provider_unavailable","message":"The provider cannot be reached at the moment."}"#
        ),
        (
            "sk-ant-limited",
            #"{"status":"invalid","category":"rate_limited","message":"The provider limits this key's rate at the moment."}"#
        ),
        ("x", #"{"status":"invalid","category":"invalid_key","message":"The provider does not know this key."}"#),
    ])
    func validatingSaysWhatIsWrongAndKeepsNothing(key: String, result: String) throws {
        let scene = try ConfigScene()
        let before = try scene.database()
        let answer = scene.send("POST", "\(ConfigScene.kinds)/validate-key", #"{"api_key": "\#(key)", "kind": "a"}"#)
        #expect(answer.status == 200)
        #expect(answer.text == result)
        #expect(try scene.database() == before)
    }

    @Test(arguments: [
        "", "{", "[]", "null", #""sk-ant-1""#, "{}", #"{"api_key": null}"#, #"{"api_key": 7}"#, #"{"api_key": true}"#,
        #"{"api_key": ["sk-ant-1"]}"#, #"{"api_key": {}}"#, #"{"API_KEY": "sk-ant-1"}"#,
        #"{"api_key": "sk-ant-1", "api_key": 1e400}"#, #"{"api_key": "\udc00"}"#,
    ])
    func withoutAKeyItIsABadRequest(body: String) throws {
        let scene = try Self.scene("active")
        let before = scene.export
        for (method, path) in [("PUT", Self.path), ("POST", "\(ConfigScene.kinds)/validate-key")] {
            let answer = scene.send(method, path, body)
            #expect(answer.status == 400)
            #expect(answer.code == "bad_request")
        }
        #expect(scene.export == before)
    }

    @Test func noPartOfAKeyIsEverShownOrKept() throws {
        let scene = try ConfigScene()
        let marks = ["Xq7Marked", "Yw8Marked"]
        var answers: [String] = []
        for body in [
            #"{"api_key": "sk-ant-Xq7Marked-Yw8Marked"}"#, #"{"api_key": "sk-ant-Xq7Marked-revoked-Yw8Marked"}"#,
            #"{"api_key": "Xq7MarkedYw8Marked"}"#, #"{"Xq7Marked": "Yw8Marked"}"#, #"{"api_key": ["Xq7Marked"]}"#,
            #"{"api_key": "Xq7Marked" "Yw8Marked"}"#, #"Xq7Marked"#, #""sk-ant-Xq7Marked-Yw8Marked""#,
        ] {
            for (method, path) in [
                ("PUT", Self.path), ("POST", "\(ConfigScene.kinds)/validate-key"), ("PUT", "\(ConfigScene.kinds)/a"),
                ("DELETE", Self.path),
            ] {
                answers.append(scene.send(method, path, body).text)
            }
        }
        for path in [ConfigScene.kinds, "/_understudy/sandbox", "/_understudy/sandbox/export"] {
            answers.append(scene.send("GET", path).text)
        }
        let kept = String(decoding: try scene.database(), as: UTF8.self)
        for mark in marks {
            #expect(answers.allSatisfy { !$0.contains(mark) })
            #expect(!kept.contains(mark))
        }
    }
}
