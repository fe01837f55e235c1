import JSON
import TestSupport
import Testing

@Suite struct AttachedCredentialTests {
    private static let route = "/_understudy/sandbox/credentials"

    @Test func aTestUsesBothAPIsInOneSandbox() throws {
        let standIn = try StandIn()
        let attached = standIn.send("POST", Self.route, body: #"{"token": "\#(StandIn.backsideKey)"}"#)
        #expect(attached.status == 201)
        #expect(attached["api"]?.string == "backside")
        #expect(attached["masked"]?.string == "bsk_test_…aaaa")
        #expect(attached["token"] == nil)
        #expect(standIn.sandbox(of: StandIn.backsideKey) == standIn.sandbox(of: StandIn.neoKey))
        standIn.send("PATCH", "/_understudy/clock", key: StandIn.backsideKey, body: #"{"now": "2030-01-01T00:00:00Z"}"#)
        #expect(standIn.send("GET", "/_understudy/clock")["now"]?.string == "2030-01-01T00:00:00.000000Z")
        // Once more is no harm.
        for standing in ["", #", "role": "Admin""#, #", "scopes": null, "revoked": false"#] {
            let again = standIn.send("POST", Self.route, body: #"{"token": "\#(StandIn.backsideKey)"\#(standing)}"#)
            #expect(again.status == 200)
            #expect(again["id"]?.string == attached["id"]?.string)
        }
        #expect(standIn.send("GET", "/_understudy/sandbox")["credentials"]?.array?.count == 2)
    }

    @Test(arguments: [("", "neo"), ("{}", "neo"), (#"{"api": "neo"}"#, "neo"), (#"{"api": "backside"}"#, "backside")])
    func aFreshCredentialIsShownOnce(body: String, api: String) throws {
        let standIn = try StandIn()
        let made = standIn.send("POST", Self.route, body: body)
        #expect(made.status == 201)
        #expect(made["api"]?.string == api)
        let token = try #require(made["token"]?.string)
        #expect(token.hasPrefix(api == "neo" ? "neo_sk_live_" : "bsk_live_"))
        #expect(standIn.sandbox(of: token) == standIn.sandbox(of: StandIn.neoKey))
        #expect(!standIn.send("GET", "/_understudy/sandbox").text.contains(token))
    }

    @Test func anothersCredentialIsRefusedAndStaysTheirs() throws {
        let standIn = try StandIn()
        let other = standIn.sandbox(of: "neo_sk_test_other")
        let answer = standIn.send("POST", Self.route, body: #"{"token": "neo_sk_test_other"}"#)
        #expect(answer.status == 409)
        #expect(!answer.text.contains("neo_sk_test_other"))
        #expect(standIn.sandbox(of: "neo_sk_test_other") == other)
        #expect(standIn.send("POST", Self.route, body: #"{"token": "\#(StandIn.admin)"}"#).status == 409)
    }

    @Test func aCredentialGetsTheStandingThatIsAskedFor() throws {
        let standIn = try StandIn()
        let viewer = try #require(
            standIn.send("POST", Self.route, body: #"{"role": "Viewer", "label": "looker"}"#)["token"]?.string)
        #expect(standIn.send("GET", "/public-api/backfills", key: viewer).status == 200)
        #expect(standIn.send("POST", "/public-api/backfills", key: viewer, body: createBody()).status == 403)
        let brief = try #require(
            standIn.send("POST", Self.route, body: #"{"label": "brief", "expires_at": "+PT1H"}"#)["token"]?.string)
        let created = standIn.send("POST", "/public-api/backfills", key: brief, body: createBody())
        #expect(created["data.backfill.created_by"]?.string == "brief")
        standIn.send("POST", "/_understudy/clock/advance", body: #"{"seconds": 3600}"#)
        #expect(standIn.send("GET", "/public-api/backfills", key: brief).status == 401)
        #expect(standIn.send("GET", "/_understudy/sandbox", key: brief).status == 200)
    }

    @Test(arguments: [
        (#"{"token": "neo_sk_test"}"#, 422, "token"), (#"{"token": ""}"#, 422, "token"),
        (#"{"token": 7}"#, 422, "token"),
        (#"{"token": "a b"}"#, 422, "token"),
        (#"{"token": "eyJhbGciOiJSUzI1NiJ9.eyJ0aWQiOiJ0IiwiZXhwIjo5OTk5OTk5OTk5fQ.c2ln"}"#, 422, "token"),
        (#"{"api": "other"}"#, 422, "api"), (#"{"token": "neo_sk_test_x", "api": "backside"}"#, 422, "api"),
        (#"{"role": "King"}"#, 422, "role"), (#"{"scopes": ["all"]}"#, 422, "scopes[0]"),
        (#"{"labl": "x"}"#, 422, "labl"),
        ("[]", 400, nil as String?),
    ])
    func whatIsNoCredentialIsNotAttached(body: String, status: Int, field: String?) throws {
        let standIn = try StandIn()
        let answer = standIn.send("POST", Self.route, body: body)
        #expect(answer.status == status, "\(answer.text)")
        #expect(field == nil || answer.violatedFields == [field])
        #expect(standIn.send("GET", "/_understudy/sandbox")["credentials"]?.array?.count == 1)
    }

    @Test func aDroppedSandboxTakesItsAttachedCredentialsAlong() throws {
        let standIn = try StandIn { $0.maximumSandboxes = 3 }
        let token = try #require(standIn.send("POST", Self.route)["token"]?.string)
        let first = standIn.sandbox(of: token)
        #expect(standIn.sandbox(of: "neo_sk_test_b") != nil)
        standIn.pass(seconds: 600)
        for key in ["neo_sk_test_b", "neo_sk_test_c"] { #expect(standIn.sandbox(of: key) != nil) }
        standIn.pass(seconds: 600)
        #expect(standIn.sandbox(of: token) != first)
    }
}
