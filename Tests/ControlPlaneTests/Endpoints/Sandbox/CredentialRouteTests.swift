import Foundation
import HTTPFront
import JSON
@testable import Sandboxes
import Synchronization
import TestSupport
import Testing

@Suite struct CredentialRouteTests {
    private static let route = "/_understudy/sandbox/credentials"

    private static func folder() -> String {
        FileManager.default.temporaryDirectory.appending(path: "understudy-\(UUID())").path
    }

    private static func id(of label: String, in standIn: StandIn, key: String?) throws -> String {
        let list = standIn.send("GET", route, key: key)["data"]?.array ?? []
        return try #require(
            list.first { $0.object?["label"]?.string == label }?.object?["id"]?.string, "\(label)")
    }

    @Test func aListHasAllThatOpenTheSandbox() throws {
        let standIn = try StandIn()
        let made = standIn.send("POST", Self.route, body: #"{"label": "b", "role": "Viewer"}"#)
        let list = standIn.send("GET", Self.route)
        #expect(list["data"]?.array?.compactMap { $0.object?["label"]?.string } == ["api-key", "b"])
        #expect(list["data"]?.compact == standIn.send("GET", "/_understudy/sandbox")["credentials"]?.compact)
        let id = try #require(made["id"]?.string)
        #expect(id.wholeMatch(of: /[0-9a-f]{16}/) != nil)
        #expect(list["data.1.id"]?.string == id)
        #expect(standIn.send("GET", "\(Self.route)/\(id)")["label"]?.string == "b")
        #expect(!list.text.contains(StandIn.neoKey))
        // The same key has the same id everywhere.
        #expect(try StandIn().send("GET", Self.route)["data.0.id"]?.string == list["data.0.id"]?.string)
        let name = standIn.sandbox(of: StandIn.neoKey) ?? ""
        #expect(list["data.0.id"]?.string.map { name.contains($0) } == false)
    }

    @Test(arguments: ["", "0000000000000000", "x", "%00"])
    func whatIsNotThereIsNotFound(id: String) throws {
        let standIn = try StandIn()
        for method in ["GET", "PATCH", "DELETE"] where !id.isEmpty {
            let answer = standIn.send(method, "\(Self.route)/\(id)", body: method == "PATCH" ? "{}" : nil)
            #expect(answer.status == 404)
            #expect(answer["error.message"]?.string == "There is no credential of this id.")
        }
        // Nor is another sandbox's.
        let theirs = try Self.id(of: "neo-admin", in: standIn, key: StandIn.admin)
        #expect(standIn.send("DELETE", "\(Self.route)/\(theirs)").status == 404)
        #expect(standIn.send("GET", "/public-api/backfills", key: StandIn.admin).status == 200)
    }

    @Test func aLeakedKeyIsRevokedByPatch() throws {
        let standIn = try StandIn()
        let made = standIn.send("POST", Self.route, body: #"{"label": "leaked"}"#)
        let (key, id) = (try #require(made["token"]?.string), try #require(made["id"]?.string))
        let refused = standIn.send("POST", Self.route, body: #"{"token": "\#(key)", "revoked": true}"#)
        #expect(refused.status == 409)
        #expect(
            refused["error.message"]?.string
                == "The sandbox has this credential already, with another standing: PATCH \(Self.route)/\(id) changes it."
        )
        let patched = standIn.send("PATCH", "\(Self.route)/\(id)", body: #"{"revoked": true}"#)
        #expect(patched.status == 200)
        #expect(patched["revoked"]?.bool == true)
        #expect(patched["token"] == nil)
        #expect(standIn.send("GET", "/public-api/backfills", key: key).status == 401)
        // It looks and moves the clock; it does not give itself its rights back.
        #expect(standIn.send("GET", "/_understudy/sandbox", key: key).status == 200)
        #expect(standIn.send("PATCH", "/_understudy/clock", key: key, body: #"{"mode": "poll"}"#).status == 200)
        for request in [("PATCH", "/\(id)", #"{"revoked": false}"#), ("DELETE", "/\(id)", nil), ("POST", "", "{}")] {
            #expect(standIn.send(request.0, Self.route + request.1, key: key, body: request.2).status == 403)
        }
        standIn.send("PATCH", "\(Self.route)/\(id)", body: #"{"revoked": false}"#)
        #expect(standIn.send("GET", "/public-api/backfills", key: key).status == 200)
    }

    @Test func aPatchChangesWhatItNames() throws {
        let standIn = try StandIn()
        let id = try #require(
            standIn.send("POST", Self.route, body: #"{"label": "a", "scopes": ["agents:read"]}"#)["id"]?.string)
        func patch(_ body: String) -> String {
            let answer = standIn.send("PATCH", "\(Self.route)/\(id)", body: body)
            return ["label", "role", "scopes", "expires_at", "revoked"].map { answer[$0]?.compact ?? "?" }
                .joined(separator: " ")
        }
        #expect(patch("{}") == #""a" "Admin" ["agents:read"] null false"#)
        #expect(patch(#"{"label": "b", "role": "User"}"#) == #""b" "User" ["agents:read"] null false"#)
        #expect(
            patch(#"{"expires_at": "+PT1H"}"#)
                == #""b" "User" ["agents:read"] "2026-03-02T10:00:00.000000Z" false"#)
        #expect(patch(#"{"scopes": null, "revoked": true}"#) == #""b" "User" null "2026-03-02T10:00:00.000000Z" true"#)
        #expect(
            patch(#"{"expires_at": null, "label": null, "role": null, "revoked": null}"#)
                == #""b" "User" null null true"#)
    }

    @Test(arguments: [
        (#"{"role": "King"}"#, "role"), (#"{"token": "neo_sk_test_x"}"#, "token"), (#"{"api": "neo"}"#, "api"),
        (#"{"scopes": ["all"]}"#, "scopes[0]"), (#"{"expires_at": "soon"}"#, "expires_at"), (#"{"label": 7}"#, "label"),
        (#"{"label": "\#(String(repeating: "ä", count: 101))"}"#, "label"),
        (#"{"scopes": ["\#(String(repeating: "a", count: 63)):b"]}"#, "scopes[0]"),
        (#"{"scopes": [\#(Array(repeating: #""a:b""#, count: 33).joined(separator: ","))]}"#, "scopes"),
    ])
    func aBadStandingIsRefusedByPatchAndByPost(body: String, field: String) throws {
        let standIn = try StandIn()
        let id = try Self.id(of: "api-key", in: standIn, key: StandIn.neoKey)
        let before = standIn.send("GET", Self.route).text
        let answer = standIn.send("PATCH", "\(Self.route)/\(id)", body: body)
        #expect(answer.status == 422)
        #expect(answer.violatedFields == [field])
        if field != "token", field != "api" {
            #expect(standIn.send("POST", Self.route, body: body).violatedFields == [field])
        }
        #expect(standIn.send("GET", Self.route).text == before)
    }

    @Test(arguments: [SandboxConfiguration.Mode.open, .strict])
    func aDeletedCredentialOpensNothing(mode: SandboxConfiguration.Mode) throws {
        let standIn = try Admin.standIn { $0.mode = mode }
        let made = try standIn.makeSandbox()
        let second = standIn.send("POST", Self.route, key: made.neo, body: #"{"label": "second"}"#)
        let (key, id) = (try #require(second["token"]?.string), try #require(second["id"]?.string))
        let deleted = standIn.send("DELETE", "\(Self.route)/\(id)", key: made.neo)
        #expect(deleted.status == 200)
        #expect(deleted["label"]?.string == "second")
        let count = standIn.directory.count
        for _ in 0..<2 {
            #expect(standIn.send("GET", "/public-api/backfills", key: key).status == 401)
            #expect(standIn.send("GET", "/_understudy/sandbox", key: key).status == 401)
            #expect(
                standIn.send("GET", "/_understudy/sandbox", key: key, fields: Admin.naming(made.name)).status >= 401)
        }
        #expect(standIn.directory.count == count)
        #expect(standIn.send("GET", "\(Self.route)/\(id)", key: made.neo).status == 404)
        // Nobody attaches it again.
        let again = standIn.send("POST", Self.route, key: made.neo, body: #"{"token": "\#(key)"}"#)
        #expect(again.status == 409)
        #expect(again["error.message"]?.string?.contains("was deleted") == true)
        #expect(standIn.send("GET", "/public-api/backfills", key: made.neo).status == 200)
    }

    @Test func whereEverybodyIsAnAdminADeletedKeyIsNobody() throws {
        let standIn = try StandIn()
        let id = try Self.id(of: "api-key", in: standIn, key: StandIn.neoKey)
        let own = try #require(standIn.sandbox(of: StandIn.neoKey))
        // The last one may go too: the sandbox is then reached by its name.
        #expect(standIn.send("DELETE", "\(Self.route)/\(id)").status == 200)
        for fields in [[], Admin.naming("default"), Admin.naming(own)] {
            #expect(standIn.send("GET", "/_understudy/sandbox", fields: fields).status == 401)
        }
        #expect(standIn.send("GET", Admin.sandboxes).status == 401)
        #expect(standIn.send("GET", Self.route, key: nil, fields: Admin.naming(own))["data"]?.array?.count == 0)
        let made = standIn.send("POST", Self.route, key: nil, fields: Admin.naming(own))
        #expect(standIn.sandbox(of: made["token"]?.string) == own)
    }

    @Test func theLastThousandDeletedAreRemembered() {
        var deleted = DeletedCredentials()
        let digests = (0...DeletedCredentials.limit).map { Digest(of: "\($0)") }
        deleted.add(Digest(of: "of the seed"), of: "default", stays: true)
        for digest in digests { deleted.add(digest, of: "a", stays: false) }
        #expect(digests.count(where: deleted.contains) == 1_000)
        #expect(!deleted.contains(digests[0]))
        #expect(deleted.sandbox(of: Digest(of: "of the seed")) == "default")
    }

    /// A key whose deletion is forgotten does not get its former sandbox back.
    @Test func aForgottenDeletionOpensNothingEither() throws {
        let standIn = try StandIn()
        let other = try #require(standIn.send("POST", Self.route)["token"]?.string)
        let id = try Self.id(of: "api-key", in: standIn, key: StandIn.neoKey)
        let old = try #require(
            standIn.send("GET", "\(Self.route)")["data"]?.array?.compactMap { $0.object?["id"]?.string })
        #expect(old.count == 2 && old.contains(id))
        for one in old where standIn.send("GET", "/_understudy/sandbox", key: other).status == 200 {
            let masked = standIn.send("GET", "\(Self.route)/\(one)", key: other)["masked"]?.string
            if masked == "neo_sk_test_…" { standIn.send("DELETE", "\(Self.route)/\(one)", key: other) }
        }
        standIn.directory.state.withLock { $0.deleted = DeletedCredentials() }
        #expect(standIn.send("GET", "/_understudy/sandbox").status == 401)
        #expect(standIn.send("GET", "/_understudy/sandbox", key: other).status == 200)
    }

    @Test func aSandboxHasAtMostAHundred() throws {
        let standIn = try StandIn()
        for _ in 1..<100 { #expect(standIn.send("POST", Self.route).status == 201) }
        let refused = standIn.send("POST", Self.route)
        #expect(refused.status == 409)
        #expect(refused["error.message"]?.string == "A sandbox has at most 100 credentials: delete one.")
        let id = try #require(standIn.send("GET", Self.route)["data.1.id"]?.string)
        standIn.send("DELETE", "\(Self.route)/\(id)")
        _ = standIn.send("POST", Self.route)
        #expect(standIn.directory.credentials(of: standIn.sandbox(of: StandIn.neoKey) ?? "").count <= 100)
        // A seed cannot have more either.
        let keys = (0...100).map { #"{"token": "neo_sk_test_n\#($0)"}"# }.joined(separator: ",")
        let seed = standIn.send("POST", Admin.sandboxes, body: #"{"seed": {"credentials": [\#(keys)]}}"#)
        #expect(seed.violatedFields == ["credentials[100].token"])
    }

    @Test(arguments: [false, true])
    func changesOutliveARestart(ofDefault: Bool) throws {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var before = ""
        func start() throws -> StandIn { try Admin.standIn { $0.dataFolder = folder } }
        let key = ofDefault ? StandIn.admin : StandIn.neoKey
        let dead = ofDefault ? DemoSeed.userKey : "neo_sk_test_dead"
        do {
            let standIn = try start()
            if !ofDefault {
                for (token, label) in [(dead, "neo-user"), ("neo_sk_test_quiet", "neo-viewer")] {
                    let body = #"{"token": "\#(token)", "label": "\#(label)"}"#
                    #expect(standIn.send("POST", Self.route, key: key, body: body).status == 201)
                }
            }
            let user = try Self.id(of: "neo-user", in: standIn, key: key)
            let viewer = try Self.id(of: "neo-viewer", in: standIn, key: key)
            #expect(standIn.send("DELETE", "\(Self.route)/\(user)", key: key).status == 200)
            let body = #"{"revoked": true, "label": "quiet", "scopes": []}"#
            #expect(standIn.send("PATCH", "\(Self.route)/\(viewer)", key: key, body: body).status == 200)
            before = standIn.send("GET", Self.route, key: key).text
        }
        for _ in 0..<2 {
            let again = try start()
            #expect(again.send("GET", Self.route, key: key).text == before)
            #expect(again.send("GET", "/public-api/backfills", key: dead).status == 401)
            #expect(again.send("GET", "/_understudy/sandbox", key: dead).status == 401)
        }
    }

    /// Files of a sandbox that no credential opens any more are not there for whoever brings the key again.
    @Test func theFilesOfASandboxGoWithItsLastCredential() throws {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            let standIn = try StandIn { $0.dataFolder = folder }
            standIn.send("POST", "/public-api/backfills", body: createBody())
            let id = try Self.id(of: "api-key", in: standIn, key: StandIn.neoKey)
            standIn.send("DELETE", "\(Self.route)/\(id)")
        }
        _ = try StandIn { $0.dataFolder = folder }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("key-") }
        #expect(files == [])
    }
}
