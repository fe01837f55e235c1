import Neo
import Time

extension BackfillRun {
    /// The run of a backfill that has just been created.
    init(createdUnder terms: BackfillTerms) { self.init(tickedAt: terms.createdAt) }

    /// Adds a signal, as the store does with one that was sent.
    mutating func receive(_ signal: BackfillSignal.Kind, at instant: Instant) {
        pendingSignals.append(BackfillSignal(signal, sentAt: instant))
    }

    /// Advances from one tick that has work to the next, and counts these ticks.
    mutating func countTicks(
        through present: Instant, under terms: BackfillTerms, plans: (Range<Int>) -> [EntityPlan]
    ) -> Int {
        var count = 0
        while let tick = nextWork(under: terms, through: present) {
            _ = advance(to: tick, under: terms, plans: plans)
            count += 1
        }
        _ = advance(to: present, under: terms, plans: plans)
        return count
    }
}
