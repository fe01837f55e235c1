import Foundation
import JSON
import TestSupport
import Testing

@Suite struct BackfillCreateTests {
    private func create(_ changes: [String: String?] = [:]) throws -> Answer {
        try StandIn().send("POST", "/public-api/backfills", body: createBody(changes))
    }

    @Test func aCreatedBackfillIsADraftWithAnEstimate() throws {
        let standIn = try StandIn()
        let answer = standIn.send("POST", "/public-api/backfills", body: createBody(["total_estimated": "40"]))
        #expect(answer.status == 201)
        #expect(answer["data.backfill.state"]?.string == "DRAFT")
        #expect(answer["data.backfill.started_at"]?.isNull == true)
        #expect(answer["data.backfill.timezone"]?.string == "UTC")
        #expect(answer["data.backfill.created_by"]?.string == "api-key")
        #expect(answer["data.backfill.target_workflow_id"]?.integer == 123)
        #expect(
            answer["data.cost_estimate"]?.compact
                == #"{"total_entities":40,"credits_per_entity":1,"total_credits_estimated":40}"#)
        let id = try #require(answer["data.backfill.id"]?.string)
        let got = standIn.send("GET", "/public-api/backfills/\(id)")
        #expect(got.status == 200)
        #expect(got["data"]?.compact == answer["data.backfill"]?.compact)
    }

    @Test(arguments: ["1", "10", "5.0", "1e1"])
    func theCapIsAnIntegerFromOneToTen(cap: String) throws {
        #expect(try create(["max_in_flight": cap]).status == 201)
    }

    @Test(arguments: [
        ("max_in_flight", "0"), ("max_in_flight", "11"), ("max_in_flight", "5.5"), ("max_in_flight", "\"5\""),
        ("max_in_flight", "true"), ("max_in_flight", "null"), ("max_in_flight", "1e400"), ("entity_type", "\"TICKET\""),
        ("entity_type", "7"), ("filter_spec", "[]"), ("filter_spec", "null"), ("daily_execution_windows", "[]"),
        ("target_workflow_id", "\"123\""), ("target_workflow_id", "99999999999999999999"),
        ("target_workflow_id", "4711"),
        ("target_workflow_id", "-1"), ("timezone", "\"Mars/Olympus\""), ("timezone", "\"../etc/passwd\""),
        ("timezone", "\"\""),
        ("timezone", "5"), ("timezone", "\"UTC\\u0000\""), ("total_estimated", "-1"), ("total_estimated", "1.5"),
        ("total_estimated", "\"9\""), ("entity_type", "\"time_entry\""),
    ])
    func aFieldThatBreaksARuleIsNamed(field: String, value: String) throws {
        let answer = try create([field: value])
        #expect(answer.status == 422)
        #expect(answer.code == "validation_error")
        #expect(answer.violatedFields == [field])
    }

    @Test(arguments: ["daily_execution_windows", "entity_type", "filter_spec", "max_in_flight", "target_workflow_id"])
    func aRequiredFieldThatIsLeftOutIsNamed(field: String) throws {
        #expect(try create([field: nil as String?]).violatedFields == [field])
    }

