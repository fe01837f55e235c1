import Testing

@testable import Neo

import Time

@Suite struct BackfillCorrectionTests {
    private static let start = Instant(rfc3339: "2026-03-02T09:00:00Z")!
    private static let terms = BackfillTerms(
        createdAt: start, windows: ExecutionWindows([:]), zone: Zone(named: "UTC")!, maxInFlight: 2, entityCount: 4)

    private static func plans(_ positions: Range<Int>) -> [EntityPlan] {
        positions.map { EntityPlan(entityID: "e\($0)", succeededAt: $0 == 2 ? start : nil) }
    }

    private static func at(_ seconds: Int64) -> Instant { start.adding(seconds: seconds) }

    private static func run(at seconds: Int64) -> BackfillRun {
        var run = BackfillRun(createdUnder: terms)
        _ = run.advance(to: at(seconds), under: terms, plans: plans)
        return run
    }

    @Test func whatIsInFlightGoesFirstAndTheDroppedArePassedOver() throws {
        var run = Self.run(at: 40)
        let events = try run.correct(
            BackfillCorrection(state: .completed, failedCount: 1), at: Self.at(40), under: Self.terms, plans: Self.plans
        )
        let executions = [(0, 30, false), (1, 30, false), (3, 40, true)].map { position, started, fails in
            BackfillExecution(
                position: position, entityID: "e\(position)", startedAt: Self.at(Int64(started)), endsAt: Self.at(40),
                fails: fails)
        }
        #expect(
            events == executions.map { .settled($0, at: Self.at(40)) }
                + [.changedState(from: .running, to: .completed, at: Self.at(40))])
        #expect(
            run
                == BackfillRun(
                    state: .completed, succeededCount: 2, failedCount: 1, startedAt: Self.at(30),
                    completedAt: Self.at(40), nextPosition: 4, tickedAt: Self.at(40)))
        #expect(run.nextWork(under: Self.terms) == nil)
    }

    @Test(arguments: [
        (BackfillCorrection(state: .completed, succeededCount: 2), BackfillCorrectionRefusal.incomplete(left: 1)),
        (BackfillCorrection(succeededCount: 2, failedCount: 2), .tooMany(left: 3)),
        (BackfillCorrection(succeededCount: .max, failedCount: .max), .tooMany(left: 3)),
        (BackfillCorrection(failedCount: -1), .settled(succeeded: 0, failed: 0)),
        (BackfillCorrection(state: .draft), .draftWithWork),
    ])
    func whatDoesNotAddUpChangesNothing(correction: BackfillCorrection, refusal: BackfillCorrectionRefusal) {
        var run = Self.run(at: 40)
        #expect(throws: refusal) {
            try run.correct(correction, at: Self.at(40), under: Self.terms, plans: Self.plans)
        }
        #expect(run == Self.run(at: 40))
    }

    /// As a seed may have it: what is in flight ends at its begin at the earliest.
    @Test func whatIsYetToComeIsCorrectedWhereItIs() throws {
        var run = Self.run(at: 40)
        let latest = run.tickedAt
        let events = try run.correct(.init(state: .completed), at: Self.at(10), under: Self.terms, plans: Self.plans)
        #expect(run.completedAt == latest && run.tickedAt == latest)
        for case .settled(let execution, _) in events { #expect(execution.endsAt >= execution.startedAt) }
    }

    /// Whatever the state and whenever: counts and places stay sound, and time goes on from there.
    @Test(arguments: BackfillRunState.allCases, [0, 10, 30, 45, 50, 60, 300])
    func everyStateCanBePutFromAnyMoment(state: BackfillRunState, seconds: Int64) throws {
        for failed in 0...2 {
            var run = Self.run(at: seconds)
            let correction = BackfillCorrection(state: state, failedCount: failed)
            guard
                (try? run.correct(correction, at: Self.at(seconds), under: Self.terms, plans: Self.plans)) != nil
            else { continue }
            #expect(run.state == state && run.failedCount == failed && run.pendingSignals.isEmpty)
            #expect((run.completedAt == nil) == state.isActive)
            let later = run.advance(to: Self.at(86_400), under: Self.terms, plans: Self.plans)
            #expect(later.allSatisfy { $0.at > Self.at(seconds) })
            #expect(run.inFlight.isEmpty)
            #expect(run.processedCount + (state == .cancelled || state == .failed || state == .paused ? 4 : 0) >= 3)
        }
    }

    @Test func anErrorAloneTouchesNothingElse() throws {
        var run = Self.run(at: 55)
        var expected = run
        expected.error = "odd"
        #expect(
            try run.correct(
                BackfillCorrection(error: "odd"), at: Self.at(55), under: Self.terms, plans: Self.plans) == [])
        #expect(run == expected)
    }

    @Test func aNewStateMakesSignalsVoid() throws {
        var run = Self.run(at: 35)
        run.receive(.cancel, at: Self.at(36))
        _ = try run.correct(
            BackfillCorrection(state: .paused), at: Self.at(37), under: Self.terms, plans: Self.plans)
        _ = run.advance(to: Self.at(600), under: Self.terms, plans: Self.plans)
        #expect(run.state == .paused)
        #expect(run.succeededCount == 2)
    }
}
