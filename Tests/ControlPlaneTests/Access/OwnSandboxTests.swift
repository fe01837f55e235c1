import AnswerContract
import Emulation
import ControlPlane
import HTTPFront
import JSON
import Sandboxes
import TestSupport
import Testing
import Understudy

/// Every operation that a document has, asked for by somebody to whom nothing there belongs.
@Suite struct OwnSandboxTests {
    /// The demo, with an agent and a scenario that no other sandbox has.
    private static let seed: Understudy.Seed = {
        let more = """
            "agents": [{"id": "987654321", "name": "Theirs", "autonomy_type": "CHAINED_ACTIONS", "entity_type": "TICKET",
                        "created_at": "-P1D"}],
            "scenarios": [{"name": "theirs-alone", "when": {}, "then": {"entities": 3}}],
            """
        let demo = String(decoding: Understudy.modules.bytes(of: .demo), as: UTF8.self)
        return .json(Array(demo.replacing(#""base": "blank","#, with: #""base": "blank","# + more).utf8))
    }()

    /// What stands for a path's parameter: something that only their sandbox has.
    private static func parameter(_ name: Substring, in path: String, execution: String) -> String {
        switch name {
        case "backfill_id": "00000000-0000-4000-8000-00000000ba04"
        case "agent_id": "987654321"
        case "execution_id": execution
        case "kind": "contact_deduper"
        case "id":
            path.contains("backfills") ? "00000000-0000-4000-8000-00000000ba02" : "00000000-0000-4000-8000-00000000a904"
        case "name": path.contains("admin") ? "default" : "theirs-alone"
        default: "theirs"
        }
    }

    private static func target(_ template: String, execution: String = "x") -> String {
        template.replacing(/\{([^}]+)\}/) { parameter($0.1, in: template, execution: execution) }
            + (template.hasSuffix("version-at") ? "?timestamp=2026-03-02T09:00:00Z" : "")
    }

    private static func body(_ method: String, _ path: String) -> String? {
        switch (method, path) {
        case ("GET", _), ("DELETE", _): nil
        case (_, "/public-api/backfills"), (_, "/public-api/backfills/verify"): createBody()
        case ("PATCH", "/_understudy/backfills/{id}"): #"{"state": "CANCELLED"}"#
        case ("PUT", "/_understudy/scenarios/{name}"): #"{"when": {}, "then": {"entities": 9}}"#
        case ("POST", "/_understudy/clock/advance"): #"{"seconds": 60}"#
        default: "{}"
        }
    }

    /// What is put comes last: it is there afterwards, in the own sandbox.
    private static let operations = [Contract.neo, .backside, .controlPlane].flatMap(\.operations)
        .sorted { $0.method != "PUT" && $1.method == "PUT" }

    @Test func aForeignKeyReachesNothing() throws {
        let standIn = try StandIn(seed: Self.seed) {
            $0.freshSeed = .blank
            $0.adminToken = AdminToken(Admin.token)
        }
        let theirs = { standIn.send("GET", "/_understudy/sandbox/export", key: Admin.token).text }
        let before = theirs()
        let own = Self.idsOfBlank()
        let execution = try #require(
            standIn.send("GET", "/public-api/executions", key: StandIn.admin)["data.0.execution_id"]?.string)
        let ids = Set(before.matches(of: /[0-9a-f]{8}-0000-4000-8000-[0-9a-f]{12}/).map { String($0.0) })
            .union(["987654321", "theirs-alone"])
        #expect(ids.count > 20)
        for (method, path) in Self.operations.map({ ($0.method, $0.path) }) {
            let target = Self.target(path, execution: execution)
            let backside = path.hasPrefix("/api/")
            let answer = standIn.send(
                method, target, key: backside ? StandIn.backsideKey : StandIn.neoKey, body: Self.body(method, path))
            // The kinds of agents are the same in every sandbox that is made from `blank`.
            let names = path.matches(of: /\{([^}]+)\}/).map(\.1).contains { $0 != "kind" }
            let isTheirs = names && (path.contains("admin") || method != "PUT")
            if isTheirs { #expect([403, 404].contains(answer.status), "\(method) \(target) → \(answer.status)") }
            // Ids of a run of our own look the same in every sandbox that is made from `blank`.
            let seen = ids.filter { answer.text.contains($0) && !target.contains($0) && !own.contains($0) }
            #expect(seen == [] || path.hasSuffix("openapi.json"), "\(method) \(target)")
            #expect(theirs() == before, "\(method) \(target)")
        }
    }

    /// Ids that `blank` has, and so every sandbox.
    private static func idsOfBlank() -> Set<String> {
        let text = (try? StandIn(seed: .blank))?.send("GET", "/_understudy/sandbox/export", key: nil).text ?? ""
        return Set(text.matches(of: /[0-9a-f]{8}-0000-4000-8000-[0-9a-f]{12}/).map { String($0.0) })
    }

    @Test(arguments: ["open", "strict"])
    func aForeignKeyCannotNameTheirSandbox(mode: String) throws {
        let standIn = try StandIn(seed: Self.seed) {
            $0.mode = mode == "open" ? .open : .strict
            $0.adminToken = AdminToken(Admin.token)
        }
        let mine = mode == "open" ? StandIn.neoKey : try standIn.makeSandbox(#"{"name": "mine"}"#).neo
        let before = standIn.send("GET", "/_understudy/sandbox/export", key: Admin.token).text
        var count = 0
        let bound = Contract.controlPlane.operations.filter { $0.operation["security"]?.array?.count != 0 }
        for (method, path) in bound.map({ ($0.method, $0.path) }) {
            count += 1
            let target = Self.target(path)
            let answer = standIn.send(
                method, target, key: mine, body: Self.body(method, path), fields: Admin.naming("default"))
            #expect(answer.status == 403, "\(method) \(target)")
        }
        #expect(count >= 18)
        #expect(standIn.send("GET", "/_understudy/sandbox/export", key: Admin.token).text == before)
    }
}
