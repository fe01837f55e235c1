import TestSupport
import Time
import Testing

@testable import Neo

/// Thousands of random backfills, looked at in random ways, against the plain reference.
@Suite struct BackfillPropertyTests {
    /// A random backfill, the signals it is sent, and how long it is watched.
    struct Example {
        var terms: BackfillTerms
        var plans: [EntityPlan] = []
        var signals: [BackfillSignal] = []
        var end: Instant

        func source(_ positions: Range<Int>) -> [EntityPlan] { Array(plans[positions]) }
    }

    @Test(arguments: 0..<10)
    func anySplitOfTimeIsOneJumpAndBothAreTheReference(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for number in 0..<300 {
            let example = Self.example(using: &generator)
            var reference = BackfillReference(
                terms: example.terms, plans: example.plans, run: BackfillRun(createdUnder: example.terms))
            reference.run.pendingSignals = example.signals
            reference.advance(to: example.end)

            var jump = BackfillRun(createdUnder: example.terms)
            jump.pendingSignals = example.signals
            let jumpEvents = jump.advance(to: example.end, under: example.terms, plans: example.source)

            var walk = BackfillRun(createdUnder: example.terms)
            let walkEvents = Self.walk(&walk, example, using: &generator)

            guard jump == reference.run, jumpEvents == reference.events, walk == reference.run,
                walkEvents == reference.events
            else {
                Issue.record("seed \(seed), example \(number): \(example.terms)\n\(reference.run)\n\(jump)\n\(walk)")
                return
            }
            guard Self.forecastsAreRight(example, reference.events, using: &generator) else {
                Issue.record("seed \(seed), example \(number): a forecast is wrong, \(example.terms)")
                return
            }
        }
    }

    /// Goes to the end in random steps, sending each signal when its time has come.
    private static func walk(
        _ run: inout BackfillRun, _ example: Example, using generator: inout SeededGenerator
    ) -> [BackfillEvent] {
        var stops = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
            moment(of: example.terms, before: example.end, using: &generator)
        }
        stops += example.signals.map(\.sentAt) + [example.end]
        var events: [BackfillEvent] = []
        var unsent = example.signals[...]
        for stop in stops.sorted() {
            if Bool.random(using: &generator), let next = run.nextWork(under: example.terms), next <= stop {
                events += run.advance(to: next, under: example.terms, plans: example.source)
            }
            events += run.advance(to: stop, under: example.terms, plans: example.source)
            while let signal = unsent.first, signal.sentAt <= stop {
                run.receive(signal.kind, at: signal.sentAt)
                unsent.removeFirst()
            }
        }
        return events
    }

    /// Whether the next event and the next work, asked for at random moments, are those that the events show.
    private static func forecastsAreRight(
        _ example: Example, _ events: [BackfillEvent], using generator: inout SeededGenerator
    ) -> Bool {
        var visible = events.filter(\.isVisible).map(\.at)
        for case .dispatched(let execution) in events where execution.endsAt <= example.end {
            visible.append(execution.endsAt)
        }
        for _ in 0..<4 {
            let now = moment(of: example.terms, before: example.end, using: &generator)
            var run = BackfillRun(createdUnder: example.terms)
            run.pendingSignals = example.signals
            let stale = run.nextEvent(after: now, under: example.terms, plans: example.source)
            _ = run.advance(to: now, under: example.terms, plans: example.source)
            let next = run.nextEvent(after: now, under: example.terms, plans: example.source)
            let expected = visible.filter { $0 > now }.min()
            let isRight = expected.map { $0 == next } ?? next.map { $0 > example.end } ?? true
            let nextWork = run.nextWork(under: example.terms)
            let firstTick = events.lazy.map(\.at).first { $0 > now }
            let isWorkRight = firstTick.map { tick in nextWork.map { $0 <= tick && $0 > now } ?? false } ?? true
            guard isRight, isWorkRight, stale == next else { return false }
        }
        return true
    }
}

extension BackfillPropertyTests {
    private static let zones = [
        "UTC", "America/New_York", "Australia/Lord_Howe", "Europe/Dublin", "Asia/Kathmandu", "Africa/Monrovia",
    ].compactMap { Zone(named: $0) }

