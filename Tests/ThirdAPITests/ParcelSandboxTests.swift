import JSON
import Testing
import Understudy

/// Isolation, reset, snapshots, counts and what else a sandbox does for each API.
@Suite struct ParcelSandboxTests {
    @Test func aParcelIsKnownInItsOwnSandboxAlone() throws {
        let scene = try CourierScene()
        let id = try scene.accept()
        #expect(scene.status(of: id, key: CourierScene.otherKey) == nil)
        scene.advance(#"{"seconds": 60}"#, key: CourierScene.otherKey)
        #expect(scene.status(of: id) == "accepted")
        #expect(try scene.accept(key: CourierScene.otherKey) != id)
    }

    @Test func aResetTakesTheParcelsAndGivesTheSameIdsAgain() throws {
        let scene = try CourierScene()
        let id = try scene.accept()
        scene.advance(#"{"seconds": 15}"#)
        #expect(scene.send("POST", "/_understudy/sandbox/reset").status == 200)
        #expect(scene.status(of: id) == nil)
        #expect(try scene.accept() == id)
        // And nothing is left of when there was work next.
        #expect(scene.advance(#"{"seconds": 9}"#).transitions == [])
        #expect(scene.advance(#"{"seconds": 1}"#).transitions == ["parcel accepted on_the_way"])
    }

    @Test func aSnapshotBringsAParcelBackOnItsWay() throws {
        let scene = try CourierScene()
        let id = try scene.accept()
        scene.advance(#"{"seconds": 15}"#)
        #expect(scene.send("PUT", "/_understudy/snapshots/mid-way").status == 201)
        scene.advance(#"{"until": "idle"}"#)
        #expect(scene.status(of: id) == "delivered")
        #expect(scene.send("POST", "/_understudy/snapshots/mid-way/restore").status == 200)
        #expect(scene.status(of: id) == "on_the_way")
        #expect(scene.advance(#"{"until": "idle"}"#)["now"]?.string == "2026-03-02T09:00:40.000000Z")
    }

    @Test func theSandboxSaysHowManyParcelsItHolds() throws {
        let scene = try CourierScene(seed: .demo)
        #expect(scene.send("GET", "/_understudy/sandbox", key: CourierScene.desk)["counts.parcels"]?.integer == 2)
        let own = scene.send("GET", "/_understudy/sandbox")
        #expect(own["counts.parcels"]?.integer == 0)
        #expect(own["counts.agents"]?.integer != nil)
    }

    @Test func theMetricsSayHowManyAreOnTheirWay() throws {
        let scene = try CourierScene()
        try #require(try !scene.accept().isEmpty)
        try #require(try !scene.accept(key: CourierScene.otherKey).isEmpty)
        scene.advance(#"{"until": "idle"}"#, key: CourierScene.otherKey)
        let text = scene.send("GET", "/_understudy/metrics", key: nil).text
        #expect(text.contains("understudy_parcels_moving 1.0\n"))
        #expect(
            text.contains(
                #"understudy_http_requests_total{api="courier",route="/courier/v1/parcels",method="POST",status="201"} 2.0"#
            ))
    }

    @Test func theDocumentsOfTheServerNameIt() throws {
        let scene = try CourierScene()
        let document = scene.send("GET", "/_understudy/openapi.json", key: nil)
        let route = document["paths"]?.object?["/_understudy/parcels/{id}/return"]?.object?["post"]?.object
        #expect(route?["operationId"]?.string == "return_parcel")
        let schemas = try #require(document["components.schemas"]?.object)
        let names = schemas["FaultMatch"]?.object?["properties"]?.object?["api"]?.object?["enum"]?.array
        #expect(names?.compactMap(\.string) == ["neo", "backside", "courier"])
        #expect(scene.send("GET", "/_understudy/").text.contains("The Courier API's OpenAPI document"))
    }

    @Test func itIsServedAlone() throws {
        let scene = try CourierScene { $0.apis = [CourierAPI()] }
        let id = try scene.accept(key: CourierScene.desk)
        scene.advance(#"{"until": "idle"}"#, key: CourierScene.desk)
        #expect(scene.status(of: id, key: CourierScene.desk) == "delivered")
        #expect(scene.send("GET", "/public-api/agents").status == 404)
    }
}
