import Foundation
import JSON
import RawHTTP
import Testing

@Suite struct CommandTests {
    private static let options = [
        "--host", "--port", "--port-file", "--unix-socket", "--tls-cert", "--tls-key", "--threads", "--data", "--seed",
        "--fresh-seed", "--mode", "--max-sandboxes",
        "--clock", "--speed", "--rate-limit", "--log-level",
    ]

    @Test(arguments: [["--help"], ["-h"], ["help"], ["serve", "--help"], ["help", "serve"]])
    func helpListsEveryOption(arguments: [String]) throws {
        // What is set does not change what there is.
        let result = try Program.run(arguments, environment: ["UNDERSTUDY_PORT": "x"])
        #expect(result.exitCode == 0)
        for option in Self.options { #expect(result.output.contains("  \(option) <"), "\(option)") }
        #expect(result.output.contains("  --no-prefer "))
        if !arguments.contains("serve") {
            for subcommand in ["seed", "openapi", "health"] { #expect(result.output.contains("  \(subcommand) ")) }
        }
    }

    @Test func theVersionIsOneLine() throws {
        let result = try Program.run(["--version"], environment: ["UNDERSTUDY_PORT": "x"])
        #expect(result.exitCode == 0)
        #expect(result.output.split(separator: ".").count == 3)
        #expect(result.output.filter { $0 == "\n" }.count == 1)
    }

    @Test(arguments: ["neo", "backside", "control-plane"])
    func theDocumentsAreThoseThatAreServed(name: String) throws {
        let paths = ["neo": "/public-api", "backside": "/api/v1", "control-plane": "/_understudy"]
        let result = try Program.run(["openapi", name])
        #expect(result.exitCode == 0)
        let served = try ServingProgram().request("GET", "\(paths[name] ?? "")/openapi.json")
        #expect(served.status == 200)
        #expect(served.text == result.output)
    }

    @Test(arguments: [
        ["openapi", "other"], ["openapi"], ["seed", "show", "other"], ["seed", "check"], ["frobnicate"],
    ])
    func whatDoesNotExistIsAUsageError(arguments: [String]) throws {
        let result = try Program.run(arguments)
        #expect(result.exitCode == 64)
        #expect(result.errors.hasPrefix("Error: "))
    }

    @Test(arguments: ["blank", "demo"])
    func aSeedThatIsShownIsAGoodOne(name: String) throws {
        let shown = try Program.run(["seed", "show", name])
        #expect(shown.exitCode == 0)
        let folder = try TemporaryFolder()
        let file = try folder.write(shown.output, to: "seed.json")
        let checked = try Program.run(["seed", "check", file])
        #expect(checked.exitCode == 0)
        #expect(checked.output == "\(file) is a good seed.\n")
        #expect(try ServingProgram(["--seed", file]).request("GET", "/_understudy/health").status == 200)
    }

    @Test func everyProblemOfABadSeedIsListed() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(#"{"agnets": [], "agents": [{"id": "1", "state": "ON"}]}"#, to: "bad.json")
        let result = try Program.run(["seed", "check", file])
        #expect(result.exitCode == 65)
        #expect(result.output == "")
        #expect(result.errors.contains("\(file): agnets: "))
        #expect(result.errors.contains("\(file): agents[0].state: "))
        let missing = try Program.run(["seed", "check", folder.at("none")])
        #expect(missing.exitCode == 74)
        #expect(missing.errorLines.count == 1)
    }

    @Test(arguments: ["127.0.0.1", "localhost", "0.0.0.0"])
    func healthAsksAServer(host: String) throws {
        let serving = try ServingProgram(["--host", host])
        let port = "\(serving.port)"
        #expect(try Program.run(["health", "--host", host, "--port", port]).exitCode == 0)
        #expect(
            try Program.run(["health"], environment: ["UNDERSTUDY_HOST": host, "UNDERSTUDY_PORT": port]).exitCode == 0)
        #expect(try serving.stop().exitCode == 0)
        let result = try Program.run(["health", "--host", host, "--port", port])
        #expect(result.exitCode == 69)
        #expect(result.errorLines.count == 1)
    }

    @Test func theCommandLineWinsAndAnEmptyVariableIsNone() throws {
        let environment = [
            "UNDERSTUDY_PORT": "x", "UNDERSTUDY_MODE": "", "UNDERSTUDY_CLOCK": "manual", "UNDERSTUDY_SPEED": "0",
        ]
        let serving = try ServingProgram(["--speed=2"], environment: environment)
        let sandbox = try serving.request("GET", "/_understudy/sandbox")
        #expect(sandbox["name"]?.string == "default")
        #expect(sandbox["clock.mode"]?.string == "manual")
        #expect(sandbox["clock.speed"]?.number?.double == 2)
    }

    @Test(arguments: [("true", true), ("1", true), ("false", false), ("0", false), ("", false)])
    func aFlagHasATwinToo(value: String, isOn: Bool) throws {
        let serving = try ServingProgram([], environment: ["UNDERSTUDY_NO_PREFER": value])
        let answer = try RawConnection(port: serving.port).request(
            "GET", "/public-api/agents",
            fields: [("Authorization", "Bearer neo_sk_test_prefer"), ("Prefer", "code=503")])
        #expect(answer?.status == (isOn ? 200 : 503))
    }

    @Test func aFlagsTwinTakesNothingElse() throws {
        let result = try Program.run([], environment: ["UNDERSTUDY_PORT": "0", "UNDERSTUDY_NO_PREFER": "maybe"])
        #expect(result.exitCode == 64)
        #expect(result.errors.contains("--no-prefer"))
    }

    @Test func aSeedWithAnUnknownOperationIsWrong() throws {
        let folder = try TemporaryFolder()
        let fault = #"{"name": "a", "match": {"operation": "no"}, "response": {"status": 500}}"#
        let file = try folder.write(#"{"faults": [\#(fault)]}"#, to: "seed.json")
        let result = try Program.run(["seed", "check", file])
        #expect(result.exitCode == 65)
        #expect(result.errors.contains("faults[0].match.operation: "))
        #expect(try Program.run(["--port", "0", "--seed", file]).exitCode == 65)
    }

    @Test func strictModeKnowsOnlyTheSeedsCredentials() throws {
        let folder = try TemporaryFolder()
        let shown = try Program.run(["seed", "show", "blank"]).output
        let file = try folder.write(
            shown.replacingOccurrences(of: "neo_sk_test_adminKey1", with: "neo_sk_test_mine"), to: "seed.json")
        let serving = try ServingProgram(["--mode", "strict", "--seed", file])
        let path = "/public-api/backfills"
        #expect(try serving.request("POST", path, key: "neo_sk_test_mine", body: createBody).status == 201)
        #expect(try serving.request("POST", path, key: "neo_sk_test_strange", body: createBody).status == 401)
    }
}
