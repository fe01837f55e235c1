import JSON
import Testing
import Understudy

/// The courier's part of a seed: read, checked, inserted, exported.
@Suite struct ParcelSeedTests {
    private static func parcel(_ number: Int, _ rest: String) -> String {
        #"{"id": "00000000-0000-4000-8000-00000000000\#(number)", "to": "3 Mill Lane", \#(rest)}"#
    }

    private static func load(_ parcels: String..., into scene: CourierScene) -> CourierAnswer {
        scene.send(
            "PUT", "/_understudy/sandbox/import",
            body: #"{"base": "blank", "parcels": [\#(parcels.joined(separator: ", "))]}"#)
    }

    @Test func theBuiltInSeedsHaveItsPart() throws {
        let scene = try CourierScene(seed: .demo)
        let id = "00000000-0000-4000-8000-00000000cc0"
        #expect(scene.status(of: id + "1", key: CourierScene.desk) == "delivered")
        #expect(scene.status(of: id + "2", key: CourierScene.desk) == "accepted")
        scene.advance(#"{"seconds": 6}"#, key: CourierScene.desk)
        #expect(scene.status(of: id + "2", key: CourierScene.desk) == "on_the_way")
    }

    @Test func timesCountFromTheClocksStartOrFromNothing() throws {
        let scene = try CourierScene()
        let loaded = Self.load(
            Self.parcel(1, #""accepted_at": "-PT4S""#),
            Self.parcel(2, #""accepted_at": "2026-03-02T08:59:50Z", "changed_at": "2026-03-02T08:59:55Z""#), into: scene
        )
        #expect(loaded.status == 200, "\(loaded.text)")
        let answer = scene.advance(#"{"seconds": 6}"#)
        #expect(
            answer["transitions"]?.array?.compactMap { $0.object?["at"]?.string } == [
                "2026-03-02T09:00:05.000000Z", "2026-03-02T09:00:06.000000Z",
            ])
    }

    @Test func anExportReadsBackToTheSameBytes() throws {
        let scene = try CourierScene(seed: .demo)
        _ = scene.send(
            "PUT", "/_understudy/scenarios/lost",
            body: #"{"when": {"parcel_to": "Nowhere"}, "then": {"lost_after": 5}}"#)
        try #require(try !scene.accept(to: "Nowhere").isEmpty)
        try #require(try !scene.accept(to: "7 \\\"Ångström\\\" Row").isEmpty)
        scene.advance(#"{"seconds": 7}"#)
        let export = scene.send("GET", "/_understudy/sandbox/export").text
        #expect(export.contains(#""to":"7 \"Ångström\" Row","status":"accepted""#))
        #expect(export.contains(#""status":"lost""#))
        let loaded = scene.send(
            "PUT", "/_understudy/sandbox/import", key: CourierScene.otherKey, body: export)
        #expect(loaded.status == 200, "\(loaded.text)")
        #expect(scene.send("GET", "/_understudy/sandbox/export", key: CourierScene.otherKey).text == export)
        // What was on its way goes on.
        let moved = scene.advance(#"{"seconds": 3}"#, key: CourierScene.otherKey)
        #expect(moved.transitions.contains("parcel accepted on_the_way"))
    }

    @Test(arguments: [
        (#""accepted_at": "yesterday""#, "parcels[1].accepted_at"),
        (#""accepted_at": "-PT1S", "changed_at": "-PT2S""#, "parcels[1].changed_at"),
        (#""accepted_at": "-PT1S", "changed_at": "2026-03-02T09:00:00Z""#, "parcels[1].changed_at"),
        (#""accepted_at": "-PT1S", "status": "eaten""#, "parcels[1].status"),
        (#""accepted_at": "-PT1S", "lost_after": -1"#, "parcels[1].lost_after"),
        (#""accepted_at": "-PT1S", "weight": 3"#, "parcels[1].weight"),
    ])
    func whatIsWrongIsSaidAtItsPlace(rest: String, place: String) throws {
        let scene = try CourierScene()
        let before = scene.send("GET", "/_understudy/sandbox/export").text
        let refused = Self.load(
            Self.parcel(1, #""accepted_at": "-PT1S""#), Self.parcel(2, rest), into: scene)
        #expect(refused.status == 422)
        #expect(refused["error.details.errors.0.field"]?.string == place, "\(refused.text)")
        #expect(scene.send("GET", "/_understudy/sandbox/export").text == before)
    }

    @Test func anIdIsThereOnce() throws {
        let scene = try CourierScene()
        let refused = Self.load(
            Self.parcel(1, #""accepted_at": "-PT1S""#), Self.parcel(1, #""accepted_at": "-PT2S""#), into: scene)
        #expect(refused["error.message"]?.string == "parcels[1].id: is the same as that of parcels[0]")
    }

    @Test func aServerWithoutTheModuleDoesNotKnowItsMembers() throws {
        let scene = try CourierScene(seed: .blank) { $0.apis.removeLast() }
        let refused = scene.send(
            "PUT", "/_understudy/sandbox/import", key: CourierScene.neoKey, body: #"{"parcels": []}"#)
        #expect(refused["error.message"]?.string == "parcels: is not a member of this object")
    }
}
