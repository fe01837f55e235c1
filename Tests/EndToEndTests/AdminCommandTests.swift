import Foundation
import JSON
import RawHTTP
import Testing

@Suite struct AdminCommandTests {
    private static let token = "OpenSesame-of-the-admin"

    private func make(_ name: String, on serving: ServingProgram) throws -> String {
        let made = try serving.request(
            "POST", "/_understudy/admin/sandboxes", key: Self.token, body: #"{"name": "\#(name)"}"#)
        #expect(made.status == 201)
        return try #require(made["credentials"]?.array?.first?.object?["token"]?.string)
    }

    @Test func aStrictServerIsRunByItsAdmin() throws {
        let folder = try TemporaryFolder()
        let options = ["--mode", "strict", "--data", folder.at("data")]
        let environment = ["UNDERSTUDY_ADMIN_TOKEN": Self.token]
        let serving = try ServingProgram(options, environment: environment)
        #expect(try serving.request("GET", "/_understudy/sandbox").status == 401)
        let (kept, removed) = (try make("kept", on: serving), try make("removed", on: serving))
        for key in [kept, removed] {
            #expect(try serving.request("POST", "/public-api/backfills", key: key, body: createBody).status == 201)
        }
        #expect(try serving.request("DELETE", "/_understudy/admin/sandboxes/removed", key: Self.token).status == 200)
        #expect(try serving.request("GET", "/public-api/backfills", key: removed).status == 401)
        #expect(try serving.stop().exitCode == 0)
        let again = try ServingProgram(options, environment: environment)
        #expect(try again.request("POST", "/public-api/backfills", key: kept, body: createBody).status == 409)
        #expect(try again.request("GET", "/public-api/backfills", key: removed).status == 401)
        #expect(try again.stop().errors == "")
    }

    @Test(arguments: [
        ([], 1), (["--mode", "strict"], 0), (["--admin-token", token], 0), (["--host", "127.0.0.1"], 0),
    ])
    func whoeverListensToTheWorldIsWarnedOnce(options: [String], count: Int) throws {
        let serving = try ServingProgram(["--host", "0.0.0.0"] + options)
        let result = try serving.stop()
        #expect(result.errorLines.count == count, "\(result.errors)")
        #expect(count == 0 || result.errors.contains("warning listening on 0.0.0.0 in open mode without --admin-token"))
    }

    @Test(arguments: ["text", "json"])
    func nothingSecretIsEverLogged(format: String) throws {
        let serving = try ServingProgram(
            ["--log-level", "trace", "--log-format", format, "--admin-token", Self.token, "--max-sandboxes", "4"])
        let secrets = ["Tr0ubadour", "Sw0rdfish"]
        let fresh = try make("team-a", on: serving)
        for secret in secrets {
            let key = "neo_sk_test_\(secret)"
            #expect(try serving.request("GET", "/public-api/agents?key=\(key)", key: key).status == 200)
            #expect(try serving.request("GET", "/public-api/\(key)", key: key).status == 404)
            #expect(
                try serving.request(
                    "POST", "/_understudy/sandbox/credentials", key: fresh, body: #"{"token": "\#(key)x"}"#
                )
                .status == 201)
            #expect(try serving.request("GET", "/_understudy/sandbox", key: "\(secret).wrong").status == 401)
        }
        let result = try serving.stop()
        #expect(result.errorLines.count >= 9)
        for secret in secrets + [Self.token, fresh] {
            #expect(!result.errors.contains(secret) && !result.output.contains(secret), "\(secret)")
        }
        if format == "json" {
            for line in result.errorLines { #expect(throws: Never.self) { try JSONParser.parse(Array(line.utf8)) } }
        }
    }

    @Test func flagsHaveTwinsInTheEnvironment() throws {
        for (value, status) in [("true", 404), ("1", 404), ("false", 200), ("0", 200), ("", 200)] {
            let serving = try ServingProgram(environment: ["UNDERSTUDY_NO_CONTROL_PLANE": value])
            #expect(try serving.request("GET", "/_understudy/sandbox").status == status)
            #expect(try serving.request("GET", "/_understudy/health").status == 200)
        }
    }
}
