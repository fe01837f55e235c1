import Time
import Testing

@testable import Backside

@Suite struct AgentRunTests {
    @Test func aRunGoesThroughItsScriptStepByStep() {
        var queue = AgentRunQueue(.fixture(fee: 7))
        let events = queue.events(to: 100)
        #expect(
            events == [
                .changedStatus(from: .queued, to: .running, at: .second(1)),
                .startedStep(1, at: .second(1)), .completedStep(1, at: .second(3)),
                .startedStep(2, at: .second(3)), .completedStep(2, at: .second(6)),
                .startedStep(3, at: .second(6)), .completedStep(3, at: .second(10)),
                .changedStatus(from: .running, to: .succeeded, at: .second(10)),
            ])
        #expect(queue.run.costUSDCents == 6)
        #expect(queue.run.platformFeeCents == 7)
        #expect(queue.run.updatedAt == .second(10))
    }

    @Test func itIsClaimedASecondAfterItIsDue() {
        var queue = AgentRunQueue(.fixture(runAt: 50))
        #expect(queue.run.nextWork(under: queue.entries[0].terms) == .second(51))
        let early = queue.events(to: 50)
        #expect(early.isEmpty)
        let happened = queue.events(to: 51)
        #expect(happened.first == .changedStatus(from: .queued, to: .running, at: .second(51)))
    }

    @Test func itsCostIsThatOfTheStepsThatAreOver() {
        var queue = AgentRunQueue(.fixture())
        let costs = (Int64(0)...10).map { second in
            _ = queue.events(to: second)
            return queue.run.costUSDCents
        }
        #expect(costs == [0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 6])
    }

    @Test(arguments: [(0, 0, 1), (1, 2, 6), (5, 2, 6), (6, 3, 10)] as [(Int64, Int, Int64)])
    func aStepThatWouldPassTheBudgetIsNotStarted(budget: Int64, steps: Int, second: Int64) {
        var queue = AgentRunQueue(.fixture(budget: budget))
        _ = queue.events(to: 100)
        #expect(queue.run.startedSteps == steps)
        #expect(queue.run.openStepStartedAt == nil)
        #expect(queue.run.updatedAt == .second(second))
        #expect(queue.run.status == (budget < 6 ? .failed : .succeeded))
        if budget < 6 {
            let cost: Int64 = budget == 0 ? 1 : 6
            #expect(
                queue.run.failure == .budgetExceeded(step: steps + 1, costUSDCents: cost, budgetUSDCents: budget))
        }
    }

    @Test(
        arguments: [
            (-5, 0, .queued, nil), (0, 0, .queued, nil), (1, 1, .queued, nil), (2, 2, .running, 1), (3, 3, .running, 1),
            (10, 10, .running, 3),
        ] as [(Int64, Int64, AgentRunStatus, Int?)])
    func theDeadlineStrikesAtItsInstant(deadline: Int64, second: Int64, during: AgentRunStatus, openStep: Int?) {
        var queue = AgentRunQueue(.fixture(), deadline: deadline)
        _ = queue.events(to: 100)
        #expect(queue.run.status == .failed)
        #expect(queue.run.failure == .deadlineExceeded(during: during, openStep: openStep))
        #expect(queue.run.updatedAt == .second(second))
        #expect((queue.run.openStepStartedAt != nil) == (openStep != nil))
    }

    @Test func aDefaultDeadlineCountsFromTheClaim() {
        var queue = AgentRunQueue(.fixture(runAt: 20, deadlineSeconds: 4))
        _ = queue.events(to: 20)
        #expect(queue.run.deadlineAt == nil)
        _ = queue.events(to: 21)
        #expect(queue.run.deadlineAt == .second(25))
        _ = queue.events(to: 100)
        #expect(queue.run.failure == .deadlineExceeded(during: .running, openStep: 2))
    }

    @Test func aGuardrailWaitsUntilSomebodyDecides() {
        var queue = AgentRunQueue(.fixture(waitAfter: 2))
        let happened = queue.events(to: 1000)
        #expect(happened.last == .changedStatus(from: .running, to: .waiting, at: .second(6)))
        #expect(queue.run.nextWork(under: queue.entries[0].terms) == nil)
        var denied = queue
        let approved = queue.ask(.approve, second: 500)
        #expect(approved)
        let events = queue.events(to: 1000)
        #expect(
            events == [
                .startedStep(3, at: .second(500)), .completedStep(3, at: .second(504)),
                .changedStatus(from: .running, to: .succeeded, at: .second(504)),
            ])
        let isDenied = denied.ask(.deny, second: 600)
        #expect(isDenied)
        #expect(denied.run.failure == .guardrailDenied)
        #expect(denied.kind.consecutiveFailures == 1)
        #expect(denied.run.consecutiveFailures == 1)
    }

    @Test func theDeadlineStrikesAlsoWhileItWaits() {
        var queue = AgentRunQueue(.fixture(waitAfter: 3), deadline: 60)
        _ = queue.events(to: 59)
        #expect(queue.run.status == .waiting)
        #expect(queue.lastWork(through: .second(1000)).last == nil)
        _ = queue.events(to: 60)
        #expect(queue.run.failure == .deadlineExceeded(during: .waiting, openStep: nil))
    }

    @Test func withoutAnActiveKeyTheClaimFails() {
        var queue = AgentRunQueue(.fixture(), kind: AgentKindStanding(keyIsActive: false, consecutiveFailures: 3))
        let events = queue.events(to: 100)
        #expect(
            events == [
                .changedStatus(from: .queued, to: .running, at: .second(1)),
                .changedStatus(from: .running, to: .failed, at: .second(1)),
            ])
        #expect(queue.run.failure == .keyMissing)
        #expect(queue.run.consecutiveFailures == 4)
        #expect(!queue.kind.isDisabled)
    }

    @Test func aKeyThatTheProviderRefusesFailsTheRunsAfterItToo() {
        let refused = AgentRunTerms.fixture(
            steps: [(2, nil)], outcome: .failed(category: "auth_failed", detail: "no"))
        let later = AgentRunTerms.fixture(runAt: 2)
        var queue = AgentRunQueue(
            kind: .fixture,
            entries: [(1, later), (2, refused), (3, later)].map {
                .init(number: $0, terms: $1, run: AgentRun(deadlineAt: nil, updatedAt: .second(0)))
            })
        _ = queue.advance(to: .second(100))
        // All three have something to do at the third second: the first is claimed before the key is refused.
        #expect(queue.entries.map(\.run.status) == [.succeeded, .failed, .failed])
        #expect(queue.entries[2].run.failure == .keyMissing)
        #expect(queue.kind == AgentKindStanding(keyIsActive: false, consecutiveFailures: 0))
    }

    @Test func fiveFailuresInARowDisableAndASuccessStartsAgain() {
        let failing = AgentRunTerms.fixture(outcome: .failed(category: "x", detail: nil))
        func run(_ terms: [AgentRunTerms]) -> AgentRunQueue {
            var queue = AgentRunQueue(
                kind: .fixture,
                entries: terms.enumerated().map {
                    .init(
                        number: Int64($0), terms: $1,
                        run: AgentRun(deadlineAt: nil, updatedAt: .second(0)))
                })
            _ = queue.advance(to: .second(100))
            return queue
        }
        #expect(run(Array(repeating: failing, count: 5)).kind.isDisabled)
        let mixed = run(Array(repeating: failing, count: 4) + [.fixture(), failing])
        #expect(mixed.entries.map(\.run.consecutiveFailures) == [1, 2, 3, 4, 0, 1])
        #expect(!mixed.kind.isDisabled)
    }

    @Test func failuresAreCountedWithin32Bits() {
        let most = Int64(Int32.max)
        var queue = AgentRunQueue(
            .fixture(outcome: .failed(category: "x", detail: nil)),
            kind: AgentKindStanding(keyIsActive: true, consecutiveFailures: most))
        _ = queue.events(to: 100)
        #expect((queue.run.consecutiveFailures, queue.kind.consecutiveFailures) == (most, most))
    }

    @Test func aStepThatWouldPassTheLargestNumberIsNotStarted() {
        let terms = AgentRunTerms.fixture()
        let run = AgentRun(
            status: .running, startedSteps: 2, costUSDCents: .max, deadlineAt: nil, updatedAt: .second(6))
        var queue = AgentRunQueue(kind: .fixture, entries: [.init(number: 1, terms: terms, run: run)])
        _ = queue.events(to: 100)
        #expect((queue.run.startedSteps, queue.run.costUSDCents) == (2, .max))
        #expect(queue.run.failure == .budgetExceeded(step: 3, costUSDCents: .max, budgetUSDCents: .max))
    }

    /// A run in each status: at the second 20, with nothing left to do at that instant.
    private static func queue(in status: AgentRunStatus) -> AgentRunQueue {
        var queue: AgentRunQueue
        switch status {
        case .queued: queue = AgentRunQueue(.fixture(runAt: 30))
        case .running: queue = AgentRunQueue(.fixture(steps: [(50, 1)]))
        case .waiting: queue = AgentRunQueue(.fixture(waitAfter: 1))
        case .succeeded: queue = AgentRunQueue(.fixture())
        case .failed: queue = AgentRunQueue(.fixture(budget: 0))
        case .cancelled:
            queue = AgentRunQueue(.fixture())
            let cancelled = queue.ask(.cancel, second: 0)
            #expect(cancelled)
        }
        _ = queue.events(to: 20)
        #expect(queue.run.status == status)
        return queue
    }

    @Test(
        arguments: [
            (.queued, .cancel, .cancelled), (.queued, .approve, nil), (.queued, .deny, nil),
            (.running, .cancel, .cancelled), (.running, .approve, nil), (.running, .deny, nil),
            (.waiting, .cancel, .cancelled), (.waiting, .approve, .running), (.waiting, .deny, .failed),
            (.succeeded, .cancel, nil), (.succeeded, .approve, nil), (.succeeded, .deny, nil),
            (.failed, .cancel, nil), (.failed, .approve, nil), (.failed, .deny, nil),
            (.cancelled, .cancel, nil), (.cancelled, .approve, nil), (.cancelled, .deny, nil),
        ] as [(AgentRunStatus, AgentRun.Request, AgentRunStatus?)])
    func everyRequestInEveryStatus(status: AgentRunStatus, request: AgentRun.Request, expected: AgentRunStatus?) {
        var queue = Self.queue(in: status)
        let before = queue
        let isDone = queue.ask(request, second: 20)
        #expect(isDone == (expected != nil))
        #expect(queue.run.status == expected ?? status)
        if expected == nil {
            #expect(queue.run == before.run)
            #expect(queue.kind == before.kind)
        } else {
            #expect(queue.run.updatedAt == .second(20))
            #expect(queue.run.openStepStartedAt == before.run.openStepStartedAt)
            #expect(queue.kind.consecutiveFailures == (expected == .failed ? 1 : 0))
        }
    }

    @Test(
        arguments: [
            (.queued, .succeeded), (.running, .succeeded), (.waiting, .waiting), (.succeeded, .succeeded),
            (.failed, .failed), (.cancelled, .cancelled),
        ] as [(AgentRunStatus, AgentRunStatus)])
    func timeInEveryStatus(status: AgentRunStatus, end: AgentRunStatus) {
        var queue = Self.queue(in: status)
        let before = queue.run
        _ = queue.events(to: 1_000_000)
        #expect(queue.run.status == end)
        #expect(status != end || queue.run == before)
    }

    @Test func aScriptWithoutStepsOrTimeEndsWithItsClaim() {
        for steps in [[], [(0, 1), (0, 2)]] as [[(seconds: Int64, cents: Int64?)]] {
            var queue = AgentRunQueue(.fixture(steps: steps))
            _ = queue.events(to: 1)
            #expect(queue.run.status == .succeeded)
            #expect(queue.run.updatedAt == .second(1))
        }
    }
}
