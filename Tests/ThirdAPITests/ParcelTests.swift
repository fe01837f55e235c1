import JSON
import Emulation
import HTTPFront
import Testing
import Understudy

/// The courier's own operations, envelope, errors and rate limit.
@Suite struct ParcelTests {
    @Test func aParcelIsAcceptedAndFound() throws {
        let scene = try CourierScene()
        let made = scene.send("POST", "/courier/v1/parcels", body: #"{"to": "3 Mill Lane"}"#)
        #expect(made.status == 201)
        #expect(made["parcel.to"]?.string == "3 Mill Lane")
        #expect(made["parcel.accepted_at"]?.string == "2026-03-02T09:00:00.000000Z")
        let id = try #require(made["parcel.id"]?.string)
        let found = scene.send("GET", "/courier/v1/parcels/\(id)")
        #expect(found.status == 200)
        #expect(found.text == made.text)
    }

    @Test(arguments: [
        ("POST", "/courier/v1/parcels", "[]", 400, "unreadable"),
        ("POST", "/courier/v1/parcels", #"{"to": ""}"#, 422, "invalid"),
        ("POST", "/courier/v1/parcels", "{}", 422, "invalid"),
        ("GET", "/courier/v1/parcels/00000000-0000-4000-8000-000000000000", nil, 404, "unknown"),
        ("GET", "/courier/v1/parcels/nonsense", nil, 404, "unknown"),
        ("GET", "/courier/v1/letters", nil, 404, "unknown"), ("DELETE", "/courier/v1/parcels", nil, 405, "method"),
    ])
    func aRefusalHasTheCouriersOwnWords(
        method: String, path: String, body: String?, status: Int, kind: String
    ) throws {
        let answer = try CourierScene().send(method, path, body: body)
        #expect(answer.status == status)
        #expect(answer["problem.kind"]?.string == kind)
    }

    @Test(arguments: [nil, "crr-12345678901", "crr-12345678901x", "neo_sk_test_third"])
    func onlyItsOwnKeysAreTaken(key: String?) throws {
        let answer = try CourierScene().send("GET", "/courier/v1/parcels/x", key: key)
        #expect(answer.status == 401)
        #expect(answer["problem.kind"]?.string == "stranger")
    }

    @Test func aTrackerOnlyLooks() throws {
        let scene = try CourierScene()
        let id = try scene.accept(key: CourierScene.desk)
        #expect(scene.status(of: id, key: CourierScene.window) == "accepted")
        let refused = scene.send(
            "POST", "/courier/v1/parcels", key: CourierScene.window, body: #"{"to": "3 Mill Lane"}"#)
        #expect(refused.status == 403)
        #expect(refused["problem.kind"]?.string == "forbidden")
    }

    @Test func theSixthRequestInTenSecondsIsTooMany() throws {
        let scene = try CourierScene()
        let id = try scene.accept()
        for left in ["3", "2", "1", "0"] {
            let answer = scene.send("GET", "/courier/v1/parcels/\(id)")
            #expect(answer.response.field("X-RateLimit-Limit") == "5")
            #expect(answer.response.field("X-RateLimit-Remaining") == left)
        }
        let refused = scene.send("GET", "/courier/v1/parcels/\(id)")
        #expect(refused.status == 429)
        #expect(refused["problem.kind"]?.string == "too_fast")
        #expect(refused.response.field("Retry-After") == "10")
        // The other APIs count for themselves, and time heals.
        #expect(scene.send("GET", "/public-api/agents", key: CourierScene.neoKey).status == 200)
        scene.pass(seconds: 10)
        #expect(scene.status(of: id) == "accepted")
    }

    @Test func everyRouteStandsInTheDocumentAndTheOtherWayRound() {
        let courier = CourierAPI()
        #expect(
            Set(courier.operations.map { "\($0.method) \($0.path) \($0.id)" })
                == Set(
                    Contract(courier.document).operations.map { "\($0.method) \($0.path) \($0.id ?? "")" }))
    }

    @Test func theDocumentIsServedToAnybody() throws {
        let answer = try CourierScene().send("GET", "/courier/v1/openapi.json", key: nil)
        #expect(answer.response.body == CourierAPI().document)
    }
}