    @Test func aHundredViolationsAreListedAndTheOthersCounted() throws {
        let windows = Array(repeating: "7", count: 5_000).joined(separator: ",")
        let answer = try create(["daily_execution_windows": #"{"monday":[\#(windows)]}"#])
        #expect(answer.status == 422)
        #expect(answer["error.message"]?.string == "The request is well formed but breaks more than 100 rules.")
        #expect(answer.violatedFields.count == 101)
        #expect(answer.violatedFields.prefix(100).last == "daily_execution_windows.monday[99]")
        #expect(answer["error.details.errors.100"]?.compact == #"{"field":"","message":"and 4900 more"}"#)
    }

    @Test func twentyWarningsOfWindowsAreListedAndTheOthersCounted() throws {
        let days = (0..<5_000).map { #""day\#($0)":[]"# }.joined(separator: ",")
        let answer = try create(["daily_execution_windows": "{\(days)}"])
        #expect(answer.status == 201)
        #expect(answer.warnings.count == 21)
        #expect(answer.warnings.last == "and 4980 more")
    }

    @Test func allViolationsComeAtOnceInTheDocumentedOrder() throws {
        let answer = try StandIn().send(
            "POST", "/public-api/backfills",
            body: #"""
                {"total_estimated": -1, "timezone": "Nowhere", "max_in_flight": 0, "filter_spec": 1, "daily_execution_windows":
                {"monday": [{"run_start_time": "25:00", "run_end_time": "08:00"}, 7, {}], "friday": {}}}
                """#)
        #expect(
            answer.violatedFields == [
                "daily_execution_windows.monday[0].run_start_time", "daily_execution_windows.monday[1]",
                "daily_execution_windows.monday[2].run_start_time", "daily_execution_windows.monday[2].run_end_time",
                "daily_execution_windows.friday", "entity_type", "filter_spec", "max_in_flight", "target_workflow_id",
                "timezone", "total_estimated",
            ])
    }

    @Test(arguments: [
        "", "{", "[]", "null", "\"x\"", "{\"a\":1,}", "{\"max_in_flight\": 5", "\u{0}",
        String(repeating: "[", count: 200) + String(repeating: "]", count: 200),
    ])
    func aBodyThatIsNoObjectIsMalformed(body: String) throws {
        let answer = try StandIn().send("POST", "/public-api/backfills", body: body)
        #expect(answer.status == 400)
        #expect(answer.code == "BAD_REQUEST")
    }

    @Test(arguments: [
        ("08:00", "08:00:00"), ("08:00:30", "08:00:30"), ("08:00:30.5", "08:00:30"), ("23:59:59.999999", "23:59:59"),
    ])
    func timesAreEchoedToTheSecond(sent: String, echoed: String) throws {
        let windows = #"{"sunday":[{"run_start_time":"\#(sent)","run_end_time":"06:00"}],"monday":[]}"#
        let answer = try create(["daily_execution_windows": windows])
        #expect(
            answer["data.backfill.daily_execution_windows"]?.compact
                == #"{"sunday":[{"run_start_time":"\#(echoed)","run_end_time":"06:00:00"}],"monday":[]}"#)
        #expect(answer.warnings == [])
    }

    @Test(arguments: ["08:00Z", "08:00:00+02:00"])
    func anOffsetIsIgnoredWithAWarning(time: String) throws {
        let windows = #"{"sunday":[{"run_start_time":"\#(time)","run_end_time":"06:00"}]}"#
        let answer = try create(["daily_execution_windows": windows])
        #expect(answer["data.backfill.daily_execution_windows.sunday.0.run_start_time"]?.string == "08:00:00")
        #expect(answer.warnings.count == 1)
    }

    @Test func anUnknownDayIsIgnoredWithAWarning() throws {
        let answer = try create(["daily_execution_windows": #"{"funday":[],"monday":[]}"#])
        #expect(answer["data.backfill.daily_execution_windows"]?.compact == #"{"monday":[]}"#)
        #expect(answer.warnings.count == 1)
        #expect(answer.warnings.first?.contains("funday") == true)
    }

    @Test func theFilterIsEchoedToTheByte() throws {
        let filter = #"{ "z" : 1.50,  "conditions":{"rules":[ ] , "combinator":"and"},"é":"\u00e9\/" }"#
        let answer = try create(["filter_spec": filter])
        #expect(answer.status == 201)
        #expect(answer.text.contains("\"filter_spec\":" + filter))
    }

    @Test func theEstimateCountsWhatTheFilterMatches() throws {
        let standIn = try StandIn()
        let all = standIn.send("POST", "/public-api/backfills", body: createBody())
        let filter = #"{"combinator":"and","rules":[{"field":"status","operator":"=","value":"new"}]}"#
        let some = standIn.send(
            "POST", "/public-api/backfills", key: "neo_sk_test_two", body: createBody(["filter_spec": filter]))
        let everything = try #require(all["data.cost_estimate.total_entities"]?.integer)
        let matching = try #require(some["data.cost_estimate.total_entities"]?.integer)
        #expect(everything >= 200)
        #expect((1..<everything).contains(matching))
    }

    @Test func whatIsOddIsWarnedOf() throws {
        let none = #"{"combinator":"and","rules":[{"field":"status","operator":"=","value":"no such status"}]}"#
        let answer = try create(["filter_spec": none, "total_estimated": "7"])
        #expect(answer.status == 201)
        #expect(answer.warnings.count == 2)
        #expect(answer["data.cost_estimate.total_entities"]?.integer == 7)
        #expect(try create(["filter_spec": #"{"like": 1}"#]).warnings.count == 1)
        #expect(
            try create(["filter_spec": #"{"rules":[{"field":"status","operator":"~","value":1}]}"#]).warnings.count == 2
        )
    }

    @Test func aWorkflowTakesOneActiveBackfillAtATime() throws {
        let standIn = try StandIn()
        let first = standIn.send("POST", "/public-api/backfills", body: createBody())
        let second = standIn.send("POST", "/public-api/backfills", body: createBody())
        #expect(second.status == 409)
        #expect(second.code == "backfill_already_active")
        #expect(second["error.details.active_backfill_id"]?.string == first["data.backfill.id"]?.string)
        let other = standIn.send("POST", "/public-api/backfills", body: createBody(["target_workflow_id": "140"]))
        #expect(other.status == 201)
        #expect(other["data.cost_estimate.credits_per_entity"]?.integer == 3)
    }

    @Test func ofManyCreatesAtOnceOneWins() async throws {
        let standIn = try StandIn()
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<16 {
                group.addTask { standIn.send("POST", "/public-api/backfills", body: createBody()).status }
            }
            return await group.reduce(into: [:]) { counts, status in counts[status, default: 0] += 1 }
        }
        #expect(statuses == [201: 1, 409: 15])
    }

    @Test(arguments: [("188", 400, "invalid_for_conversational"), ("163", 409, "agent_not_enabled")])
    func someAgentsCannotBeTargets(agent: String, status: Int, code: String) throws {
        let answer = try create(["target_workflow_id": agent])
        #expect(answer.status == status)
        #expect(answer.code == code)
    }

    @Test func aScheduledAgentCanBeATarget() throws {
        #expect(try create(["target_workflow_id": "157"]).status == 201)
    }

    @Test func aRefusedCreateLeavesNothingBehind() throws {
        let standIn = try StandIn()
        let before = standIn.send("GET", "/_understudy/sandbox/export")
        standIn.send("POST", "/public-api/backfills", body: createBody(["target_workflow_id": "188"]))
        standIn.send("POST", "/public-api/backfills", body: createBody(["max_in_flight": "11"]))
        #expect(standIn.send("GET", "/_understudy/sandbox/export").text == before.text)
    }

    @Test func unknownFieldsAndDuplicateKeysAreTaken() throws {
        let body = createBody().dropLast() + #", "color": "blue", "max_in_flight": 0, "max_in_flight": 2}"#
        let answer = try StandIn().send("POST", "/public-api/backfills", body: String(body))
        #expect(answer.status == 201)
        #expect(answer["data.backfill.max_in_flight"]?.integer == 2)
    }
}
