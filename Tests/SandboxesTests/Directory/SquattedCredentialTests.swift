import Foundation
import JSON
import Sandboxes
import Synchronization
import TestSupport
import Testing
import Understudy

@Suite struct SquattedCredentialTests {
    private static let route = "/_understudy/sandbox/credentials"

    private final class Notices: Sendable { let lines = Mutex<[String]>([]) }

    @Test(arguments: [StandIn.admin, DemoSeed.backsideKey, DemoSeed.revokedNeoKey])
    func inStrictModeNobodyAttachesAPublishedKey(key: String) throws {
        let standIn = try Admin.standIn { $0.mode = .strict }
        let made = try standIn.makeSandbox()
        let masked = Credential.mask(key)
        for caller in [made.neo, Admin.token] {
            let answer = standIn.send("POST", Self.route, key: caller, body: #"{"token": "\#(key)"}"#)
            #expect(answer.status == 409)
            #expect(
                answer["error.message"]?.string
                    == "The credential \(masked) stands in a built-in seed, where everybody can read it: in strict mode it opens nothing."
            )
        }
        let seed = #"{"name": "b", "seed": {"credentials": [{"token": "\#(key)"}]}}"#
        #expect(standIn.send("POST", Admin.sandboxes, key: Admin.token, body: seed).status == 409)
        #expect(standIn.send("GET", "/_understudy/sandbox", key: key).status == 401)
        #expect(standIn.directory.count == 2)
    }

