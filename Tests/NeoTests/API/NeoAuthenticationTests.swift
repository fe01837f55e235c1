import Foundation
import HTTPFront
import Sandboxes
import TestSupport
import Testing

@Suite struct NeoAuthenticationTests {
    private static func token(_ claims: String) -> String { DashboardToken.text(claims: claims) }

    private static let path = "/public-api/backfills/nothing"

    @Test func withoutCredentialsThereIsAChallenge() throws {
        let answer = try StandIn().send("GET", Self.path, key: nil)
        #expect(answer.status == 401)
        #expect(answer.code == "UNAUTHORIZED")
        #expect(answer.response.field("WWW-Authenticate") == "Bearer")
    }

    @Test(arguments: [
        "neo_sk_test", "neo_sk__x", "neo_sk_test_", "neo_sk_te-st_x", "neo_sk_a_b_c",
        "neo_sk_test_" + String(repeating: "a", count: 129),
        "secret", "a.b", "a.b.c", "..", token(#"{"exp":9999999999}"#), token(#"{"tid":"x"}"#),
        token(#"{"tid":"x","exp":1}"#),
        token(#"{"tid":"x","exp":1e999}"#), token(#"{"tid":7,"exp":9999999999}"#), token("[]"), "neo_sk_test_é",
        "bsk_test_" + String(repeating: "a", count: 43),
    ])
    func whatIsNoCredentialIsRefused(token: String) throws {
        let answer = try StandIn().send("GET", Self.path, key: token)
        #expect(answer.status == 401)
        #expect(answer.code == "UNAUTHORIZED")
    }

    @Test(arguments: ["Basic abc", "Bearer", "Bearer ", "neo_sk_test_x", "Bearer neo_sk_test_x y"])
    func anotherSchemeIsRefused(value: String) throws {
        let answer = try StandIn().send("GET", Self.path, key: nil, fields: [HTTPField("authorization", value)])
        #expect(answer.status == 401)
    }

    @Test(arguments: ["neo_sk_t_x", "neo_sk_live_" + String(repeating: "Z", count: 128), "neo_sk_1_2"])
    func everyWellFormedKeyIsAccepted(key: String) throws {
        #expect(try StandIn().send("GET", Self.path, key: key).status == 404)
    }

    @Test func aTokenPicksItsTenantAndBringsItsRole() throws {
        let standIn = try StandIn()
        let tenant = #""tid":"11111111-2222-4333-8444-555555555555","exp":9999999999"#
        let admin = Self.token(#"{\#(tenant),"roles":["User","Admin"],"preferred_username":"ada@kestrel.example"}"#)
        let viewer = Self.token(#"{\#(tenant),"roles":["Viewer"],"oid":"someone"}"#)
        let plain = Self.token(#"{\#(tenant),"sub":"plain"}"#)
        let created = standIn.send("POST", "/public-api/backfills", key: admin, body: createBody())
        #expect(created.status == 201)
        #expect(created["data.backfill.created_by"]?.string == "ada@kestrel.example")
        let id = try #require(created["data.backfill.id"]?.string)
        #expect(standIn.send("GET", "/public-api/backfills/\(id)", key: viewer).status == 200)
        #expect(standIn.send("POST", "/public-api/backfills", key: viewer, body: createBody()).code == "FORBIDDEN")
        let other = standIn.send(
            "POST", "/public-api/backfills", key: plain, body: createBody(["target_workflow_id": "140"]))
        #expect(other["data.backfill.created_by"]?.string == "plain")
        #expect(standIn.send("GET", "/public-api/backfills/\(id)").status == 404)
    }

    @Test func theClockOfTheSandboxDecidesWhatHasExpired() throws {
        // Noon on the Monday on which the clock stands at nine.
        let token = Self.token(#"{"tid":"t","exp":1772452800}"#)
        let standIn = try StandIn { $0.clock = .real }
        #expect(standIn.send("GET", Self.path, key: token).status == 404)
        standIn.pass(seconds: 3 * 3600)
        #expect(standIn.send("GET", Self.path, key: token).status == 401)
    }

    @Test func inStrictModeNoTokenOpensAnything() throws {
        let tenant = try #require(try StandIn().send("GET", "/_understudy/sandbox", key: nil)["tenant_id"]?.string)
        let token = Self.token(#"{"tid":"\#(tenant)","exp":9999999999,"roles":["Admin"]}"#)
        #expect(try StandIn().send("GET", Self.path, key: token).status == 404)
        #expect(try StandIn { $0.mode = .strict }.send("GET", Self.path, key: token).status == 401)
    }

    @Test func inStrictModeWhatOpenModeTookInStaysOutside() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "understudy-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            let open = try StandIn { $0.dataFolder = folder }
            #expect(open.send("GET", Self.path).status == 404)
            // Two servers on one folder would each keep in memory what the other changes.
            #expect(throws: CannotStore.self) { try StandIn { $0.dataFolder = folder } }
        }
        let strict = try StandIn {
            $0.dataFolder = folder
            $0.mode = .strict
        }
        #expect(strict.send("GET", Self.path).status == 401)
    }

    @Test func whatHasExpiredOrWasRevokedIsNotCounted() throws {
        let standIn = try StandIn()
        for key in [DemoSeed.expiredNeoKey, DemoSeed.revokedNeoKey] {
            let answer = standIn.send("GET", Self.path, key: key)
            #expect(answer.status == 401)
            #expect(answer.response.field("X-RateLimit-Limit") == nil)
        }
        let counted = standIn.send("GET", Self.path, key: StandIn.admin)
        #expect(counted.response.field("X-RateLimit-Remaining") == "1199")
    }

    @Test func strictModeKnowsNoPublishedCredential() throws {
        let standIn = try StandIn { $0.mode = .strict }
        for key in [StandIn.neoKey, StandIn.admin] { #expect(standIn.send("GET", Self.path, key: key).status == 401) }
        #expect(standIn.send("GET", "/_understudy/sandbox", key: nil).status == 401)
        #expect(standIn.send("GET", "/_understudy/health", key: nil).status == 200)
    }
}
