import Foundation
import Time
import TestSupport
import Testing

@Suite struct ClockTests {
    private func patch(_ standIn: StandIn, _ body: String) -> Answer {
        standIn.send("PATCH", "/_understudy/clock", body: body)
    }

    private func now(_ standIn: StandIn) -> String? { standIn.send("GET", "/_understudy/clock")["now"]?.string }

    @Test func aManualClockStandsStill() throws {
        let standIn = try StandIn()
        standIn.pass(seconds: 1_000)
        #expect(standIn.send("GET", "/_understudy/clock")["mode"]?.string == "manual")
        #expect(now(standIn) == "2026-03-02T09:00:00.000000Z")
    }

    @Test func aRealClockRunsAtItsSpeed() throws {
        let standIn = try StandIn {
            $0.clock = .real
            $0.clockSpeed = 600
        }
        let id = try standIn.create()
        #expect(standIn.standing(id) == "DRAFT 0 0 0")
        standIn.pass(seconds: 1)
        #expect(now(standIn) == "2026-03-02T09:10:00.000000Z")
        #expect(standIn.standing(id).hasPrefix("RUNNING 9"))
        #expect(patch(standIn, #"{"speed": 1}"#)["speed"]?.number?.double == 1)
        standIn.pass(seconds: 1)
        #expect(now(standIn) == "2026-03-02T09:10:01.000000Z")
    }

    @Test func aPollingClientSeesTheWholeLife() throws {
        let standIn = try StandIn { $0.clock = .poll }
        let id = try standIn.create(["max_in_flight": "10"])
        var states: [String] = []
        for _ in 0..<60 {
            let state = standIn.backfill(id)["data.state"]?.string ?? "?"
            if states.last != state { states.append(state) }
        }
        #expect(states == ["RUNNING", "COMPLETED"])
        #expect(now(standIn) == standIn.backfill(id)["data.completed_at"]?.string)
    }

    @Test func headMovesNothing() throws {
        let standIn = try StandIn { $0.clock = .poll }
        let id = try standIn.create()
        standIn.send("HEAD", "/public-api/backfills/\(id)")
        #expect(now(standIn) == "2026-03-02T09:00:00.000000Z")
    }

