import Sandboxes
import Time
import TestSupport
import Testing

private let time = "must be an RFC 3339 timestamp or a signed duration such as -P2DT3H"

@Suite struct SeedReaderTests {
    @Test func theGoodSeedIsGood() throws {
        let seed = try GoodSeed.read(GoodSeed.text)
        #expect(seed.description == "all of it")
        #expect((seed.randomSeed, seed.randomPosition, seed.rateLimitPlan) == (-42, 7, "pro"))
        #expect(seed.clock?.mode == .manual)
        #expect(seed.clock?.start == Instant(rfc3339: "2026-03-01T09:00:00Z"))
        #expect(seed.hasRelativeTimes)
        #expect(seed.credentials.map(\.label) == ["ops", "api-key"])
        #expect(seed.credentials.map(\.role) == ["User", "Admin"])
        #expect(seed.credentials.map(\.scopes) == [nil, ["agents:read"]])
        #expect(seed.neo.agents.map(\.creditsPerEntity) == [2, 3])
        #expect(seed.neo.agents[0].actions == #"[{"a":1.0}]"#)
        #expect(seed.neo.agents.map(\.versions.count) == [2, 1])
        #expect(seed.neo.agents[0].versions[0].differences == #"{"name":"Old"}"#)
        #expect(seed.neo.entities.map(\.duration) == [21_000_000, 20_000_000, 0])
        #expect(seed.neo.entities.map(\.failingAttempts) == [2, -1, 0])
        #expect(seed.neo.backfills[0].filterSpec == #"{"combinator" : "and",  "rules": [ ]}"#)
        #expect(
            seed.neo.backfills.map(\.effects) == [
                #"{"entity_seconds":3}"#,
                #"{"fail":["t3"],"run_error":{"after":1,"message":"broken"},"stall_after":1}"#,
            ])
        #expect(seed.neo.executions.map(\.position) == [0, 1, nil, 0])
        #expect(seed.backside.scripts.map(\.agentKind) == ["contact_deduper", "refused"])
        #expect(seed.backside.configs[0].id == "3c90c3cc-0d44-4b50-8888-8dd25736052a")
        #expect(seed.backside.runs[0].steps.map(\.input) == ["null", "{}"])
    }

    @Test func theEmptyDocumentIsTheEmptySandbox() throws {
        let seed = try GoodSeed.read("{}")
        #expect(!seed.hasRelativeTimes)
        let other = try GoodSeed.read(#"{"understudy": 1, "agents": [], "agent_scripts": {}}"#)
        #expect(try GoodSeed.export(seed) == GoodSeed.export(other))
    }

    @Test(arguments: [
        ("", "line 1, column 1: the text ends where a value is expected"),
        ("{\n  \"agents\": [,]\n}", "line 2, column 14: a value is expected here"),
        ("[]", "the document must be an object, not an array"),
        ("null", "the document must be an object, not null"),
    ])
    func whatIsNoObjectIsRefused(text: String, problem: String) {
        #expect(GoodSeed.problems(of: text) == [problem])
    }

    @Test(arguments: problems)
    func aProblemIsReportedAtItsPlace(spoiling: Spoiling) {
        #expect(GoodSeed.text.contains(spoiling.old))
        let text = GoodSeed.text.replacing(spoiling.old, with: spoiling.new, maxReplacements: 1)
        #expect(GoodSeed.problems(of: text) == spoiling.problems)
    }

    static let problems: [Spoiling] = [
        Spoiling(#""understudy": 1"#, #""understudy": 2"#, "understudy: must be a whole number from 1 to 1"),
        Spoiling(#""random_seed": -42"#, #""random_seed": 1.5"#, "random_seed: must be a whole number of 64 bits"),
        Spoiling(
            #""random_position": 7"#, #""random_position": -1"#,
            "random_position: must be a whole number of at least 0"),
        Spoiling(#""random_seed": -42"#, #""randomseed": -42"#, "randomseed: is not a member of this object"),
        Spoiling(#""description": "all of it""#, #""description": 5"#, "description: must be a string, not a number"),
        Spoiling(#""mode": "manual""#, #""mode": "fast""#, "clock.mode: must be one of real, manual, poll"),
        Spoiling(#""now": "2026-03-02T09:00:00Z""#, #""now": "-P1D""#, "clock.now: must be an RFC 3339 timestamp"),
        Spoiling(#""speed": 1.5"#, #""speed": 0"#, "clock.speed: must be a number above 0, at most 1000000"),
        Spoiling(
            #""speed": 1.5"#, #""speed": 1000000.5"#, "clock.speed: must be a number above 0, at most 1000000"),
        Spoiling(#""speed": 1.5"#, #""speed": 1e999"#, "clock.speed: must be a number above 0, at most 1000000"),
        Spoiling(#""start": "2026"#, #""begin": "2026"#, "clock.begin: is not a member of this object"),
        Spoiling(
            #""rate_limit_plan": "pro""#, #""rate_limit_plan": "big""#,
            "rate_limit_plan: must be one of free, pro, scale"),
        Spoiling(#""description": "#, #""random_seed": 1, "description": "#, "random_seed: is given twice"),
        Spoiling(
            "neo_sk_test_abc", "neo_sk_test",
            "credentials[0].token: must be a key such as neo_sk_env_secret or bsk_test_ and 43 letters and digits"),
        Spoiling(#""role": "User""#, #""role": "user""#, "credentials[0].role: must be one of Admin, User, Viewer"),
        Spoiling(#""expires_at": "+P1D""#, #""expires_at": "soon""#, "credentials[0].expires_at: \(time) or null"),
        Spoiling(#""revoked": true"#, #""revoked": null"#, "credentials[0].revoked: must be true or false, not null"),
        Spoiling(
            #"["agents:read"]"#, #"["agents:read", "x"]"#,
            "credentials[1].scopes[1]: must be a scope such as agents:read"),
        Spoiling(
            "bsk_test_0123456789012345678901234567890123456789abc", "neo_sk_test_abc",
            "credentials[1].token: is the same as that of credentials[0]"),
    ]

    @Test func everyProblemIsReportedInDocumentOrder() {
        let text = """
            {"runs": [5], "agents": [{"id": "1"}], "clock": [], "backfills": {}, "agent_scripts": {"a": 1}, "x": null}
            """
        #expect(
            GoodSeed.problems(of: text) == [
                "runs[0]: must be an object, not a number",
                "agents[0].name: is missing",
                "agents[0].autonomy_type: is missing",
                "agents[0].entity_type: is missing",
                "agents[0].created_at: is missing",
                "clock: must be an object, not an array",
                "backfills: must be an array, not an object",
                "agent_scripts.a: must be an object, not a number",
                "x: is not a member of this object",
            ])
    }

    @Test func aRefusalNamesTheFirstPlaceAndHowManyMore() {
        func refusal(_ text: String) -> String? {
            do throws(SeedRefusal) {
                _ = try GoodSeed.read(text)
                return nil
            } catch { return error.description }
        }
        #expect(refusal(#"{"a": 1}"#) == "a: is not a member of this object")
        #expect(refusal(#"{"a": 1, "b": 1}"#) == "a: is not a member of this object (and 1 more problem)")
        let many = (0..<500).map { #""a\#($0)": 1"# }.joined(separator: ",")
        #expect(refusal("{\(many)}") == "a0: is not a member of this object (and at least 99 more problems)")
    }
}
