import JSON
import TestSupport
import Testing

@Suite struct ExecutionTests {
    /// Of the demo seed: one that is running and one that failed.
    private static let running = "00000000-0000-4000-8000-0000000e0092"
    private static let failed = "00000000-0000-4000-8000-0000000e0034"

    private static func ids(_ answer: Answer) -> [String] {
        answer["data"]?.array?.compactMap { $0.object?["execution_id"]?.string } ?? []
    }

    private func list(_ query: String, in standIn: StandIn) -> [JSONNode] {
        let answer = standIn.send("GET", "/public-api/executions?page_size=200&\(query)", key: StandIn.admin)
        #expect(answer.status == 200)
        return answer["data"]?.array ?? []
    }

    @Test func anExecutionThatEndedSaysWhatCameOfIt() throws {
        let answer = try StandIn().send("GET", "/public-api/executions/\(Self.failed)", key: StandIn.admin)
        #expect(
            answer["data"]?.compact == """
                {"execution_id":"\(Self.failed)","agent_id":251,"agent_name":"Board Router","entity_id":"tkt-10097",\
                "entity_number":"T20251210.0004","status":"FAILED","created_at":"2026-02-18T04:03:30.000000Z",\
                "updated_at":"2026-02-18T04:03:50.000000Z","seconds_spent":20,\
                "message_for_dashboard":"Could not move T20251210.0004.",\
                "error":"No asset has the serial number in the ticket."}
                """)
        #expect(answer["meta.pagination"] == nil)
    }

    @Test func anExecutionRunsUntilItEnds() throws {
        let standIn = try StandIn { $0.clock = .real }
        func now(_ status: String, _ updatedAt: String, _ spent: String, _ message: String) -> String {
            """
            {"execution_id":"\(Self.running)","agent_id":140,"agent_name":"Deep Diagnosis","entity_id":"tkt-10008",\
            "entity_number":"T20250919.0003","status":"\(status)","created_at":"2026-03-02T08:45:30.000000Z",\
            "updated_at":"\(updatedAt)","seconds_spent":\(spent),"message_for_dashboard":\(message),"error":null}
            """
        }
        func get() -> String? {
            standIn.send("GET", "/public-api/executions/\(Self.running)", key: StandIn.admin)["data"]?.compact
        }
        #expect(get() == now("RUNNING", "2026-03-02T08:45:30.000000Z", "870", "null"))
        standIn.pass(seconds: 29)
        #expect(get() == now("RUNNING", "2026-03-02T08:45:30.000000Z", "899", "null"))
        #expect(list("status=RUNNING", in: standIn).map(\.compact) == [get()])
        let message = #""Diagnosed T20250919.0003: cause and next checks are in a note.""#
        for wait: Int64 in [1, 3_600] {
            standIn.pass(seconds: wait)
            #expect(get() == now("SUCCESS", "2026-03-02T09:00:30.000000Z", "900", message))
        }
    }

    /// A machine's clock may be put right: the sandbox's goes on from where it was.
    @Test func anExecutionThatHasEndedStaysSoWhenTheMachinesClockGoesBack() throws {
        let standIn = try StandIn { $0.clock = .real }
        func status() -> String? {
            standIn.send("GET", "/public-api/executions/\(Self.running)", key: StandIn.admin)["data.status"]?.string
        }
        standIn.pass(seconds: 30)
        #expect([status(), status()] == ["SUCCESS", "SUCCESS"])
        standIn.pass(seconds: -1)
        #expect([status(), status()] == ["SUCCESS", "SUCCESS"])
        standIn.pass(seconds: 1)
        #expect(status() == "SUCCESS")
    }

    @Test func timeThatIsNotWholeSecondsIsAFraction() throws {
        let standIn = try StandIn(seed: .blank)
        let document = """
            {"agents": [{"id": "1", "name": "n", "autonomy_type": "AGENTIC", "entity_type": "TICKET", "created_at": "-P1D"}],
                "entities": [{"id": "e", "type": "ticket"}],
                "executions": [{"id": "x y", "agent_id": 1, "entity_id": "e", "entity_number": null, "backfill_id": null,
                    "position": null, "created_at": "2026-01-01T00:00:00Z", "ends_at": "2026-01-01T00:00:02.250001Z",
                    "outcome": "FAILED", "message_for_dashboard": null, "error": null}]}
            """
        #expect(standIn.send("PUT", "/_understudy/sandbox/import", key: StandIn.admin, body: document).status == 200)
        let answer = standIn.send("GET", "/public-api/executions/x%20y", key: StandIn.admin)
        #expect(answer["data.seconds_spent"]?.compact == "2.250001")
        #expect(answer["data.entity_number"]?.isNull == true)
    }

    @Test func executionsAreListedNewestFirst() throws {
        let all = list("", in: try StandIn())
        #expect(all.count == 146)
        #expect(all.first?.object?["execution_id"]?.string == Self.running)
        let times = all.compactMap { $0.object?["created_at"]?.string }
        #expect(times == times.sorted(by: >))
        // Of one tick's, the last of the backfill's set first.
        let oldest = all.suffix(5).compactMap { $0.object?["execution_id"]?.string }
        #expect(oldest == (1...5).reversed().map { "00000000-0000-4000-8000-0000000e000\($0)" })
    }

    @Test(arguments: [
        ("agent_id=219", 42), ("agent_id=163", 6), ("agent_id=999", 0), ("agent_id=-1", 0), ("entity_id=tkt-10008", -1),
        ("status=FAILED", 5), ("status=RUNNING", 1), ("status=SUCCESS", 140), ("status=FAILED,RUNNING", 6),
        ("status=SUCCESS,FAILED,RUNNING,QUEUED,SKIPPED", 146), ("status=QUEUED", 0), ("status=SKIPPED,QUEUED", 0),
        ("status=FAILED%2CFAILED", 5), ("agent_id=219&status=FAILED", 4), ("agent_id=140&status=RUNNING", 1),
        ("agent_id=123&status=RUNNING", 0), ("entity_number=T20250919.0003", -1), ("entity_id=", 0),
        ("entity_number=", 0), ("entity_id=TKT-10008", 0), ("entity_id=tkt-10008&entity_number=T20250918.0003", 0),
        ("entity_id=tkt-10008&entity_number=T20250919.0003&agent_id=140", 1), ("backfill_id=x", 146),
        ("entity_number=T20250919.0003&status=RUNNING", 1), ("entity_id=tkt-10008&status=FAILED", 0),
    ])
    func aFilterLeavesOutWhatDoesNotFit(query: String, count: Int) throws {
        let standIn = try StandIn()
        let found = list(query, in: standIn)
        #expect(count < 0 ? !found.isEmpty : found.count == count)
        // The same rows in the same order as when the client would leave them out itself.
        let wanted = query.split(separator: "&").map { $0.split(separator: "=", omittingEmptySubsequences: false) }
        let expected = list("", in: standIn).filter { row in
            wanted.allSatisfy { filter in
                guard let value = row.object?[String(filter[0])] else { return true }
                let words = filter[1].split(separator: ",").flatMap { $0.split(separator: "%2C") }
                return words.contains { value.string ?? value.compact == $0 }
            }
        }
        #expect(found.map(\.compact) == expected.map(\.compact))
    }

    @Test(arguments: [
        ("agent_id=", ["agent_id"]), ("agent_id=x", ["agent_id"]), ("agent_id=1.0", ["agent_id"]),
        ("agent_id=1,2", ["agent_id"]), ("agent_id=+1", ["agent_id"]), ("agent_id=9223372036854775808", ["agent_id"]),
        ("status=", ["status"]), ("status=success", ["status"]), ("status=DONE", ["status"]),
        ("status=SUCCESS,", ["status"]), ("status=SUCCESS,%20FAILED", ["status"]), ("status=%FF", ["status"]),
        ("page_size=0&status=x&agent_id=y", ["agent_id", "status", "page_size"]), ("page_size=201", ["page_size"]),
    ])
    func allViolationsAreReportedAtOnce(query: String, fields: [String]) throws {
        let answer = try StandIn().send("GET", "/public-api/executions?\(query)")
        #expect(answer.status == 422)
        #expect(answer.code == "validation_error")
        #expect(answer.violatedFields == fields)
    }

    @Test(arguments: [
        "x", "%00", "%FF", Self.running.uppercased(), Self.running + "0", "00000000-0000-4000-8000-00000000ba02",
    ])
    func anIDThatIsNobodysIsNotFound(id: String) throws {
        let answer = try StandIn().send("GET", "/public-api/executions/\(id)", key: StandIn.admin)
        #expect(answer.status == 404)
        #expect(answer.code == "NOT_FOUND")
    }

    @Test func aBackfillsExecutionsAppearAtItsTicks() throws {
        let standIn = try StandIn(seed: .blank) { $0.clock = .real }
        #expect(list("", in: standIn).isEmpty)
        let body = createBody(["max_in_flight": "2"])
        #expect(standIn.send("POST", "/public-api/backfills", key: StandIn.admin, body: body).status == 201)
        standIn.pass(seconds: 29)
        #expect(list("", in: standIn).isEmpty)
        standIn.pass(seconds: 1)
        let first = list("", in: standIn)
        #expect(first.map { $0.object?["status"]?.string } == ["RUNNING", "RUNNING"])
        #expect(first.allSatisfy { $0.object?["seconds_spent"]?.compact == "0" })
        standIn.pass(seconds: 30)
        let second = list("agent_id=123", in: standIn)
        #expect(second.map { $0.object?["status"]?.string } == ["RUNNING", "RUNNING", "SUCCESS", "SUCCESS"])
        let ids = second.map { $0.object?["execution_id"]?.string }
        #expect(ids.suffix(2) == first.map { $0.object?["execution_id"]?.string })
        #expect(second.last?.object?["updated_at"]?.string == "2026-03-02T09:00:50.000000Z")
    }

    @Test func headAnswersWhereverGetDoes() throws {
        let standIn = try StandIn()
        #expect(standIn.send("HEAD", "/public-api/executions?status=FAILED").status == 200)
        #expect(standIn.send("HEAD", "/public-api/executions/\(Self.running)", key: DemoSeed.userKey).status == 200)
        #expect(standIn.send("HEAD", "/public-api/executions/x").status == 404)
        #expect(standIn.send("DELETE", "/public-api/executions/x").response.field("Allow") == "GET, HEAD")
        #expect(standIn.send("GET", "/public-api/executions", key: nil).status == 401)
        #expect(standIn.send("GET", "/public-api/executions", key: DemoSeed.viewerKey).status == 200)
    }

    @Test func twoKeysNeverSeeEachOther() throws {
        let standIn = try StandIn(seed: .blank) { $0.clock = .real }
        standIn.send("POST", "/public-api/backfills", body: createBody())
        standIn.pass(seconds: 30)
        let mine = Self.ids(standIn.send("GET", "/public-api/executions"))
        #expect(mine.count == 5)
        #expect(standIn.send("GET", "/public-api/executions/\(mine[0])", key: "neo_sk_test_two").status == 404)
        #expect(Self.ids(standIn.send("GET", "/public-api/executions", key: "neo_sk_test_two")).isEmpty)
    }
}
