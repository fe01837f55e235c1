import JSON
import Testing
import Understudy

/// Time: a sandbox's clock moves the courier's parcels as it moves the work of the others.
@Suite struct ParcelClockTests {
    /// A sandbox that keys of all three APIs open, with a parcel, a backfill and a run in it.
    private static func busyScene() throws -> (scene: CourierScene, parcel: String) {
        let scene = try CourierScene(seed: .blank)
        for key in [CourierScene.neoKey, CourierScene.backsideKey] {
            let attached = scene.send("POST", "/_understudy/sandbox/credentials", body: #"{"token": "\#(key)"}"#)
            #expect(attached.status == 201)
        }
        let backfill = scene.send(
            "POST", "/public-api/backfills", key: CourierScene.neoKey,
            body: """
                {"target_workflow_id": 123, "entity_type": "ticket", "filter_spec": {}, "daily_execution_windows": {},
                 "max_in_flight": 5}
                """)
        #expect(backfill.status == 201)
        let run = scene.send(
            "POST", "/api/v1/agents/contact_deduper/runs", key: CourierScene.backsideKey, body: "{}")
        #expect(run.status == 201 || run.status == 202, "\(run.text)")
        return (scene, try scene.accept())
    }

    @Test func nothingMovesUntilTheClockDoes() throws {
        let scene = try CourierScene()
        let id = try scene.accept()
        scene.pass(seconds: 3_600)
        #expect(scene.status(of: id) == "accepted")
        #expect(scene.advance(#"{"seconds": 15}"#).transitions == ["parcel accepted on_the_way"])
        #expect(scene.status(of: id) == "on_the_way")
        #expect(scene.advance(#"{"to": "2026-03-02T09:00:40Z"}"#).transitions == ["parcel on_the_way delivered"])
        #expect(scene.status(of: id) == "delivered")
    }

    @Test func theNextEventIsThatOfWhoeverIsFirst() throws {
        let scene = try CourierScene()
        try #require(try !scene.accept().isEmpty)
        let first = scene.advance(#"{"until": "next_event"}"#)
        #expect(first["now"]?.string == "2026-03-02T09:00:10.000000Z")
        #expect(first.transitions == ["parcel accepted on_the_way"])
        #expect(scene.advance(#"{"until": "next_event"}"#).transitions == ["parcel on_the_way delivered"])
        #expect(scene.advance(#"{"until": "next_event"}"#)["reason"]?.string == "idle")
    }

    @Test func transitionsOfAllAPIsComeInTheOrderOfTime() throws {
        let (scene, parcel) = try Self.busyScene()
        let answer = scene.advance(#"{"until": "idle"}"#)
        #expect(answer["reason"]?.string == "idle")
        let transitions = answer["transitions"]?.array?.compactMap(\.object) ?? []
        #expect(Set(transitions.compactMap { $0["resource"]?.string }) == ["parcel", "backfill", "run"])
        let times = transitions.compactMap { $0["at"]?.string }
        #expect(times == times.sorted())
        let ours = transitions.filter { $0["id"]?.string == parcel }
        #expect(ours.compactMap { $0["to"]?.string } == ["on_the_way", "delivered"])
        #expect(
            ours.compactMap { $0["at"]?.string } == ["2026-03-02T09:00:10.000000Z", "2026-03-02T09:00:40.000000Z"])
    }

    @Test func underARealClockItComesByItself() throws {
        let scene = try CourierScene { $0.clock = .real }
        let id = try scene.accept()
        scene.pass(seconds: 12)
        #expect(scene.status(of: id) == "on_the_way")
    }

    @Test func underAPollClockEachLookIsAStep() throws {
        let scene = try CourierScene { $0.clock = .poll }
        let id = try scene.accept()
        #expect(scene.status(of: id) == "on_the_way")
        #expect(scene.status(of: id) == "delivered")
        #expect(scene.status(of: id) == "delivered")
        #expect(scene.send("GET", "/_understudy/clock")["now"]?.string == "2026-03-02T09:00:40.000000Z")
    }

    @Test func theClockDoesNotGoBackBehindAParcel() throws {
        let scene = try CourierScene()
        scene.advance(#"{"seconds": 60}"#)
        try #require(try !scene.accept().isEmpty)
        let refused = scene.send("PATCH", "/_understudy/clock", body: #"{"now": "2026-03-02T09:00:30Z"}"#)
        #expect(refused.status == 409)
    }
}