    @Test func theClockGoesToTheNextEventAndUntilAllIsDone() throws {
        let standIn = try StandIn()
        #expect(standIn.advance(#"{"until": "next_event"}"#)["reason"]?.string == "idle")
        let id = try standIn.create(["max_in_flight": "1"])
        let first = standIn.advance(#"{"until": "next_event"}"#)
        #expect(first["reason"]?.string == "reached")
        #expect(first["now"]?.string == "2026-03-02T09:00:30.000000Z")
        #expect(standIn.advance(#"{"until": "next_event"}"#)["now"]?.string == "2026-03-02T09:00:50.000000Z")
        let limited = standIn.advance(#"{"until": "idle", "limit_seconds": 100}"#)
        #expect(limited["reason"]?.string == "limit")
        #expect(limited["now"]?.string == "2026-03-02T09:02:30.000000Z")
        let done = standIn.advance(#"{"until": "idle"}"#)
        #expect(done["reason"]?.string == "idle")
        #expect(standIn.backfill(id)["data.completed_at"]?.string == done["now"]?.string)
    }

    @Test(arguments: [
        (#"{"seconds": -1}"#, 409), (#"{"to": "2026-03-02T08:59:59Z"}"#, 409), (#"{"seconds": 3e11}"#, 422),
        ("{}", 422),
        (#"{"seconds": 1, "to": "2026-03-02T10:00:00Z"}"#, 422), (#"{"seconds": "1"}"#, 422), (#"{"to": "soon"}"#, 422),
        (#"{"to": "10000-01-01T00:00:00Z"}"#, 422), (#"{"until": "never"}"#, 422), (#"{"limit_seconds": 5}"#, 422),
        (#"{"until": "idle", "limit_seconds": -5}"#, 422), ("[]", 400), ("", 400), (#"{"second": 1}"#, 422),
        (#"{"seconds": 1e999}"#, 422), (#"{"seconds": null}"#, 422),
    ])
    func aSenselessAdvanceIsRefused(body: String, status: Int) throws {
        let standIn = try StandIn()
        #expect(standIn.advance(body).status == status)
        #expect(now(standIn) == "2026-03-02T09:00:00.000000Z")
    }

    @Test(arguments: [
        (#"{"mode": "fast"}"#, 422), (#"{"speed": 0}"#, 422), (#"{"speed": -1}"#, 422), (#"{"now": 5}"#, 422),
        (#"{"later": 1}"#, 422), ("{", 400), (#"{"now": "2020-01-01T00:00:00Z"}"#, 409),
    ])
    func aSenselessChangeIsRefused(body: String, status: Int) throws {
        let standIn = try StandIn()
        _ = try standIn.create()
        #expect(patch(standIn, body).status == status)
        #expect(now(standIn) == "2026-03-02T09:00:00.000000Z")
    }

    @Test func theClockMayBeSetBackWhileNothingIsLater() throws {
        let standIn = try StandIn()
        #expect(patch(standIn, #"{"now": "2026-12-01T00:00:00Z"}"#).status == 200)
        #expect(patch(standIn, #"{"now": "2026-03-08T06:00:00Z"}"#)["now"]?.string == "2026-03-08T06:00:00.000000Z")
        #expect(
            standIn.send("POST", "/_understudy/sandbox/reset")["clock.now"]?.string == "2026-03-02T09:00:00.000000Z")
    }

    @Test func anAdvanceAlsoMovesTheRateWindowOn() throws {
        let standIn = try StandIn()
        for _ in 0..<1_200 { standIn.send("GET", "/public-api/backfills/x") }
        #expect(standIn.send("GET", "/public-api/backfills/x").status == 429)
        standIn.advance(#"{"seconds": 60}"#)
        #expect(standIn.send("GET", "/public-api/backfills/x").status == 404)
    }

    @Test func theEndOfTheCalendarIsReachedAndNotPassed() throws {
        let standIn = try StandIn()
        let id = try standIn.create([
            "daily_execution_windows": #"{"monday":[{"run_start_time":"22:00","run_end_time":"23:00"}]}"#
        ])
        #expect(standIn.advance(#"{"to": "9999-12-31T23:59:59.999999Z"}"#).status == 200)
        #expect(standIn.backfill(id)["data.state"]?.string == "COMPLETED")
        #expect(standIn.advance(#"{"seconds": 1}"#).status == 422)
        #expect(standIn.send("POST", "/public-api/backfills", body: createBody()).status == 201)
        #expect(standIn.advance(#"{"until": "idle"}"#).status == 200)
    }

    @Test func aClockThatIsSetForwardAgainAndAgainOverflowsNothing() throws {
        let standIn = try StandIn()
        for _ in 0..<45 {
            #expect(patch(standIn, #"{"now": "9999-12-31T00:00:00Z"}"#).status == 200)
            #expect(patch(standIn, #"{"now": "2026-03-02T09:00:00Z"}"#).status == 200)
        }
        #expect(standIn.send("GET", "/public-api/agents").status == 200)
    }

    @Test func aChangeOfTheClockThatIsUndoneLeavesNothingBehind() throws {
        struct Undone: Error {}
        let standIn = try StandIn()
        let later = try #require(Instant(rfc3339: "2026-03-03T09:00:00Z"))
        try standIn.directory.defaultSandbox.withWorld { world in
            let before = (world.clock, world.rateTime)
            #expect(throws: Undone.self) {
                try world.transaction {
                    #expect(try world.changeClock(mode: .poll, speed: 2, now: later))
                    throw Undone()
                }
            }
            #expect((world.clock, world.rateTime) == before)
        }
    }

    @Test func aMachineClockThatGoesBackTakesNoSandboxAlong() throws {
        let standIn = try StandIn { $0.clock = .real }
        let id = try standIn.create()
        standIn.pass(seconds: 7_200)
        let completed = try #require(standIn.backfill(id)["data.completed_at"]?.string)
        #expect(now(standIn) == "2026-03-02T11:00:00.000000Z")
        standIn.pass(seconds: -7_000)
        #expect(now(standIn) == "2026-03-02T11:00:00.000000Z")
        #expect(standIn.backfill(id)["data.completed_at"]?.string == completed)
        // From there it goes on, at the machine's pace.
        standIn.pass(seconds: 60)
        #expect(now(standIn) == "2026-03-02T11:01:00.000000Z")
        let later = try standIn.create()
        #expect(standIn.backfill(later)["data.created_at"]?.string == "2026-03-02T11:01:00.000000Z")
        // A reset starts at the machine's present, as ever.
        #expect(standIn.send("POST", "/_understudy/sandbox/reset").status == 200)
        #expect(now(standIn) == "2026-03-02T09:04:20.000000Z")
        standIn.pass(seconds: 1)
        #expect(now(standIn) == "2026-03-02T09:04:21.000000Z")
    }

    @Test func snapshotsAndImportsOutliveItToo() throws {
        let standIn = try StandIn { $0.clock = .real }
        standIn.pass(seconds: 3_600)
        #expect(standIn.send("PUT", "/_understudy/snapshots/one").status == 201)
        let export = standIn.send("GET", "/_understudy/sandbox/export").text
        standIn.pass(seconds: -3_000)
        #expect(standIn.send("POST", "/_understudy/snapshots/one/restore").status == 200)
        standIn.pass(seconds: 5)
        #expect(now(standIn) == "2026-03-02T10:00:05.000000Z")
        #expect(standIn.send("PUT", "/_understudy/sandbox/import", body: export).status == 200)
        standIn.pass(seconds: 5)
        #expect(now(standIn) == "2026-03-02T10:00:05.000000Z")
    }

    @Test func rateWindowsSlideOnWhenTheMachinesClockGoesBack() throws {
        let standIn = try StandIn()
        for _ in 0..<1_200 { standIn.send("GET", "/public-api/backfills/x") }
        #expect(standIn.send("GET", "/public-api/backfills/x").status == 429)
        standIn.pass(seconds: -3_600)
        #expect(standIn.send("GET", "/public-api/backfills/x").status == 429)
        standIn.pass(seconds: 60)
        #expect(standIn.send("GET", "/public-api/backfills/x").status == 404)
    }

    @Test func aRestartWithAnEarlierClockDoesNotGoBackToo() throws {
        let folder = DataFolder()
        let first = try StandIn {
            $0.clock = .real
            $0.dataFolder = folder.path
        }
        let id = try first.create()
        first.pass(seconds: 7_200)
        let completed = try #require(first.backfill(id)["data.completed_at"]?.string)
        first.directory.close()
        // The new one's machine is at 09:00 again.
        let second = try StandIn {
            $0.clock = .real
            $0.dataFolder = folder.path
        }
        let present = try #require(now(second))
        #expect(present >= completed && present == "2026-03-02T11:00:00.000000Z")
        second.pass(seconds: 10)
        let (before, after) = (Instant(rfc3339: present), now(second).flatMap { Instant(rfc3339: $0) })
        #expect(before?.adding(seconds: 10) == after)
    }

    /// A folder that goes at the end.
    private final class DataFolder {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("understudy-clock-\(UUID())").path
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }
}
