package import Time

extension BackfillRun {
    /// Works through every tick up to and including `present` that has anything to do, and returns what happened, in
    /// order.
    ///
    /// `plans` answers for a range of positions, in pages of at most 512, with one plan each; it may be asked for a
    /// position again and must then say the same. A position without a plan is passed over. When it throws, the run
    /// stays as it was. An instant before the last tick changes nothing.
    package mutating func advance<Failure: Error>(
        to present: Instant, under terms: BackfillTerms, plans: (Range<Int>) throws(Failure) -> [EntityPlan]
    ) throws(Failure) -> [BackfillEvent] {
        var run = self
        var tick = BackfillTick(terms: terms)
        while let instant = run.nextWork(under: terms, through: present) {
            try tick.work(on: &run, at: instant, plans: plans)
        }
        run.tickedAt = max(run.tickedAt, terms.ticks.last(through: present))
        self = run
        return tick.events
    }

    /// The next tick that has anything to do, or nil when none has without a call or before `limit` is over.
    ///
    /// Not all of it can be seen from outside (``nextEvent(after:under:plans:)``), but nothing happens before it.
    package func nextWork(under terms: BackfillTerms, through limit: Instant = .latest) -> Instant? {
        guard let next = terms.ticks.tick(after: tickedAt), next <= limit else { return nil }
        if hasWork(at: next, under: terms) { return next }
        var instants: [Instant?] = []
        if let end = inFlight.lazy.map(\.endsAt).min() { instants.append(terms.ticks.tick(from: max(end, next))) }
        if let sentAt = pendingSignals.lazy.map(\.sentAt).min() { instants.append(terms.ticks.tick(after: sentAt)) }
        if canDispatch(under: terms) { instants.append(terms.firstOpenTick(from: next, through: limit)) }
        guard let first = instants.lazy.compactMap({ $0 }).min(), first <= limit else { return nil }
        return first
    }

    /// The next instant after the given one at which something that a client can see changes: a count, a state, an
    /// execution that starts or ends. Nil when nothing can change any more without a call.
    ///
    /// Times of work to come may move once another backfill has succeeded on its entities.
    package func nextEvent<Failure: Error>(
        after instant: Instant, under terms: BackfillTerms, plans: (Range<Int>) throws(Failure) -> [EntityPlan]
    ) throws(Failure) -> Instant? {
        var run = self
        _ = try run.advance(to: instant, under: terms, plans: plans)
        let end = run.inFlight.lazy.map(\.endsAt).filter { $0 > instant }.min()
        var tick = BackfillTick(terms: terms)
        // Signals that change nothing and entities that are dropped are work, but no event.
        while let next = run.nextWork(under: terms, through: end ?? .latest) {
            try tick.work(on: &run, at: next, plans: plans)
            if tick.events.contains(where: \.isVisible) { return next }
        }
        return end
    }

    /// Whether the tick after the last one has something to do whatever the windows say.
    private func hasWork(at next: Instant, under terms: BackfillTerms) -> Bool {
        state == .draft || dueError(under: terms) != nil || isComplete(under: terms)
            || inFlight.contains { $0.endsAt <= next } || pendingSignals.contains { $0.sentAt < next }
    }

    private func canDispatch(under terms: BackfillTerms) -> Bool {
        state == .running && nextPosition < terms.entityCount && inFlight.count < terms.maxInFlight
            && !isStalled(under: terms)
    }
}
