import JSON
import TestSupport
import Testing

/// `PATCH /_understudy/backfills/{id}`.
@Suite struct BackfillEndpointsTests {
    /// A stand-in with a backfill of ten synthetic entities, two in flight at a time.
    private struct Scene {
        let standIn: StandIn
        let id: String

        init() throws {
            standIn = try StandIn { $0.clock = .real }
            standIn.send("PUT", "/_understudy/scenarios/s", body: #"{"when": {"times": 1}, "then": {"entities": 10}}"#)
            let made = standIn.send("POST", "/public-api/backfills", body: createBody(["max_in_flight": "2"]))
            id = try #require(made["data.backfill.id"]?.string)
        }

        func patch(_ body: String) -> Answer { standIn.send("PATCH", "/_understudy/backfills/\(id)", body: body) }

        func look(after seconds: Int64 = 0) -> Answer {
            standIn.pass(seconds: seconds)
            return standIn.send("GET", "/public-api/backfills/\(id)")
        }

        var executions: [JSONObject] {
            standIn.send("GET", "/_understudy/sandbox/export")["executions"]?.array?.compactMap(\.object) ?? []
        }
    }

    private func counts(_ answer: Answer, in place: String = "") -> [Int64?] {
        ["processed", "succeeded", "failed"].map { answer["\(place)\($0)_count"]?.integer }
    }

