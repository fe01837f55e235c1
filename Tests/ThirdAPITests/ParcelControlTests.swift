import ControlPlane
import Foundation
import HTTPFront
import JSON
import Testing
import Understudy

/// The courier's route of the control plane, and its credentials there.
@Suite struct ParcelControlTests {
    private static let credentials = "/_understudy/sandbox/credentials"

    @Test func aParcelIsSentBackOnce() throws {
        let scene = try CourierScene()
        let id = try scene.accept()
        scene.advance(#"{"seconds": 15}"#)
        let sent = scene.send("POST", "/_understudy/parcels/\(id)/return")
        #expect(sent.status == 200)
        #expect(sent["parcel.status"]?.string == "returned")
        #expect(scene.advance(#"{"until": "idle"}"#).transitions == [])
        #expect(scene.send("POST", "/_understudy/parcels/\(id)/return").status == 409)
        #expect(scene.send("POST", "/_understudy/parcels/x/return").status == 404)
    }

    @Test func whoOnlyReadsSendsNothingBack() throws {
        let scene = try CourierScene()
        let id = try scene.accept(key: CourierScene.desk)
        let refused = scene.send("POST", "/_understudy/parcels/\(id)/return", key: CourierScene.window)
        #expect(refused.status == 403)
        #expect(
            refused["error.message"]?.string?.contains("Dispatcher") == true, "\(refused.text)")
        #expect(scene.send("POST", "/_understudy/parcels/\(id)/return", key: CourierScene.desk).status == 200)
    }

    @Test func aKeyIsAttachedOrMade() throws {
        let scene = try CourierScene()
        let attached = scene.send("POST", Self.credentials, body: #"{"token": "\#(CourierScene.otherKey)"}"#)
        #expect(attached.status == 201)
        #expect(attached["api"]?.string == "courier")
        #expect(attached["role"]?.string == "Dispatcher")
        #expect(attached["masked"]?.string == "crr-…")
        let id = try scene.accept()
        #expect(scene.status(of: id, key: CourierScene.otherKey) == "accepted")
        let made = scene.send("POST", Self.credentials, body: #"{"api": "courier", "role": "Tracker"}"#)
        let token = try #require(made["token"]?.string)
        #expect(token.wholeMatch(of: /crr-[0-9]{12}/) != nil)
        #expect(scene.status(of: id, key: token) == "accepted")
    }

    @Test(arguments: [
        (#"{"token": "crr-12345"}"#, "token"), (#"{"token": "crr-00000000000a"}"#, "token"),
        (#"{"token": "crr-000000000009", "api": "neo"}"#, "api"), (#"{"api": "post"}"#, "api"),
        (#"{"token": "crr-000000000009", "role": "Viewer"}"#, "role"),
        (#"{"token": "neo_sk_test_fourth", "role": "Tracker"}"#, "role"),
    ])
    func aKeyOfAnotherFormIsRefused(body: String, field: String) throws {
        let refused = try CourierScene().send("POST", Self.credentials, body: body)
        #expect(refused.status == 422)
        #expect(refused["error.details.errors.0.field"]?.string == field, "\(refused.text)")
    }

    @Test func anAdminsSandboxGetsAKeyOfEachAPI() throws {
        let scene = try CourierScene()
        let made = scene.send("POST", "/_understudy/admin/sandboxes", key: nil, body: #"{"name": "team"}"#)
        #expect(made.status == 201)
        let credentials = made["credentials"]?.array?.compactMap(\.object) ?? []
        #expect(credentials.compactMap { $0["api"]?.string } == ["neo", "backside", "courier"])
        #expect(credentials.compactMap { $0["role"]?.string } == ["Admin", "Admin", "Dispatcher"])
        let token = try #require(credentials.last?["token"]?.string)
        let id = try scene.accept(key: token)
        #expect(scene.status(of: id, key: token) == "accepted")
        #expect(scene.send("GET", "/_understudy/sandbox", key: token)["name"]?.string == "team")
    }

    /// Where tokens that anybody can write only read, they get the least role of their own API, not the courier's.
    @Test func aTokenOfAnotherAPIDoesNotBecomeATracker() throws {
        let scene = try CourierScene { $0.adminToken = AdminToken("an-admin-token-for-tests") }
        let tenant = try #require(scene.send("GET", "/_understudy/sandbox", key: nil)["tenant_id"]?.string)
        let parts = [#"{"alg":"RS256"}"#, #"{"tid":"\#(tenant)","exp":9999999999,"roles":["Admin"]}"#, "x"]
        let token = parts.map { Data($0.utf8).base64EncodedString().filter { $0 != "=" } }.joined(separator: ".")
        #expect(scene.send("GET", "/public-api/backfills", key: token).status == 200)
        let refused = scene.send("POST", "/public-api/backfills", key: token, body: "{}")
        #expect(refused.status == 403)
        #expect(refused["error.message"]?.string?.contains("The role Viewer") == true, "\(refused.text)")
    }

    /// Another API's roles say nothing to Neo.
    @Test func aNeoKeyWithACouriersRoleOnlyReads() throws {
        let scene = try CourierScene()
        #expect(scene.send("POST", Self.credentials, body: #"{"token": "\#(CourierScene.neoKey)"}"#).status == 201)
        let list = scene.send("GET", Self.credentials)["data"]?.array?.compactMap(\.object) ?? []
        let id = try #require(list.first { $0["masked"]?.string == "neo_sk_test_…" }?["id"]?.string)
        #expect(scene.send("PATCH", "\(Self.credentials)/\(id)", body: #"{"role": "Tracker"}"#).status == 200)
        let refused = scene.send("POST", "/public-api/backfills", key: CourierScene.neoKey, body: "{}")
        #expect(refused.status == 403)
        #expect(scene.send("GET", "/public-api/backfills", key: CourierScene.neoKey).status == 200)
    }
}
