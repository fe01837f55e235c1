import Neo
import Time

/// The documented rules in the plainest words: every tick is looked at, one after the other.
struct BackfillReference {
    let terms: BackfillTerms
    let plans: [EntityPlan]
    var run: BackfillRun
    var events: [BackfillEvent] = []

    mutating func advance(to present: Instant) {
        while run.tickedAt.microseconds + 30_000_000 <= present.microseconds {
            run.tickedAt = run.tickedAt.adding(seconds: 30)
            tick()
        }
    }

    private mutating func tick() {
        let now = run.tickedAt
        var running: [BackfillExecution] = []
        for execution in run.inFlight {
            guard execution.endsAt <= now else {
                running.append(execution)
                continue
            }
            events.append(.settled(execution, at: now))
            if execution.fails { run.failedCount += 1 }
            if !execution.fails { run.succeededCount += 1 }
        }
        run.inFlight = running
        while let signal = run.pendingSignals.first, signal.sentAt < now {
            run.pendingSignals.removeFirst()
            if [.completed, .cancelled, .failed].contains(run.state) { continue }
            switch signal.kind {
            case .pause: become(.paused)
            case .resume: become(.running)
            case .cancel: become(.cancelled)
            }
        }
        if run.state == .draft { become(.running) }
        let processed = run.succeededCount + run.failedCount
        if let error = terms.effects.runError, processed >= error.after, [.running, .paused].contains(run.state) {
            run.error = error.message
            become(.failed)
        }
        guard run.state == .running else { return }
        if let stall = terms.effects.stallAfter, processed >= stall { return }
        if terms.windows.isOpen(at: now, in: terms.zone) {
            while run.inFlight.count < terms.maxInFlight, run.nextPosition < plans.count { dispatch(at: now) }
        }
        if run.nextPosition == plans.count, run.inFlight.isEmpty { become(.completed) }
    }

    private mutating func dispatch(at now: Instant) {
        let position = run.nextPosition
        let plan = plans[position]
        run.nextPosition += 1
        if let succeededAt = plan.succeededAt, succeededAt <= now {
            events.append(.dropped(position: position, entityID: plan.entityID, at: now))
            return
        }
        var fails = false
        switch plan.failures {
        case .never: break
        case .always: fails = true
        case .first(let count): fails = plan.priorAttempts < count
        }
        switch terms.effects.failures {
        case .none: break
        case .first(let count): if position < count { fails = true }
        case .entities(let ids): if ids.contains(plan.entityID) { fails = true }
        }
        let execution = BackfillExecution(
            position: position, entityID: plan.entityID, startedAt: now,
            endsAt: max(
                now.adding(seconds: terms.effects.entitySeconds ?? plan.seconds), now.adding(microseconds: 1)),
            fails: fails)
        run.inFlight.append(execution)
        events.append(.dispatched(execution))
    }

    private mutating func become(_ state: BackfillRunState) {
        guard state != run.state else { return }
        events.append(.changedState(from: run.state, to: state, at: run.tickedAt))
        run.state = state
        if state == .running { run.startedAt = run.startedAt ?? run.tickedAt }
        if [.completed, .cancelled, .failed].contains(state) { run.completedAt = run.tickedAt }
    }
}
