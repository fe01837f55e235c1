import Foundation
import JSON
import Time
import TestSupport
import Testing

@Suite struct BackfillLifeTests {
    private static let newTickets = #"{"combinator":"and","rules":[{"field":"status","operator":"=","value":"New"}]}"#

    /// Some of which none fails or takes its time.
    private static let quickTickets =
        #"{"combinator":"and","rules":[{"field":"status","operator":"=","value":"Waiting on Customer"}]}"#

    @Test func aBackfillLivesTickByTick() throws {
        let standIn = try StandIn()
        let id = try standIn.create(["filter_spec": Self.newTickets, "max_in_flight": "10"])
        #expect(standIn.standing(id) == "DRAFT 0 0 0")
        standIn.advance(#"{"seconds": 29.999999}"#)
        #expect(standIn.standing(id) == "DRAFT 0 0 0")
        let first = standIn.advance(#"{"seconds": 0.000001}"#)
        #expect(
            first["transitions"]?.compact
                == #"[{"at":"2026-03-02T09:00:30.000000Z","resource":"backfill","id":"\#(id)","from":"DRAFT","to":"RUNNING"}]"#
        )
        #expect(standIn.standing(id) == "RUNNING 0 0 0")
        var processed: Int64 = 0
        while standIn.backfill(id)["data.state"]?.string == "RUNNING" {
            standIn.advance(#"{"seconds": 30}"#)
            let now = try #require(standIn.backfill(id)["data.processed_count"]?.integer)
            #expect((0...10).contains(now - processed))
            processed = now
        }
        // 26 new tickets, of which the seed makes three fail.
        #expect(standIn.standing(id) == "COMPLETED 26 23 3")
        let child = try #require(
            standIn.send("POST", "/public-api/backfills/\(id)/rerun-failed")["data.backfill.id"]?.string)
        #expect(standIn.advance(#"{"until": "idle"}"#)["reason"]?.string == "idle")
        // One of the three fails its first time only.
        #expect(standIn.standing(child) == "COMPLETED 3 1 2")
    }

    @Test func verifyEstimateAndOutcomeAgree() throws {
        let standIn = try StandIn()
        let verified = standIn.send(
            "POST", "/public-api/backfills/verify", body: #"{"entity_type":"ticket","filter_spec":\#(Self.newTickets)}"#
        )
        #expect(
            verified["data"]?.compact
                == #"{"success":true,"status":"OK","matching_entities":26,"message":"The filter matches 26 entities."}"#
        )
        let id = try standIn.create(["filter_spec": Self.newTickets])
        standIn.advance(#"{"until": "idle"}"#)
        #expect(standIn.backfill(id)["data.processed_count"]?.integer == 26)
    }

    @Test func anotherFilterOrAnotherSeedIsAskedAnew() throws {
        let standIn = try StandIn()
        func matches(_ filter: String) -> Int64? {
            standIn.send(
                "POST", "/public-api/backfills/verify", body: #"{"entity_type":"ticket","filter_spec":\#(filter)}"#)[
                    "data.matching_entities"]?.integer
        }
        let closed = Self.newTickets.replacing("New", with: "Closed")
        #expect(matches(Self.newTickets) == 26)
        #expect(matches(Self.newTickets) == 26)
        #expect(matches(closed) != 26)
        #expect(matches(Self.newTickets) == 26)
        standIn.send(
            "PUT", "/_understudy/sandbox/import",
            body: #"{"understudy":1,"entities":[{"id":"t","type":"ticket","fields":{"status":"new"}}]}"#)
        #expect(matches(Self.newTickets) == 1)
        standIn.send("POST", "/_understudy/sandbox/reset")
        #expect(matches(Self.newTickets) == 26)
    }

    @Test func whatHasSucceededIsNotDoneTwice() throws {
        let standIn = try StandIn()
        _ = try standIn.create(["filter_spec": Self.newTickets])
        standIn.advance(#"{"until": "idle"}"#)
        let again = try standIn.create(["filter_spec": Self.newTickets])
        standIn.advance(#"{"until": "idle"}"#)
        #expect(standIn.standing(again) == "COMPLETED 3 1 2")
    }

    @Test func aPauseTakesEffectAtTheTickAndLetsFlightsEnd() throws {
        let standIn = try StandIn()
        let id = try standIn.create(["filter_spec": Self.quickTickets])
        standIn.advance(#"{"seconds": 60}"#)
        #expect(standIn.standing(id) == "RUNNING 5 5 0")
        let paused = standIn.send("POST", "/public-api/backfills/\(id)/pause")
        #expect(paused.status == 202)
        #expect(paused["data.signal"]?.string == "pause")
        #expect(standIn.standing(id) == "RUNNING 5 5 0")
        standIn.advance(#"{"seconds": 30}"#)
        #expect(standIn.standing(id) == "PAUSED 10 10 0")
        standIn.advance(#"{"seconds": 36000}"#)
        #expect(standIn.standing(id) == "PAUSED 10 10 0")
        #expect(standIn.send("POST", "/public-api/backfills", body: createBody()).code == "backfill_already_active")
        #expect(standIn.advance(#"{"until": "idle"}"#)["reason"]?.string == "idle")
        #expect(standIn.send("POST", "/public-api/backfills/\(id)/resume").status == 202)
        standIn.advance(#"{"seconds": 60}"#)
        #expect(standIn.standing(id) == "RUNNING 15 15 0")
        #expect(standIn.send("POST", "/public-api/backfills/\(id)/cancel").status == 202)
        standIn.advance(#"{"seconds": 30}"#)
        #expect(standIn.standing(id) == "CANCELLED 20 20 0")
        let late = standIn.send("POST", "/public-api/backfills/\(id)/pause")
        #expect(late.status == 409)
        #expect(late.code == "backfill_not_active")
    }

    @Test func nothingIsDispatchedOutsideAWindow() throws {
        let standIn = try StandIn()
        // Weeknights in New York; the clock stands at Monday, four in the morning there, with the Sunday closed.
        let night = #"[{"run_start_time":"22:00","run_end_time":"06:00"}]"#
        let windows =
            "{"
            + ["monday", "tuesday", "wednesday", "thursday", "friday"].map { "\"\($0)\":\(night)" }.joined(
                separator: ",") + "}"
        let id = try standIn.create([
            "daily_execution_windows": windows, "timezone": "\"America/New_York\"", "max_in_flight": "1",
        ])
        standIn.advance(#"{"to": "2026-03-03T02:59:59Z"}"#)
        #expect(standIn.standing(id) == "RUNNING 0 0 0")
        standIn.advance(#"{"to": "2026-03-03T03:00:29Z"}"#)
        #expect(standIn.standing(id) == "RUNNING 0 0 0")
        standIn.advance(#"{"to": "2026-03-03T03:00:30Z"}"#)
        #expect(standIn.standing(id) == "RUNNING 1 1 0")
    }

    @Test func aWindowKeepsToTheClockOnTheWallAcrossTheMarchChange() throws {
        let standIn = try StandIn()
        standIn.send(
            "PUT", "/_understudy/scenarios/slow", body: #"{"when": {}, "then": {"entity_seconds": 900}}"#)
        let night = #"[{"run_start_time":"22:00","run_end_time":"06:00"}]"#
        let nights = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
        let id = try standIn.create([
            "daily_execution_windows": "{" + nights.map { "\"\($0)\":\(night)" }.joined(separator: ",") + "}",
            "timezone": "\"America/New_York\"", "max_in_flight": "1",
        ])
        #expect(standIn.advance(#"{"until": "idle"}"#)["reason"]?.string == "idle")
        #expect(standIn.standing(id).hasPrefix("COMPLETED 240"))
        var starts: [Instant] = []
        var target = "/public-api/executions?page_size=200"
        while true {
            let page = standIn.send("GET", target)
            starts += (page["data"]?.array ?? []).compactMap { $0.object?["created_at"]?.string }.compactMap {
                Instant(rfc3339: $0)
            }
            guard let cursor = page["meta.pagination.next_cursor"]?.string else { break }
            target = "/public-api/executions?page_size=200&cursor=\(cursor)"
        }
        #expect(starts.count == 240)
        // Of the night of the change, from Saturday 22:00 EST (03:00Z) to Sunday 06:00 EDT (10:00Z): an hour less.
        let change = starts.filter {
            $0 >= Instant(rfc3339: "2026-03-08T03:00:00Z")! && $0 < Instant(rfc3339: "2026-03-08T10:00:00Z")!
        }
        #expect(!change.isEmpty)
        let zone = TimeZone(identifier: "America/New_York")!
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        for start in starts {
            let date = Date(timeIntervalSince1970: Double(start.microseconds) / 1e6)
            let hour = calendar.component(.hour, from: date)
            // Calendar counts from Sunday, 1. A night that began on the evening before ends on the next morning.
            let evening = calendar.component(.weekday, from: hour < 6 ? date.addingTimeInterval(-43_200) : date)
            #expect((hour >= 22 || hour < 6) && evening != 1, "\(start.rfc3339)")
        }
    }

    @Test func manySmallStepsEndWhereOneJumpEnds() throws {
        func end(_ steps: [String]) throws -> String {
            let standIn = try StandIn()
            let id = try standIn.create(["max_in_flight": "7"])
            standIn.send("POST", "/public-api/backfills/\(id)/pause")
            standIn.send("POST", "/public-api/backfills/\(id)/resume")
            for step in steps { standIn.advance(step) }
            return standIn.send("GET", "/_understudy/sandbox/export").text
        }
        let whole = try end([#"{"seconds": 900}"#])
        #expect(try end(Array(repeating: #"{"seconds": 30}"#, count: 30)) == whole)
        #expect(try end([#"{"seconds": 1.5}"#, #"{"seconds": 400}"#, #"{"seconds": 498.5}"#]) == whole)
    }

    @Test func anExportInMidRunGoesOnElsewhereToTheSameEnd() throws {
        let standIn = try StandIn()
        let id = try standIn.create(["max_in_flight": "7"])
        standIn.advance(#"{"seconds": 135}"#)
        standIn.send("POST", "/public-api/backfills/\(id)/pause")
        let export = standIn.send("GET", "/_understudy/sandbox/export").text
        #expect(standIn.send("PUT", "/_understudy/sandbox/import", key: "neo_sk_test_two", body: export).status == 200)
        for key in [StandIn.neoKey, "neo_sk_test_two"] {
            standIn.advance(#"{"seconds": 300}"#, key: key)
            standIn.send("POST", "/public-api/backfills/\(id)/resume", key: key)
            standIn.advance(#"{"until": "idle"}"#, key: key)
        }
        let here = standIn.send("GET", "/_understudy/sandbox/export").text
        #expect(standIn.send("GET", "/_understudy/sandbox/export", key: "neo_sk_test_two").text == here)
        #expect(standIn.standing(id, key: "neo_sk_test_two").hasPrefix("COMPLETED 240"))
    }

    @Test func theDemosRunningBackfillGoesOnAsTheSeedLeftIt() throws {
        let standIn = try StandIn()
        let running = BackfillRerunTests.running
        let before = standIn.standing(running, key: StandIn.admin)
        standIn.advance(#"{"seconds": 86400}"#, key: StandIn.admin)
        let after = standIn.backfill(running, key: StandIn.admin)
        #expect(before.hasPrefix("RUNNING 7 "))
        #expect(after["data.state"]?.string == "RUNNING")
        // A quarter of an hour each.
        #expect(after["data.processed_count"]?.integer == 103 as Int64)
    }
}
