import Time
import Testing

@testable import Neo

/// Every state × signal × window: what one tick makes of it.
@Suite struct BackfillSignalTests {
    private typealias Fixture = BackfillFixture

    struct Case: Sendable {
        let state: BackfillRunState
        let signal: BackfillSignal.Kind?
        let expected: BackfillRunState
    }

    private static let table: [Case] = [
        Case(state: .draft, signal: nil, expected: .running),
        Case(state: .draft, signal: .pause, expected: .paused),
        Case(state: .draft, signal: .resume, expected: .running),
        Case(state: .draft, signal: .cancel, expected: .cancelled),
        Case(state: .running, signal: nil, expected: .running),
        Case(state: .running, signal: .pause, expected: .paused),
        Case(state: .running, signal: .resume, expected: .running),
        Case(state: .running, signal: .cancel, expected: .cancelled),
        Case(state: .paused, signal: nil, expected: .paused),
        Case(state: .paused, signal: .pause, expected: .paused),
        Case(state: .paused, signal: .resume, expected: .running),
        Case(state: .paused, signal: .cancel, expected: .cancelled),
        Case(state: .completed, signal: nil, expected: .completed),
        Case(state: .completed, signal: .pause, expected: .completed),
        Case(state: .completed, signal: .resume, expected: .completed),
        Case(state: .completed, signal: .cancel, expected: .completed),
        Case(state: .cancelled, signal: nil, expected: .cancelled),
        Case(state: .cancelled, signal: .pause, expected: .cancelled),
        Case(state: .cancelled, signal: .resume, expected: .cancelled),
        Case(state: .cancelled, signal: .cancel, expected: .cancelled),
        Case(state: .failed, signal: nil, expected: .failed),
        Case(state: .failed, signal: .pause, expected: .failed),
        Case(state: .failed, signal: .resume, expected: .failed),
        Case(state: .failed, signal: .cancel, expected: .failed),
    ]

    @Test func theTableHasEveryPair() {
        #expect(Self.table.count == BackfillRunState.allCases.count * (BackfillSignal.Kind.allCases.count + 1))
    }

    @Test(arguments: table, [true, false])
    func oneTickActsOnASignal(_ example: Case, windowIsOpen: Bool) {
        // One entity in flight ends before the tick, one runs on, one is left; the run is at its tick after 60 s.
        let isNew = example.state == .draft
        var fixture = Fixture(
            entities: 3, windows: windowIsOpen ? ExecutionWindows([:]) : Fixture.tuesdays, maxInFlight: 3)
        let (ending, lasting) = (Fixture.execution(0, from: 60, to: 80), Fixture.execution(1, from: 60, to: 900))
        fixture.run = BackfillRun(
            state: example.state, startedAt: isNew ? nil : Fixture.at(30),
            completedAt: example.state.isTerminal ? Fixture.at(60) : nil, nextPosition: isNew ? 0 : 2,
            tickedAt: Fixture.at(60), inFlight: isNew ? [] : [ending, lasting])
        if let signal = example.signal { fixture.run.receive(signal, at: Fixture.at(61)) }
        var expected = fixture.run
        let events = fixture.advance(90)

        var expectedEvents: [BackfillEvent] = []
        if !isNew {
            expected.succeededCount = 1
            expected.inFlight = [lasting]
            expectedEvents.append(.settled(ending, at: Fixture.at(90)))
        }
        expected.tickedAt = Fixture.at(90)
        expected.pendingSignals = []
        expected.state = example.expected
        if example.expected != example.state {
            expectedEvents.append(.changedState(from: example.state, to: example.expected, at: Fixture.at(90)))
            if example.expected.isTerminal { expected.completedAt = Fixture.at(90) }
            if isNew, example.expected == .running { expected.startedAt = Fixture.at(90) }
        }
        if example.expected == .running, windowIsOpen {
            for position in expected.nextPosition..<3 {
                expected.inFlight.append(Fixture.execution(position, from: 90, to: 110))
                expectedEvents.append(.dispatched(Fixture.execution(position, from: 90, to: 110)))
            }
            expected.nextPosition = 3
        }
        #expect(fixture.run == expected)
        #expect(events == expectedEvents)
    }

