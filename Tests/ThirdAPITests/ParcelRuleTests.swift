import HTTPFront
import JSON
import Testing
import Understudy

/// Scenarios, faults and preferences for the courier.
@Suite struct ParcelRuleTests {
    private static func put(_ document: String, into scene: CourierScene) -> CourierAnswer {
        scene.send("PUT", "/_understudy/scenarios/rule", body: document)
    }

    @Test func aScenarioLosesWhatItIsFor() throws {
        let scene = try CourierScene()
        let put = Self.put(#"{"when": {"parcel_to": "Nowhere", "times": 1}, "then": {"lost_after": 25}}"#, into: scene)
        #expect(put.status == 201, "\(put.text)")
        let spared = try scene.accept()
        let lost = try scene.accept(to: "Nowhere")
        let second = try scene.accept(to: "Nowhere")
        scene.advance(#"{"until": "idle"}"#)
        scene.pass(seconds: 10)
        #expect(scene.status(of: spared) == "delivered")
        #expect(scene.status(of: lost) == "lost")
        #expect(scene.status(of: second) == "delivered")
        #expect(scene.send("GET", "/_understudy/scenarios/rule")["used"]?.integer == 1)
    }

    @Test func withoutASelectorTheEffectSaysWhatItIsFor() throws {
        let scene = try CourierScene()
        #expect(Self.put(#"{"when": {}, "then": {"lost_after": 0}}"#, into: scene).status == 201)
        try #require(try !scene.accept().isEmpty)
        #expect(scene.advance(#"{"seconds": 1}"#).transitions == ["parcel accepted lost"])
    }

    @Test(arguments: [
        (
            #"{"when": {"parcel_to": "x", "target_workflow_id": 123}, "then": {"lost_after": 1}}"#,
            "when.parcel_to", "contradicts target_workflow_id"
        ),
        (
            #"{"when": {"parcel_to": "x"}, "then": {"lost_after": 1, "fail": 2}}"#,
            "then.fail", "happens to backfills, and this scenario is for parcels"
        ),
        (
            #"{"when": {"agent_kind": "contact_deduper"}, "then": {"lost_after": 1}}"#,
            "then.lost_after", "happens to parcels, and this scenario is for runs"
        ),
        (
            #"{"when": {"parcel_to": "x"}, "then": {"lost_after": -1}}"#,
            "then.lost_after", "must be a whole number from 0 to 1000000000"
        ),
        (#"{"when": {"parcel_to": "x"}, "then": {}}"#, "then", "must say what happens"),
    ])
    func aScenarioThatCannotBeIsRefused(document: String, place: String, message: String) throws {
        let refused = Self.put(document, into: try CourierScene(seed: .blank))
        #expect(refused.status == 422)
        #expect(refused["error.details.errors.0.field"]?.string == place, "\(refused.text)")
        #expect(refused["error.details.errors.0.message"]?.string == message)
    }

    @Test func aFaultMeetsTheOperationThatItNames() throws {
        let scene = try CourierScene()
        let put = scene.send(
            "PUT", "/_understudy/faults/tired",
            body: #"{"match": {"api": "courier", "operation": "get_parcel"}, "response": {"status": 503}}"#)
        #expect(put.status == 201, "\(put.text)")
        let id = try scene.accept()
        let met = scene.send("GET", "/courier/v1/parcels/\(id)")
        #expect(met.status == 503)
        #expect(met["problem.kind"]?.string == "service_unavailable")
        #expect(met.response.field("X-Understudy-Fault") == "tired")
    }

    @Test(arguments: [
        (#"{"api": "post"}"#, "api", "must be one of backside, courier, neo"),
        (
            #"{"api": "courier", "operation": "enqueue_agent_run"}"#, "operation",
            "must be the id of an operation of the API courier that takes a credential"
        ),
        (
            #"{"api": "courier", "operation": "get_document"}"#, "operation",
            "must be the id of an operation of the API courier that takes a credential"
        ),
    ])
    func aFaultNamesWhatThereIs(match: String, member: String, message: String) throws {
        let refused = try CourierScene().send(
            "PUT", "/_understudy/faults/odd", body: #"{"match": \#(match), "response": {"status": 503}}"#)
        #expect(refused.status == 422)
        #expect(refused["error.details.errors.0.field"]?.string == "match.\(member)")
        #expect(refused["error.details.errors.0.message"]?.string == message)
    }

    @Test func aRequestMayPreferAnError() throws {
        let scene = try CourierScene()
        let answer = scene.send(
            "POST", "/courier/v1/parcels", body: #"{"to": "x"}"#, fields: [HTTPField("Prefer", "code=409")])
        #expect(answer.status == 409)
        #expect(answer["problem.kind"]?.string == "conflict")
        #expect(scene.send("GET", "/_understudy/sandbox")["counts.parcels"]?.integer == 0)
    }
}