    private static func example(using generator: inout SeededGenerator) -> Example {
        // Near New York's two changes of 2026, or at any time of sixty years; on a whole second or beside it.
        let created = [1_773_000_000, 1_793_480_000, Int64.random(in: 0..<2_000_000_000, using: &generator)]
        var start = Instant(microseconds: (created.randomElement(using: &generator) ?? 0) * 1_000_000)
        start = start.adding(seconds: .random(in: -40_000...40_000, using: &generator))
        if Bool.random(using: &generator) {
            start = start.adding(microseconds: .random(in: 0..<1_000_000, using: &generator))
        }
        let plans = plans(from: start, using: &generator)
        let terms = BackfillTerms(
            createdAt: start, windows: windows(using: &generator), zone: zones.randomElement(using: &generator) ?? .utc,
            maxInFlight: .random(in: 1...10, using: &generator), entityCount: plans.count,
            effects: effects(using: &generator))
        let minutes: [Int64] = [15, 30, 60, 60, 120, 120, 240]
        let isLong = Int.random(in: 0..<40, using: &generator) == 0
        let length = isLong ? 100_000 : (minutes.randomElement(using: &generator) ?? 60) * 60
        var example = Example(
            terms: terms, plans: plans, end: start.adding(seconds: .random(in: 0...length, using: &generator)))
        example.signals = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
            // Cancels are rarer, for nothing comes after them.
            let kinds: [BackfillSignal.Kind] = [.pause, .pause, .resume, .resume, .resume, .cancel]
            return BackfillSignal(
                kinds.randomElement(using: &generator) ?? .pause,
                sentAt: moment(of: terms, before: example.end, using: &generator))
        }.sorted { $0.sentAt < $1.sentAt }
        return example
    }

    /// A moment at a tick, just beside one, or anywhere.
    private static func moment(
        of terms: BackfillTerms, before end: Instant, using generator: inout SeededGenerator
    ) -> Instant {
        let length = end.microseconds - terms.createdAt.microseconds
        let far = Int64.random(in: 0...length, using: &generator)
        // Early moments are chosen more often, for most happens then.
        let offset = Bool.random(using: &generator) ? far : min(far, far % 900_000_000)
        let tick = offset / 30_000_000 * 30_000_000
        let choices = [offset, tick, tick + 1, max(0, tick - 1)]
        return terms.createdAt.adding(microseconds: min(length, choices.randomElement(using: &generator) ?? offset))
    }

    private static func windows(using generator: inout SeededGenerator) -> ExecutionWindows {
        guard Int.random(in: 0..<3, using: &generator) > 0 else { return ExecutionWindows([:]) }
        var days: [Weekday: [TimeWindow]] = [:]
        let lengths = [5, 29, 30, 31, 600, 7200, 40_000, 86_400]
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            let start = Int.random(in: 0..<86_400, using: &generator)
            let length = lengths.randomElement(using: &generator) ?? 60
            days[Weekday.allCases.randomElement(using: &generator) ?? .monday, default: []]
                .append(TimeWindow(start: start, end: (start + length) % 86_400))
        }
        return ExecutionWindows(days)
    }

    private static func plans(from start: Instant, using generator: inout SeededGenerator) -> [EntityPlan] {
        let lengths: [Int64] = [0, 1, 20, 20, 29, 30, 31, 60, 600, 7200]
        let oftenDropped = Int.random(in: 1...6, using: &generator)
        return (0..<Int.random(in: 0...60, using: &generator)).map { position in
            let failures: [EntityPlan.Failures] = [.never, .never, .always, .first(2)]
            let isDropped = Int.random(in: 0..<oftenDropped, using: &generator) == 0
            return EntityPlan(
                entityID: "e\(position)", seconds: lengths.randomElement(using: &generator) ?? 20,
                failures: failures.randomElement(using: &generator) ?? .never,
                priorAttempts: .random(in: 0...3, using: &generator),
                succeededAt: isDropped
                    ? start.adding(seconds: .random(in: -1...120, using: &generator) * 30) : nil)
        }
    }

    private static func effects(using generator: inout SeededGenerator) -> BackfillEffects {
        var effects = BackfillEffects()
        guard Int.random(in: 0..<2, using: &generator) == 0 else { return effects }
        let count = Int.random(in: 0...30, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: effects.entitySeconds = .random(in: 0...100, using: &generator)
        case 1: effects.failures = .first(count)
        case 2: effects.failures = .entities(["e0", "e\(count)"])
        case 3: effects.runError = BackfillEffects.RunError(after: count, message: "boom")
        default: effects.stallAfter = count
        }
        return effects
    }
}