    @Test func aSignalSentAtATicksOwnInstantWaitsForTheNext() {
        var fixture = Fixture(entities: 9)
        fixture.run.receive(.pause, at: Fixture.at(60))
        fixture.advance(60)
        #expect(fixture.run.state == .running)
        #expect(fixture.run.pendingSignals.count == 1)
        #expect(fixture.nextWork() == 90)
        fixture.advance(90)
        #expect(fixture.run.state == .paused)
        #expect(fixture.run.pendingSignals == [])
    }

    @Test func aSignalSentJustBeforeATickIsActedOn() {
        var fixture = Fixture(entities: 9)
        fixture.run.receive(.cancel, at: Fixture.at(60).adding(microseconds: -1))
        fixture.advance(60)
        #expect(fixture.run.state == .cancelled)
    }

    @Test func aSignalFromBeforeTheLastTickIsActedOnByTheNext() {
        // As when the clock was set back in between.
        var fixture = Fixture(entities: 9, seconds: 900)
        fixture.advance(600)
        fixture.run.receive(.cancel, at: Fixture.at(100))
        #expect(fixture.nextWork() == 630)
        fixture.advance(630)
        #expect(fixture.run.completedAt == Fixture.at(630))
    }

    @Test func aSignalWaitingOnAFullRunIsTheNextWork() {
        var fixture = Fixture(entities: 9, seconds: 900)
        fixture.advance(35)
        fixture.run.receive(.pause, at: Fixture.at(60))
        #expect(fixture.nextWork() == 90)
    }

    @Test func theStateLagsUntilTheNextTick() {
        var fixture = Fixture(entities: 9)
        fixture.advance(35)
        fixture.run.receive(.pause, at: Fixture.at(35))
        fixture.advance(59)
        #expect(fixture.run.state == .running)
    }

    @Test func signalsTakeEffectInOrder() {
        var fixture = Fixture(entities: 0)
        for signal in [BackfillSignal.Kind.pause, .resume, .pause, .cancel, .resume] {
            fixture.run.receive(signal, at: Fixture.at(5))
        }
        let states: [(BackfillRunState, BackfillRunState)] = [
            (.draft, .paused), (.paused, .running), (.running, .paused), (.paused, .cancelled),
        ]
        #expect(fixture.advance(30) == states.map { .changedState(from: $0.0, to: $0.1, at: Fixture.at(30)) })
        #expect(fixture.run.startedAt == Fixture.at(30))
        #expect(fixture.run.completedAt == Fixture.at(30))
    }

    @Test func startedAtIsWhenItFirstRan() {
        var fixture = Fixture(entities: 9)
        fixture.run.receive(.pause, at: Fixture.at(1))
        fixture.advance(60)
        #expect(fixture.run.startedAt == nil)
        for (signal, second) in [(BackfillSignal.Kind.resume, Int64(61)), (.pause, 121), (.resume, 181)] {
            fixture.run.receive(signal, at: Fixture.at(second))
        }
        fixture.advance(240)
        #expect(fixture.run.startedAt == Fixture.at(90))
    }

    @Test func aPausedRunWithNothingLeftWaitsToBeResumed() {
        var fixture = Fixture(entities: 2)
        fixture.advance(30)
        fixture.run.receive(.pause, at: Fixture.at(31))
        fixture.advance(3600)
        #expect(fixture.run.state == .paused)
        #expect(fixture.run.succeededCount == 2)
        #expect(fixture.nextEvent(after: 3600) == nil)
        fixture.run.receive(.resume, at: Fixture.at(3600))
        #expect(fixture.nextEvent(after: 3600) == 3630)
        fixture.advance(3630)
        #expect(fixture.run.state == .completed)
        #expect(fixture.run.completedAt == Fixture.at(3630))
    }
}
