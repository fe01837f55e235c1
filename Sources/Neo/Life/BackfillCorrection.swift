package import Time

/// What a test's author puts into a backfill by hand; nil leaves it to what is there.
package struct BackfillCorrection: Hashable, Sendable {
    package var state: BackfillRunState?
    package var succeededCount: Int?
    package var failedCount: Int?
    /// Nil leaves the error, `.some(nil)` takes it away.
    package var error: String??

    package init(
        state: BackfillRunState? = nil, succeededCount: Int? = nil, failedCount: Int? = nil, error: String?? = nil
    ) {
        self.state = state
        self.succeededCount = succeededCount
        self.failedCount = failedCount
        self.error = error
    }

    /// Whether it says anything of work, and not only of the error's text.
    var isOfWork: Bool { state != nil || succeededCount != nil || failedCount != nil }
}

/// Why a correction cannot be: its counts do not add up.
package enum BackfillCorrectionRefusal: Error, Hashable {
    /// So many have been settled already, and stay so.
    case settled(succeeded: Int, failed: Int)
    /// More are to be settled than so many, which is all there is.
    case tooMany(left: Int)
    /// A completed backfill has nothing left; here are so many.
    case incomplete(left: Int)
    /// A draft has dispatched nothing.
    case draftWithWork
}

// Choice: all of it, where the contract between counts and states leaves room (docs/FIDELITY.md, "Backfills by hand").
extension BackfillRun {
    /// Sets what a correction says, at an instant that it has been advanced to (or later, when it is ahead of that),
    /// and returns what happened.
    ///
    /// What has ended by then is settled as it ended. Then the next entities in set order, those in flight first, are
    /// settled there and then: first as many as succeed, then as many as fail. A COMPLETED backfill settles them all;
    /// when it is not said how many succeed, all others do. A new state makes signals that wait void. When it throws,
    /// the run stays as it was.
    package mutating func correct(
        _ correction: BackfillCorrection, at now: Instant, under terms: BackfillTerms,
        plans: (Range<Int>) throws -> [EntityPlan]
    ) throws -> [BackfillEvent] {
        var run = self
        var events: [BackfillEvent] = []
        if correction.isOfWork {
            // Where a seed brought what by the sandbox's clock is yet to come, nothing ends before it began.
            let now = run.inFlight.reduce(max(now, run.tickedAt)) { max($0, $1.startedAt) }
            run.settleEnded(at: now, &events)
            try run.settle(correction, at: now, under: terms, &events, plans: plans)
            run.put(into: correction.state ?? run.state, at: now, &events)
            if correction.state != nil { run.pendingSignals = [] }
            if run.state == .draft, run.nextPosition > 0 { throw BackfillCorrectionRefusal.draftWithWork }
            run.tickedAt = max(run.tickedAt, now)
        }
        if let error = correction.error { run.error = error }
        self = run
        return events
    }

    private mutating func settleEnded(at now: Instant, _ events: inout [BackfillEvent]) {
        for execution in inFlight where execution.endsAt <= now { count(execution, at: now, &events) }
        inFlight.removeAll { $0.endsAt <= now }
    }

    private mutating func count(_ execution: BackfillExecution, at now: Instant, _ events: inout [BackfillEvent]) {
        if execution.fails { failedCount += 1 } else { succeededCount += 1 }
        events.append(.settled(execution, at: now))
    }

    private mutating func settle(
        _ correction: BackfillCorrection, at now: Instant, under terms: BackfillTerms, _ events: inout [BackfillEvent],
        plans: (Range<Int>) throws -> [EntityPlan]
    ) throws {
        let completes = correction.state == .completed
        var succeeding = (correction.succeededCount ?? succeededCount) - succeededCount
        let failing = (correction.failedCount ?? failedCount) - failedCount
        guard succeeding >= 0, failing >= 0 else {
            throw BackfillCorrectionRefusal.settled(succeeded: succeededCount, failed: failedCount)
        }
        let (wanted, overflow) = succeeding.addingReportingOverflow(failing)
        let next = try take(completes || overflow ? .max : wanted, at: now, under: terms, plans: plans)
        guard !overflow, next.count >= wanted else { throw BackfillCorrectionRefusal.tooMany(left: next.count) }
        if completes, correction.succeededCount == nil { succeeding = next.count - failing }
        guard next.count == succeeding + failing else {
            throw BackfillCorrectionRefusal.incomplete(left: next.count - succeeding - failing)
        }
        for (index, execution) in next.enumerated() {
            let settled = BackfillExecution(
                position: execution.position, entityID: execution.entityID, startedAt: execution.startedAt, endsAt: now,
                fails: index >= succeeding)
            count(settled, at: now, &events)
        }
    }

    /// Takes the next so many entities out: those in flight, then those that would be dispatched now.
    private mutating func take(
        _ count: Int, at now: Instant, under terms: BackfillTerms, plans: (Range<Int>) throws -> [EntityPlan]
    ) throws -> [BackfillExecution] {
        var taken = Array(inFlight.prefix(count))
        inFlight.removeFirst(taken.count)
        var pages = EntityPlanPages(count: terms.entityCount, firstPage: min(max(1, count), terms.entityCount))
        while taken.count < count, nextPosition < terms.entityCount {
            let position = nextPosition
            nextPosition += 1
            guard let plan = try pages.plan(at: position, from: plans), !plan.isDropped(at: now) else { continue }
            taken.append(
                BackfillExecution(
                    position: position, entityID: plan.entityID, startedAt: now, endsAt: now, fails: false))
        }
        return taken
    }

    private mutating func put(into state: BackfillRunState, at now: Instant, _ events: inout [BackfillEvent]) {
        if state != self.state {
            events.append(.changedState(from: self.state, to: state, at: now))
            if self.state == .failed { error = nil }
            self.state = state
            completedAt = state.isTerminal ? now : nil
        }
        switch state {
        case .draft: startedAt = nil
        case .running, .paused, .completed, .failed: startedAt = startedAt ?? now
        case .cancelled: if processedCount > 0 { startedAt = startedAt ?? now }
        }
    }
}
