import Time

/// Works through ticks one after the other, in the five steps of the orchestrator, and collects what happens.
struct BackfillTick {
    private let terms: BackfillTerms
    private var pages: EntityPlanPages
    private(set) var events: [BackfillEvent] = []

    init(terms: BackfillTerms) {
        self.terms = terms
        pages = EntityPlanPages(count: terms.entityCount, firstPage: terms.maxInFlight)
    }

    /// Does all that one tick does, in its order.
    mutating func work<Failure: Error>(
        on run: inout BackfillRun, at tick: Instant, plans: (Range<Int>) throws(Failure) -> [EntityPlan]
    ) throws(Failure) {
        settle(&run, at: tick)
        obeySignals(&run, at: tick)
        if run.state == .draft { move(&run, to: .running, at: tick) }
        // Choice: after the start, so that a run which fails at once has started; a paused one fails too
        // (docs/FIDELITY.md, "Life of a backfill").
        if let error = run.dueError(under: terms) {
            run.error = error.message
            move(&run, to: .failed, at: tick)
        }
        if run.state == .running, !run.isStalled(under: terms), terms.windows.isOpen(at: tick, in: terms.zone) {
            try dispatch(&run, at: tick, plans: plans)
        }
        if run.isComplete(under: terms) { move(&run, to: .completed, at: tick) }
        run.tickedAt = tick
    }

    /// Step 1: what has ended moves a count, in whatever state the run is.
    private mutating func settle(_ run: inout BackfillRun, at tick: Instant) {
        guard run.inFlight.contains(where: { $0.endsAt <= tick }) else { return }
        for execution in run.inFlight where execution.endsAt <= tick {
            if execution.fails { run.failedCount += 1 } else { run.succeededCount += 1 }
            events.append(.settled(execution, at: tick))
        }
        run.inFlight.removeAll { $0.endsAt <= tick }
    }

    /// Step 2: signals take effect in the order received, until one ends the run.
    ///
    /// Choice: one sent at the tick's own instant waits for the next (docs/FIDELITY.md, "Life of a backfill").
    private mutating func obeySignals(_ run: inout BackfillRun, at tick: Instant) {
        guard !run.pendingSignals.isEmpty else { return }
        for signal in run.pendingSignals where signal.sentAt < tick && run.state.isActive {
            move(&run, to: signal.kind.target, at: tick)
        }
        run.pendingSignals.removeAll { $0.sentAt < tick }
    }

    /// Step 4: dispatches until as many are in flight as may be.
    private mutating func dispatch<Failure: Error>(
        _ run: inout BackfillRun, at tick: Instant, plans: (Range<Int>) throws(Failure) -> [EntityPlan]
    ) throws(Failure) {
        while run.inFlight.count < terms.maxInFlight, run.nextPosition < terms.entityCount {
            let position = run.nextPosition
            run.nextPosition += 1
            guard let plan = try pages.plan(at: position, from: plans) else { continue }
            // Choice: judged now, not when the set was frozen (docs/FIDELITY.md, "Life of a backfill").
            if plan.isDropped(at: tick) {
                events.append(.dropped(position: position, entityID: plan.entityID, at: tick))
                continue
            }
            let seconds = terms.effects.entitySeconds ?? plan.seconds
            // Choice: one that takes no time takes a microsecond, for what has ended at a tick is settled by it
            // (docs/FIDELITY.md, "Life of a backfill").
            let end = max(tick.adding(seconds: seconds), tick.adding(microseconds: 1))
            let execution = BackfillExecution(
                position: position, entityID: plan.entityID, startedAt: tick, endsAt: end,
                fails: plan.fails || terms.effects.fail(plan.entityID, at: position))
            run.inFlight.append(execution)
            events.append(.dispatched(execution))
        }
    }

    private mutating func move(_ run: inout BackfillRun, to state: BackfillRunState, at tick: Instant) {
        guard run.state != state else { return }
        events.append(.changedState(from: run.state, to: state, at: tick))
        run.state = state
        if state == .running, run.startedAt == nil { run.startedAt = tick }
        if state.isTerminal { run.completedAt = tick }
    }
}

extension BackfillRun {
    /// Step 5: whether nothing is left and nothing in flight, which completes a running backfill only.
    func isComplete(under terms: BackfillTerms) -> Bool {
        state == .running && nextPosition >= terms.entityCount && inFlight.isEmpty && !isStalled(under: terms)
    }
}