    @Test func aBackfillIsCompletedWithItsCounts() throws {
        let scene = try Scene()
        let answer = scene.patch(#"{"state": "COMPLETED", "succeeded_count": 7, "failed_count": 3}"#)
        #expect(answer.status == 200)
        #expect(answer["state"]?.string == "COMPLETED")
        #expect(answer["completed_at"]?.string == "2026-03-02T09:00:00.000000Z")
        #expect(counts(answer) == [10, 7, 3])
        #expect(scene.look(after: 3_600)["data"]?.compact == answer.json?.compact)
        let outcomes = scene.executions.map { $0["outcome"]?.string }
        #expect(outcomes == Array(repeating: "SUCCESS", count: 7) + Array(repeating: "FAILED", count: 3))
        let rerun = scene.standIn.send("POST", "/public-api/backfills/\(scene.id)/rerun-failed")
        #expect(rerun["data.backfill.total_estimated"]?.integer == 3)
    }

    @Test func whatIsLeftSucceeds() throws {
        let scene = try Scene()
        #expect(counts(scene.patch(#"{"state": "COMPLETED", "failed_count": 4}"#)) == [10, 6, 4])
    }

    @Test func whatIsInFlightIsSettledFirst() throws {
        let scene = try Scene()
        #expect(scene.look(after: 40)["data.state"]?.string == "RUNNING")
        let answer = scene.patch(#"{"failed_count": 3}"#)
        #expect(counts(answer) == [3, 0, 3])
        #expect(answer["state"]?.string == "RUNNING")
        let executions = scene.executions
        #expect(executions.map { $0["position"]?.integer } == [0, 1, 2])
        #expect(executions.allSatisfy { $0["ends_at"]?.string == "2026-03-02T09:00:40.000000Z" })
        #expect(executions.allSatisfy { $0["outcome"]?.string == "FAILED" && $0["error"]?.isNull == false })
        // The rest goes on at its own pace.
        #expect(counts(scene.look(after: 50), in: "data.") == [5, 2, 3])
        #expect(scene.look(after: 600)["data.state"]?.string == "COMPLETED")
    }

    @Test func whatHasEndedStaysAsItEnded() throws {
        let scene = try Scene()
        _ = scene.look(after: 55)
        // Over since second 50, though the tick at 60 has not counted it.
        let refused = scene.patch(#"{"succeeded_count": 1}"#)
        #expect(refused.status == 409)
        #expect(counts(scene.patch(#"{"failed_count": 1}"#)) == [3, 2, 1])
    }

    @Test(arguments: [
        #"{"succeeded_count": 11}"#, #"{"state": "PAUSED", "succeeded_count": 6, "failed_count": 5}"#,
        #"{"state": "COMPLETED", "succeeded_count": 5}"#, #"{"state": "DRAFT", "failed_count": 1}"#,
        #"{"failed_count": 1}"#,
        #"{"state": "RUNNING", "succeeded_count": 2147483647, "failed_count": 2147483647}"#,
    ])
    func countsThatDoNotAddUpAreRefused(body: String) throws {
        let scene = try Scene()
        let before = scene.look()
        let answer = scene.patch(body)
        #expect(answer.status == 409)
        #expect(answer.code == "conflict")
        #expect(scene.look()["data"]?.compact == before["data"]?.compact)
        #expect(scene.executions.isEmpty)
    }

    @Test func aCountCannotGoBack() throws {
        let scene = try Scene()
        _ = scene.look(after: 60)
        #expect(scene.patch(#"{"succeeded_count": 1}"#).status == 409)
    }

    @Test func anotherActiveBackfillStandsInTheWay() throws {
        let scene = try Scene()
        #expect(scene.patch(#"{"state": "CANCELLED"}"#).status == 200)
        scene.standIn.send("POST", "/public-api/backfills", body: createBody())
        let answer = scene.patch(#"{"state": "RUNNING"}"#)
        #expect(answer.status == 409)
        #expect(scene.patch(#"{"state": "FAILED", "error": "gone"}"#).status == 200)
    }

    @Test func aBackfillComesBackToLifeFromThenOn() throws {
        let scene = try Scene()
        let failed = scene.patch(#"{"state": "FAILED", "succeeded_count": 4, "error": "The provider is down."}"#)
        #expect(failed["error"]?.string == "The provider is down.")
        _ = scene.look(after: 86_400)
        let back = scene.patch(#"{"state": "RUNNING"}"#)
        #expect(back["completed_at"]?.isNull == true)
        #expect(back["error"]?.isNull == true)
        #expect(counts(scene.look(after: 10), in: "data.") == [4, 4, 0])
        #expect(counts(scene.look(after: 50), in: "data.") == [6, 6, 0])
        #expect(scene.look(after: 600)["data.state"]?.string == "COMPLETED")
    }

    @Test(arguments: ["DRAFT", "RUNNING", "PAUSED", "COMPLETED", "CANCELLED", "FAILED"])
    func everyStateCanBeSetAndExported(state: String) throws {
        let scene = try Scene()
        let answer = scene.patch(#"{"state": "\#(state)"}"#)
        #expect(answer["state"]?.string == state)
        #expect(answer["completed_at"]?.isNull == ["DRAFT", "RUNNING", "PAUSED"].contains(state))
        #expect(answer["started_at"]?.isNull == ["DRAFT", "CANCELLED"].contains(state))
        let export = scene.standIn.send("GET", "/_understudy/sandbox/export")
        let imported = scene.standIn.send(
            "PUT", "/_understudy/sandbox/import", key: "neo_sk_test_two", body: export.text)
        #expect(imported.status == 200, "\(imported.text)")
    }

    @Test func anExportInTheMiddleOfItCanBeImported() throws {
        let scene = try Scene()
        _ = scene.look(after: 40)
        _ = scene.patch(#"{"succeeded_count": 1, "failed_count": 2}"#)
        _ = scene.look(after: 33)
        let export = scene.standIn.send("GET", "/_understudy/sandbox/export")
        let imported = scene.standIn.send(
            "PUT", "/_understudy/sandbox/import", key: "neo_sk_test_two", body: export.text)
        #expect(imported.status == 200, "\(imported.text)")
    }

    @Test(arguments: [
        (#"{"state": "running"}"#, ["state"]),
        (#"{"state": null, "succeeded_count": -1}"#, ["state", "succeeded_count"]),
        (#"{"failed_count": 1.5, "error": 7, "sate": "x"}"#, ["failed_count", "error", "sate"]),
    ])
    func aFieldThatBreaksARuleIsNamed(body: String, fields: [String]) throws {
        let answer = try Scene().patch(body)
        #expect(answer.status == 422)
        #expect(answer.code == "invalid_request")
        #expect(answer.violatedFields == fields)
    }

    @Test func onlyOnesOwnBackfillsCanBeCorrected() throws {
        let scene = try Scene()
        for (key, id) in [(StandIn.neoKey, "nothing"), ("neo_sk_test_two", scene.id)] {
            let answer = scene.standIn.send("PATCH", "/_understudy/backfills/\(id)", key: key, body: "{}")
            #expect(answer.status == 404)
        }
        #expect(scene.patch("[]").status == 400)
        #expect(scene.patch("{}").status == 200)
        #expect(scene.patch(#"{"error": "odd"}"#)["error"]?.string == "odd")
    }
}
