import Time
import Testing

@testable import Neo

@Suite struct BackfillScenarioTests {
    private typealias Fixture = BackfillFixture
    private static func error(after count: Int) -> BackfillEffects {
        BackfillEffects(runError: BackfillEffects.RunError(after: count, message: "boom"))
    }

    @Test func aRunErrorFailsTheRunOnceSoManyAreProcessed() {
        var fixture = Fixture(entities: 9, effects: Self.error(after: 3))
        fixture.advance(3600)
        #expect(
            fixture.run
                == BackfillRun(
                    state: .failed, succeededCount: 4, startedAt: Fixture.at(30), completedAt: Fixture.at(90),
                    error: "boom", nextPosition: 4, tickedAt: Fixture.at(3600)))
    }

    @Test func whatIsInFlightWhenTheRunFailsIsStillCounted() {
        var fixture = Fixture(
            entities: [EntityPlan(entityID: "e0"), EntityPlan(entityID: "e1", seconds: 500, failures: .always)],
            effects: Self.error(after: 1))
        fixture.advance(60)
        #expect(fixture.run.state == .failed)
        #expect(fixture.nextEvent(after: 60) == 530)
        #expect(fixture.nextEvent(after: 530) == 540)
        fixture.advance(540)
        #expect(fixture.run.failedCount == 1)
        #expect(fixture.run.completedAt == Fixture.at(60))
        #expect(fixture.nextEvent(after: 540) == nil)
    }

    @Test func aRunErrorAfterNoneFailsAtTheFirstTickBeforeDispatch() {
        var fixture = Fixture(entities: 9, effects: Self.error(after: 0))
        #expect(
            fixture.advance(30) == [
                .changedState(from: .draft, to: .running, at: Fixture.at(30)),
                .changedState(from: .running, to: .failed, at: Fixture.at(30)),
            ])
        #expect(fixture.run.startedAt == Fixture.at(30))
    }

    @Test func aRunErrorComesBeforeCompletion() {
        var fixture = Fixture(entities: 2, effects: Self.error(after: 2))
        fixture.advance(60)
        #expect(fixture.run.state == .failed)
    }

    @Test func aCancelComesBeforeARunError() {
        var fixture = Fixture(entities: 9, effects: Self.error(after: 2))
        fixture.run.receive(.cancel, at: Fixture.at(31))
        fixture.advance(3600)
        #expect(fixture.run.state == .cancelled)
        #expect(fixture.run.error == nil)
    }

    @Test func aPausedRunFailsToo() {
        var fixture = Fixture(entities: 9, effects: Self.error(after: 2))
        fixture.run.receive(.pause, at: Fixture.at(31))
        fixture.advance(60)
        #expect(fixture.run.state == .failed)
    }

    @Test func aRunErrorPastTheEndOfTheSetNeverComes() {
        var fixture = Fixture(entities: 2, effects: Self.error(after: 3))
        fixture.advance(60)
        #expect(fixture.run.state == .completed)
    }

    @Test func aStalledRunStaysRunningAndDispatchesNoMore() {
        var fixture = Fixture(entities: 9, effects: BackfillEffects(stallAfter: 3))
        fixture.advance(86_400)
        #expect(
            fixture.run
                == BackfillRun(
                    state: .running, succeededCount: 4, startedAt: Fixture.at(30), nextPosition: 4,
                    tickedAt: Fixture.at(86_400)))
        #expect(fixture.nextWork() == nil)
        #expect(fixture.nextEvent(after: 86_400) == nil)
        fixture.run.receive(.cancel, at: Fixture.at(86_400))
        #expect(fixture.nextEvent(after: 86_400) == 86_430)
        fixture.advance(86_430)
        #expect(fixture.run.state == .cancelled)
    }

    @Test func aRunStalledAtItsLastEntityDoesNotComplete() {
        var fixture = Fixture(entities: 2, effects: BackfillEffects(stallAfter: 2))
        fixture.advance(3600)
        #expect(fixture.run.state == .running)
        #expect(fixture.run.processedCount == 2)
    }

    @Test func aRunStalledFromTheStartDispatchesNothing() {
        var fixture = Fixture(entities: 2, effects: BackfillEffects(stallAfter: 0))
        fixture.advance(3600)
        #expect(fixture.run.state == .running)
        #expect(fixture.run.nextPosition == 0)
    }
}
