import ControlPlane
import Foundation
import JSON
import Sandboxes
import Synchronization
import TestSupport
import Testing
import Understudy

@Suite struct StrictModeTests {
    private static let seed = Understudy.Seed.json(
        Array(#"{"base": "blank", "credentials": [{"token": "neo_sk_ci_named", "label": "ci"}]}"#.utf8))

    private static func folder() -> String {
        FileManager.default.temporaryDirectory.appending(path: "understudy-\(UUID())").path
    }

    @Test func onlyWhatIsNamedMadeOrAttachedIsLetIn() throws {
        let standIn = try StandIn(seed: Self.seed) {
            $0.mode = .strict
            $0.adminToken = AdminToken(Admin.token)
        }
        #expect(standIn.sandbox(of: "neo_sk_ci_named") == "default")
        let made = try standIn.makeSandbox(#"{"name": "team-a"}"#)
        let attached = standIn.send(
            "POST", "/_understudy/sandbox/credentials", key: made.neo, body: #"{"token": "neo_sk_ci_second"}"#)
        #expect(attached.status == 201)
        for key in [made.neo, made.backside, "neo_sk_ci_second"] { #expect(standIn.sandbox(of: key) == "team-a") }
        #expect(standIn.send("GET", "/public-api/backfills", key: "neo_sk_ci_second").status == 200)
        // Neither the published keys of the seed's base nor anybody else, nor nobody.
        for key in [StandIn.admin, StandIn.neoKey, "neo_sk_ci_third", nil] {
            #expect(standIn.send("GET", "/public-api/backfills", key: key).status == 401)
            #expect(standIn.send("GET", "/_understudy/sandbox", key: key).status == 401)
            for name in ["default", "team-a", "nobody"] {
                let fields = Admin.naming(name)
                #expect(standIn.send("GET", "/_understudy/sandbox", key: key, fields: fields).status == 401)
            }
        }
        #expect(
            standIn.send("GET", "/_understudy/sandbox", key: made.neo, fields: Admin.naming("default")).status == 403)
        #expect(standIn.directory.count == 2)
    }

    @Test(arguments: [false, true])
    func aRemovedSandboxIsGoneAtOnce(isKept: Bool) throws {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let standIn = try Admin.standIn {
            $0.mode = .strict
            $0.dataFolder = isKept ? folder : nil
        }
        let made = try standIn.makeSandbox(#"{"name": "team-a"}"#)
        #expect(standIn.send("POST", "/public-api/backfills", key: made.neo, body: createBody()).status == 201)
        if isKept { #expect(FileManager.default.fileExists(atPath: folder + "/team-a.sqlite")) }
        let removed = standIn.send("DELETE", Admin.sandboxes + "/team-a", key: Admin.token)
        #expect(removed.status == 200)
        #expect(removed["name"]?.string == "team-a")
        for key in [made.neo, made.backside] {
            #expect(standIn.send("GET", "/_understudy/sandbox", key: key).status == 401)
        }
        #expect(standIn.send("GET", "/public-api/backfills", key: made.neo).status == 401)
        for method in ["GET", "DELETE"] {
            #expect(standIn.send(method, Admin.sandboxes + "/team-a", key: Admin.token).status == 404)
        }
        if isKept {
            let left = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("team-a") }
            #expect(left == [])
        }
        // Its name is free again, its keys are not its successor's, and nothing is left of what it held.
        let next = try standIn.makeSandbox(#"{"name": "team-a"}"#)
        #expect(standIn.send("GET", "/public-api/backfills", key: made.neo).status == 401)
        #expect(standIn.send("GET", "/_understudy/sandbox", key: next.neo)["counts.backfills"]?.integer == 0)
        #expect(standIn.send("DELETE", Admin.sandboxes + "/default", key: Admin.token).status == 409)
    }

    @Test(arguments: [false, true])
    func whatIsInsideARemovedSandboxFinishes(isKept: Bool) throws {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let standIn = try Admin.standIn { $0.dataFolder = isKept ? folder : nil }
        let key = try standIn.makeSandbox(#"{"name": "team-a"}"#).neo
        let sandbox = try #require(standIn.directory.sandbox(named: "team-a"))
        let (entered, mayGoOn, removed) = (
            DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
        )
        let counted = Mutex<Int64?>(nil)
        Thread.detachNewThread {
            try? sandbox.withWorld { world in
                entered.signal()
                mayGoOn.wait()
                try? world.transaction { try world.database.run("DELETE FROM entity") }
                counted.withLock { $0 = try? world.counts().first { $0.name == "entities" }?.count }
            }
        }
        entered.wait()
        Thread.detachNewThread {
            standIn.send("DELETE", Admin.sandboxes + "/team-a", key: Admin.token)
            removed.signal()
        }
        // Its key is dead before the one inside is through; in open mode it then gets no sandbox of its own either yet, or a new one.
        while standIn.directory.summary(of: "team-a") != nil { Thread.sleep(forTimeInterval: 0) }
        #expect(standIn.sandbox(of: key) != "team-a")
        // The name is not free before it is.
        #expect(standIn.send("POST", Admin.sandboxes, key: Admin.token, body: #"{"name": "team-a"}"#).status == 409)
        mayGoOn.signal()
        removed.wait()
        #expect(counted.withLock { $0 } == 0)
        #expect(try standIn.makeSandbox(#"{"name": "team-a"}"#).name == "team-a")
    }

    @Test(arguments: [SandboxConfiguration.Mode.open, .strict])
    func whatAdminsMadeOutlivesARestart(mode: SandboxConfiguration.Mode) throws {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let keys: (made: String, attached: String, onDefault: String)
        let export: String
        do {
            let open = try Admin.standIn { $0.dataFolder = folder }
            #expect(open.sandbox(of: StandIn.neoKey)?.hasPrefix("key-") == true)
            let made = try open.makeSandbox(
                #"{"name": "team-a", "seed": {"base": "blank", "credentials": [{"token": "neo_sk_test_Secret42"}]}}"#)
            let attach = "/_understudy/sandbox/credentials"
            let attached = open.send("POST", attach, key: made.neo, body: #"{"api": "backside", "scopes": []}"#)
            let onDefault = open.send("POST", attach, key: Admin.token, body: #"{"role": "Viewer"}"#)
            keys = (made.neo, attached["token"]?.string ?? "", onDefault["token"]?.string ?? "")
            open.send("POST", "/public-api/backfills", key: made.neo, body: createBody())
            export = open.send("GET", "/_understudy/sandbox/export", key: made.neo).text
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        for name in files {
            let bytes = try #require(FileManager.default.contents(atPath: "\(folder)/\(name)"))
            for secret in [keys.made, keys.attached, keys.onDefault, "Secret42", Admin.token] {
                #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)")
            }
        }
        let again = try Admin.standIn {
            $0.dataFolder = folder
            $0.mode = mode
        }
        for key in [keys.made, keys.attached, "neo_sk_test_Secret42"] { #expect(again.sandbox(of: key) == "team-a") }
        #expect(again.sandbox(of: keys.onDefault) == "default")
        #expect(again.send("POST", "/public-api/backfills", key: keys.onDefault, body: createBody()).status == 403)
        let run = "/api/v1/agents/contact_deduper/runs/00000000-0000-4000-8000-00000000a904"
        #expect(again.send("GET", run, key: keys.attached).status == 403)
        #expect(again.send("GET", "/_understudy/sandbox/export", key: keys.made).text == export)
        #expect(again.send("POST", "/_understudy/sandbox/reset", key: keys.made)["counts.backfills"]?.integer == 0)
        // Whom the open run took in is a stranger to a strict one.
        #expect((again.sandbox(of: StandIn.neoKey) == nil) == (mode == .strict))
        #expect(again.send("GET", Admin.sandboxes, key: Admin.token)["total"]?.integer == (mode == .open ? 3 : 2))
        // And may be taken in by it.
        if mode == .strict {
            let body = #"{"token": "\#(StandIn.neoKey)"}"#
            #expect(again.send("POST", "/_understudy/sandbox/credentials", key: keys.made, body: body).status == 201)
            #expect(again.sandbox(of: StandIn.neoKey) == "team-a")
        }
    }

    @Test func aRemovedSandboxStaysAwayAfterARestart() throws {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var key = ""
        do {
            let standIn = try Admin.standIn { $0.dataFolder = folder }
            key = try standIn.makeSandbox(#"{"name": "team-a"}"#).neo
            standIn.send("DELETE", Admin.sandboxes + "/team-a", key: Admin.token)
        }
        let again = try Admin.standIn {
            $0.dataFolder = folder
            $0.mode = .strict
        }
        #expect(again.directory.count == 1)
        #expect(again.send("GET", "/public-api/backfills", key: key).status == 401)
    }
}