    /// Not even one that an open run has deleted.
    @Test func aDeletedPublishedKeyStaysPublished() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "understudy-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            let standIn = try Admin.standIn { $0.dataFolder = folder }
            let list = standIn.send("GET", Self.route, key: Admin.token)["data"]?.array ?? []
            for id in list.compactMap({ $0.object?["id"]?.string }) {
                standIn.send("DELETE", "\(Self.route)/\(id)", key: Admin.token)
            }
        }
        let again = try Admin.standIn { ($0.dataFolder, $0.mode) = (folder, .strict) }
        let seed = #"{"name": "b", "seed": {"credentials": [{"token": "\#(StandIn.admin)"}]}}"#
        let answer = again.send("POST", Admin.sandboxes, key: Admin.token, body: seed)
        #expect(answer["error.message"]?.string?.contains("built-in seed") == true)
    }

    @Test func inStrictModeASeedFileThatNamesAPublishedKeyDoesNotOpenItEither() throws {
        let seed = #"{"credentials": [{"token": "\#(StandIn.admin)"}, {"token": "neo_sk_ci_own"}]}"#
        let standIn = try StandIn(seed: .json(Array(seed.utf8))) { $0.mode = .strict }
        #expect(standIn.sandbox(of: StandIn.admin) == nil)
        #expect(standIn.sandbox(of: "neo_sk_ci_own") == "default")
    }

    @Test func anAdminsSeedTakesASquattedKey() throws {
        let standIn = try Admin.standIn { $0.mode = .strict }
        let squatter = try standIn.makeSandbox(#"{"name": "squatter"}"#)
        let key = "neo_sk_ci_wanted"
        #expect(
            standIn.send("POST", Self.route, key: squatter.neo, body: #"{"token": "\#(key)", "role": "Viewer"}"#).status
                == 201)
        #expect(standIn.sandbox(of: key) == "squatter")
        let seed = #"{"name": "owner", "seed": {"base": "blank", "credentials": [{"token": "\#(key)"}]}}"#
        #expect(standIn.send("POST", Admin.sandboxes, key: Admin.token, body: seed).status == 201)
        #expect(standIn.sandbox(of: key) == "owner")
        #expect(standIn.send("GET", Self.route, key: squatter.neo)["data"]?.array?.count == 2)
        // What an admin has named is nobody's to take, not even another seed's.
        let other = #"{"name": "other", "seed": {"credentials": [{"token": "\#(key)"}]}}"#
        #expect(standIn.send("POST", Admin.sandboxes, key: Admin.token, body: other).status == 409)
        #expect(standIn.sandbox(of: key) == "owner")
        // Nor is it squatted by having been deleted.
        let id = try #require(
            standIn.send("POST", Self.route, key: squatter.neo, body: #"{"token": "neo_sk_ci_burnt"}"#)["id"]?.string)
        standIn.send("DELETE", "\(Self.route)/\(id)", key: squatter.neo)
        let burnt = #"{"name": "burnt", "seed": {"credentials": [{"token": "neo_sk_ci_burnt"}]}}"#
        #expect(standIn.send("POST", Admin.sandboxes, key: Admin.token, body: burnt).status == 201)
        #expect(standIn.sandbox(of: "neo_sk_ci_burnt") == "burnt")
    }

    /// Where nobody is told apart, nobody takes another's key.
    @Test func withoutAnAdminTokenAKeyInUseStaysWhereItIs() throws {
        let standIn = try StandIn()
        let own = standIn.sandbox(of: StandIn.neoKey)
        let seed = #"{"name": "b", "seed": {"credentials": [{"token": "\#(StandIn.neoKey)"}]}}"#
        #expect(standIn.send("POST", Admin.sandboxes, key: nil, body: seed).status == 409)
        #expect(standIn.sandbox(of: StandIn.neoKey) == own)
    }

    @Test(arguments: [false, true])
    func theServersSeedTakesASquattedKey(wasDeleted: Bool) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "understudy-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let key = "neo_sk_ci_wanted"
        do {
            let standIn = try Admin.standIn { ($0.dataFolder, $0.mode) = (folder, .strict) }
            let squatter = try standIn.makeSandbox(#"{"name": "squatter"}"#)
            let made = standIn.send("POST", Self.route, key: squatter.neo, body: #"{"token": "\#(key)"}"#)
            let id = try #require(made["id"]?.string)
            if wasDeleted { standIn.send("DELETE", "\(Self.route)/\(id)", key: squatter.neo) }
        }
        let notices = Notices()
        let seed = Understudy.Seed.json(
            Array(#"{"credentials": [{"token": "\#(key)", "label": "ci"}]}"#.utf8))
        for _ in 0..<2 {
            let again = try Admin.standIn {
                ($0.dataFolder, $0.mode, $0.seed) = (folder, .strict, seed)
            }
            #expect(again.sandbox(of: key) == "default")
        }
        var configuration = SandboxConfiguration(
            modules: Understudy.modules, seed: .builtIn(.blank), freshSeed: .builtIn(.blank),
            machine: { .init(microseconds: 0) })
        configuration.notice = { line in notices.lines.withLock { $0.append(line) } }
        configuration.mode = .strict
        configuration.dataFolder = folder
        // Without that seed, nobody has it.
        let without = try SandboxDirectory(configuration)
        #expect(without.known(.key(key)) == nil)
        #expect(notices.lines.withLock { $0 } == [])
    }

    @Test func aTakeoverIsLogged() throws {
        let notices = Notices()
        var configuration = SandboxConfiguration(
            modules: Understudy.modules, seed: .builtIn(.blank), freshSeed: .builtIn(.blank),
            machine: { .init(microseconds: 0) })
        configuration.notice = { line in notices.lines.withLock { $0.append(line) } }
        let directory = try SandboxDirectory(configuration)
        let key = try SeedCredential(
            token: "neo_sk_ci_wanted", standing: JSONObject(members: []), modules: Understudy.modules)
        let squatter = try #require(try directory.resolve(.key(key.token))).sandbox.name
        _ = try directory.make(named: "owner", from: nil, keys: [key], takesOver: true)
        #expect(
            notices.lines.withLock { $0 } == [
                "sandbox owner took a credential of sandbox \(squatter) over: its seed names it"
            ])
    }
}
