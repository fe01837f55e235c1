import TestSupport
import Time
import Testing

@testable import Backside

/// Thousands of random runs of one kind, looked at in random ways, against a plain reference that goes second by second.
@Suite struct AgentRunPropertyTests {
    private struct Call {
        let second: Int64
        let index: Int
        let request: AgentRun.Request
    }

    @Test(arguments: 0..<10)
    func anySplitOfTimeGivesTheSameJournal(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for number in 0..<200 {
            let start = Self.queue(using: &generator)
            let calls = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                Call(
                    second: .random(in: 0...50, using: &generator),
                    index: .random(in: start.entries.indices, using: &generator),
                    request: AgentRun.Request.allCases.randomElement(using: &generator) ?? .cancel)
            }.sorted { $0.second < $1.second }

            let jump = Self.play(start, calls, stops: [])
            let walk = Self.play(
                start, calls, stops: (0..<20).map { _ in .random(in: 0...80, using: &generator) }.sorted())
            let reference = Self.play(start, calls, stops: Array(0...80))
            guard jump == walk, jump == reference else {
                Issue.record("seed \(seed), example \(number)\n\(jump)\n\(walk)\n\(reference)")
                return
            }
        }
    }

    @Test(arguments: 0..<10)
    func whatIsDueIsWhatHappensNext(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            var queue = Self.queue(using: &generator)
            while let next = queue.entries.compactMap({ $0.run.nextWork(under: $0.terms) }).min() {
                let justBefore = next.adding(microseconds: -1)
                let early = queue.advance(to: justBefore)
                #expect(early.isEmpty)
                let happened = queue.advance(to: next)
                #expect(!happened.isEmpty)
                #expect(happened.allSatisfy { $0.event.at == next })
            }
        }
    }

    @Test(arguments: 0..<10)
    func costsAreTheSumAndNeverPassTheBudget(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            var queue = Self.queue(using: &generator)
            for second in Int64(0)...60 {
                _ = queue.advance(to: .second(second))
                for entry in queue.entries {
                    let closed = entry.run.startedSteps - (entry.run.openStepStartedAt == nil ? 0 : 1)
                    let sum = entry.terms.script.steps.prefix(closed).reduce(0) { $0 + ($1.costUSDCents ?? 0) }
                    #expect(entry.run.costUSDCents == sum)
                    if let budget = entry.terms.budgetUSDCents { #expect(sum <= budget) }
                    #expect(entry.run.updatedAt <= .second(second))
                }
            }
        }
    }

    /// What a journal has come to: the runs, what they share, and all that happened.
    private struct Journal: Equatable {
        let runs: [AgentRun]
        let kind: AgentKindStanding
        let events: [[AgentRunEvent]]
    }

    private static func play(_ start: AgentRunQueue, _ calls: [Call], stops: [Int64]) -> Journal {
        var queue = start
        var events: [[AgentRunEvent]] = start.entries.map { _ in [] }
        func advance(to second: Int64) {
            for (index, event) in queue.advance(to: .second(second)) { events[index].append(event) }
        }
        var stops = stops[...]
        for call in calls {
            while let stop = stops.first, stop <= call.second {
                advance(to: stop)
                stops.removeFirst()
            }
            advance(to: call.second)
            var (kind, entries) = (queue.kind, queue.entries)
            let happened = entries[call.index].run.handle(call.request, at: .second(call.second), in: &kind)
            events[call.index] += happened ?? []
            queue = AgentRunQueue(kind: kind, entries: entries)
        }
        for stop in stops { advance(to: stop) }
        advance(to: 200)
        return Journal(runs: queue.entries.map(\.run), kind: queue.kind, events: events)
    }

    private static func queue(using generator: inout SeededGenerator) -> AgentRunQueue {
        let entries = (0..<Int64.random(in: 1...6, using: &generator)).map { number in
            let outcome: AgentScript.Outcome =
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: .failed(category: "auth_failed", detail: nil)
                case 1: .failed(category: "other", detail: "x")
                default: .succeeded(output: nil)
                }
            let steps = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                (
                    seconds: Int64.random(in: 0...6, using: &generator),
                    cents: Int64?.some(.random(in: 0...4, using: &generator))
                )
            }
            func maybe(_ range: ClosedRange<Int64>) -> Int64? {
                Int.random(in: 0..<3, using: &generator) == 0 ? .random(in: range, using: &generator) : nil
            }
            let terms = AgentRunTerms.fixture(
                steps: steps, waitAfter: maybe(1...5).map { Int($0) }, outcome: outcome,
                runAt: .random(in: -5...20, using: &generator), budget: maybe(0...10), deadlineSeconds: maybe(1...30))
            return AgentRunQueue.Entry(
                number: number, terms: terms,
                run: AgentRun(deadlineAt: maybe(-3...40).map { .second($0) }, updatedAt: .second(0)))
        }
        let kind = AgentKindStanding(keyIsActive: Int.random(in: 0..<5, using: &generator) > 0, consecutiveFailures: 0)
        return AgentRunQueue(kind: kind, entries: entries)
    }
}
