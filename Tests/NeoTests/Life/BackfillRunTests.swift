import Time
import Testing

@testable import Neo

@Suite struct BackfillRunTests {
    private typealias Fixture = BackfillFixture

    @Test func aSmallBackfillFromCreationToCompletion() {
        var fixture = Fixture(entities: 3)
        let executions = [
            Fixture.execution(0, from: 30, to: 50), Fixture.execution(1, from: 30, to: 50),
            Fixture.execution(2, from: 60, to: 80),
        ]
        #expect(fixture.advance(29) == [])
        #expect(fixture.run == BackfillRun(createdUnder: fixture.terms))
        #expect(
            fixture.advance(1000) == [
                .changedState(from: .draft, to: .running, at: Fixture.at(30)),
                .dispatched(executions[0]), .dispatched(executions[1]),
                .settled(executions[0], at: Fixture.at(60)), .settled(executions[1], at: Fixture.at(60)),
                .dispatched(executions[2]),
                .settled(executions[2], at: Fixture.at(90)),
                .changedState(from: .running, to: .completed, at: Fixture.at(90)),
            ])
        #expect(
            fixture.run
                == BackfillRun(
                    state: .completed, succeededCount: 3, startedAt: Fixture.at(30), completedAt: Fixture.at(90),
                    nextPosition: 3, tickedAt: Fixture.at(990)))
    }

    @Test(arguments: [(0, 60), (29, 60), (30, 60), (31, 90), (60, 90), (61, 120), (3600, 3630)] as [(Int64, Int64)])
    func anExecutionIsSettledByTheTickAtOrAfterItsEnd(seconds: Int64, tick: Int64) {
        var fixture = Fixture(entities: 1, seconds: seconds)
        fixture.advance(tick - 1)
        #expect(fixture.run.processedCount == 0)
        fixture.advance(tick)
        #expect(fixture.run.succeededCount == 1)
        #expect(fixture.run.completedAt == Fixture.at(tick))
    }

    @Test func anEmptySetCompletesAtTheFirstTickAlsoWhileTheWindowIsClosed() {
        var fixture = Fixture(entities: 0, windows: Fixture.tuesdays)
        fixture.advance(30)
        #expect(fixture.run.state == .completed)
        #expect(fixture.run.startedAt == Fixture.at(30))
        #expect(fixture.run.completedAt == Fixture.at(30))
    }

    @Test func nothingIsDispatchedOutsideAWindow() {
        // Open from 00:02:00 up to, not including, 00:03:00.
        let windows = ExecutionWindows([.monday: [TimeWindow(start: 120, end: 180)]])
        var fixture = Fixture(entities: 9, windows: windows)
        fixture.advance(119)
        #expect(fixture.run.state == .running)
        #expect(fixture.run.nextPosition == 0)
        fixture.advance(120)
        #expect(fixture.run.nextPosition == 2)
        fixture.advance(180)
        #expect(fixture.run.nextPosition == 4)
        // What is in flight finishes; the rest waits a week.
        fixture.advance(604_800)
        #expect(fixture.run.succeededCount == 4)
        #expect(fixture.nextEvent(after: 604_800) == 604_920)
    }

    @Test func inFlightFinishesWhilePaused() {
        var fixture = Fixture(entities: 9, seconds: 100)
        fixture.run.receive(.pause, at: Fixture.at(31))
        fixture.advance(10_000)
        #expect(fixture.run.state == .paused)
        #expect(fixture.run.succeededCount == 2)
        #expect(fixture.run.nextPosition == 2)
    }

    @Test func inFlightIsStillCountedAfterTheEnd() {
        var fixture = Fixture(entities: 9, seconds: 100)
        fixture.run.receive(.cancel, at: Fixture.at(31))
        fixture.run.receive(.resume, at: Fixture.at(91))
        fixture.advance(60)
        #expect(fixture.run.processedCount == 0)
        fixture.advance(10_000)
        #expect(fixture.run.state == .cancelled)
        #expect(fixture.run.completedAt == Fixture.at(60))
        #expect(fixture.run.succeededCount == 2)
        #expect(fixture.run.pendingSignals == [])
    }

    @Test func anEntityThatHasSucceededIsDroppedWhenItWouldBeDispatched() {
        var fixture = Fixture(
            entities: [
                EntityPlan(entityID: "before", succeededAt: Fixture.at(-100)),
                EntityPlan(entityID: "at", succeededAt: Fixture.at(30)),
                EntityPlan(entityID: "after", succeededAt: Fixture.at(31)),
                EntityPlan(entityID: "meanwhile", succeededAt: Fixture.at(31)),
            ], maxInFlight: 1)
        let events = fixture.advance(300)
        let dropped = events.compactMap {
            if case .dropped(_, let id, let at) = $0 { "\(id) \(Fixture.seconds(at))" } else { nil }
        }
        #expect(dropped == ["before 30", "at 30", "meanwhile 60"])
        #expect(fixture.run.processedCount == 1)
        #expect(fixture.run.completedAt == Fixture.at(60))
    }

    @Test(arguments: [
        (EntityPlan.Failures.never, 0, false), (.always, 7, true), (.first(2), 0, true), (.first(2), 1, true),
        (.first(2), 2, false), (.first(0), 0, false),
    ])
    func anEntityFailsByItsOwnRule(failures: EntityPlan.Failures, priorAttempts: Int, fails: Bool) {
        var fixture = Fixture(entities: [
            EntityPlan(entityID: "e", failures: failures, priorAttempts: priorAttempts)
        ])
        fixture.advance(60)
        #expect(fixture.run.failedCount == (fails ? 1 : 0))
        #expect(fixture.run.succeededCount == (fails ? 0 : 1))
    }

    @Test(arguments: [
        (BackfillEffects.Failures.none, [] as [Int]), (.first(2), [0, 1]), (.first(99), [0, 1, 2, 3]),
        (.entities(["e1", "e3", "none"]), [1, 3]),
    ])
    func aScenarioMakesEntitiesFail(failures: BackfillEffects.Failures, expected: [Int]) {
        var fixture = Fixture(entities: 4, maxInFlight: 4, effects: BackfillEffects(failures: failures))
        let failed = fixture.advance(60).compactMap {
            if case .settled(let execution, _) = $0, execution.fails { execution.position } else { nil }
        }
        #expect(failed == expected)
        #expect(fixture.run.failedCount == expected.count)
    }

    @Test func aScenarioSaysHowLongEveryExecutionLasts() {
        var fixture = Fixture(entities: 1, effects: BackfillEffects(entitySeconds: 100))
        fixture.advance(30)
        #expect(fixture.run.inFlight == [Fixture.execution(0, from: 30, to: 130)])
    }

    @Test func aSourceThatThrowsLeavesTheRunAsItWas() {
        struct Unreadable: Error {}
        var fixture = Fixture(entities: 3)
        let before = fixture.run
        #expect(throws: Unreadable.self) {
            try fixture.run.advance(to: Fixture.at(900), under: fixture.terms) { _ throws(Unreadable) in
                throw Unreadable()
            }
        }
        #expect(fixture.run == before)
    }

    @Test func aPositionWithoutAPlanIsPassedOver() {
        var fixture = Fixture(entities: 40)
        _ = fixture.run.advance(to: Fixture.at(900), under: fixture.terms) { _ in [] }
        #expect(fixture.run.state == .completed)
        #expect(fixture.run.processedCount == 0)
    }

    @Test func anEarlierInstantChangesNothing() {
        var fixture = Fixture(entities: 3)
        fixture.advance(60)
        let before = fixture.run
        #expect(fixture.advance(-5000) == [])
        #expect(fixture.run == before)
    }
}
