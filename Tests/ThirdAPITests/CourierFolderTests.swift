import JSON
import Foundation
import HTTPFront
import RawHTTP
import Sandboxes
import Testing
import Understudy

/// The courier behind a real daemon, with a data folder that outlives it.
@Suite struct CourierFolderTests {
    /// A folder for one test, gone with it.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.appending(path: "understudy-\(UUID())").path
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    /// Runs a server in that folder, asks it something, and stops it.
    private static func serve<Result>(
        _ folder: Folder, hasCourier: Bool = true, _ ask: (RawConnection) throws -> Result
    ) throws -> Result {
        var configuration = CourierScene.configuration()
        if !hasCourier { configuration.apis.removeLast() }
        configuration.dataFolder = folder.path
        let server = try Understudy.start(configuration)
        defer { server.stop() }
        return try ask(RawConnection(port: server.port))
    }

    private static func ask(
        _ connection: RawConnection, _ method: String, _ path: String, key: String = CourierScene.desk,
        body: String? = nil
    ) throws -> CourierAnswer {
        let raw = try connection.request(method, path, fields: [("Authorization", "Bearer \(key)")], body: body)
        let answer = try #require(raw)
        return CourierAnswer(
            HTTPResponse(answer.status, fields: answer.fields.map { HTTPField($0.name, $0.value) }, body: answer.body))
    }

    private static func accept(_ connection: RawConnection, key: String = CourierScene.desk) throws -> String {
        let made = try ask(connection, "POST", "/courier/v1/parcels", key: key, body: #"{"to": "3 Mill Lane"}"#)
        return try #require(made["parcel.id"]?.string, "\(made.text)")
    }

    @Test(arguments: [CourierScene.desk, CourierScene.key])
    func aRestartKeepsParcelsClockAndWork(key: String) throws {
        let folder = Folder()
        let id = try Self.serve(folder) { connection in
            let id = try Self.accept(connection, key: key)
            _ = try Self.ask(connection, "POST", "/_understudy/clock/advance", key: key, body: #"{"seconds": 15}"#)
            return id
        }
        try Self.serve(folder) { connection in
            let found = try Self.ask(connection, "GET", "/courier/v1/parcels/\(id)", key: key)
            #expect(found["parcel.status"]?.string == "on_the_way")
            let clock = try Self.ask(connection, "GET", "/_understudy/clock", key: key)
            #expect(clock["now"]?.string == "2026-03-02T09:00:15.000000Z")
            let idle = try Self.ask(
                connection, "POST", "/_understudy/clock/advance", key: key, body: #"{"until": "idle"}"#)
            #expect(idle.transitions == ["parcel on_the_way delivered"])
        }
    }

    @Test func aFolderWithItsDataTakesTheModule() throws {
        let folder = Folder()
        _ = try Self.serve(folder) { try Self.accept($0) }
        let refusal = #expect(throws: CannotStore.self) { try Self.serve(folder, hasCourier: false) { _ in } }
        #expect(refusal?.description.contains("it holds data of the API courier") == true)
        let held = try Self.serve(folder) { try Self.ask($0, "GET", "/_understudy/sandbox") }
        #expect(held["counts.parcels"]?.integer == 1)
    }

    @Test func anOlderFolderGetsItsTables() throws {
        let folder = Folder()
        let admin = "neo_sk_test_adminKey1"
        try Self.serve(folder, hasCourier: false) { connection in
            _ = try Self.ask(connection, "PUT", "/_understudy/snapshots/before", key: admin)
            _ = try Self.ask(
                connection, "POST", "/_understudy/clock/advance", key: admin, body: #"{"seconds": 60}"#)
        }
        try Self.serve(folder) { connection in
            let id = try Self.accept(connection)
            #expect(
                try Self.ask(connection, "GET", "/courier/v1/parcels/\(id)")["parcel.accepted_at"]?.string
                    == "2026-03-02T09:01:00.000000Z")
            // A snapshot from before has them too.
            let restored = try Self.ask(connection, "POST", "/_understudy/snapshots/before/restore")
            #expect(restored.status == 200, "\(restored.text)")
            #expect(try Self.ask(connection, "GET", "/courier/v1/parcels/\(id)").status == 404)
            _ = try Self.accept(connection)
        }
    }

    @Test func theDaemonAnswersLikeTheOthers() throws {
        try Self.serve(Folder()) { connection in
            let id = try Self.accept(connection)
            let answer = try Self.ask(connection, "GET", "/courier/v1/parcels/\(id)")
            #expect(answer.response.field("Content-Type") == "application/json")
            #expect(answer.response.field("X-RateLimit-Remaining") == "3")
            let head = try connection.request(
                "HEAD", "/courier/v1/parcels/\(id)", fields: [("Authorization", "Bearer \(CourierScene.desk)")])
            #expect(head?.status == 200)
            #expect(head?.body == [])
        }
    }
}
