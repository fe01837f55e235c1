package import Time

/// The part of an agent run that moves.
package struct AgentRun: Hashable, Sendable {
    package private(set) var status: AgentRunStatus
    /// How many steps have been started.
    package private(set) var startedSteps: Int
    /// When the last of them started, while it is open.
    package private(set) var openStepStartedAt: Instant?
    /// The sum of the completed steps' costs.
    package private(set) var costUSDCents: Int64
    package private(set) var platformFeeCents: Int64
    package private(set) var deadlineAt: Instant?
    package private(set) var failure: AgentRunFailure?
    /// How many runs of its kind had failed in a row when it ended; 0 until then.
    package private(set) var consecutiveFailures: Int64
    /// When it last changed.
    package private(set) var updatedAt: Instant

    /// A run as the store kept it, or a new one.
    package init(
        status: AgentRunStatus = .queued, startedSteps: Int = 0, openStepStartedAt: Instant? = nil,
        costUSDCents: Int64 = 0, platformFeeCents: Int64 = 0, deadlineAt: Instant?, consecutiveFailures: Int64 = 0,
        updatedAt: Instant
    ) {
        self.status = status
        self.startedSteps = startedSteps
        self.openStepStartedAt = openStepStartedAt
        self.costUSDCents = costUSDCents
        self.platformFeeCents = platformFeeCents
        self.deadlineAt = deadlineAt
        self.consecutiveFailures = consecutiveFailures
        self.updatedAt = updatedAt
    }

    /// The next instant at which something happens to it without a call; nil when nothing does. All of it can be seen.
    package func nextWork(under terms: AgentRunTerms) -> Instant? {
        guard !status.isTerminal else { return nil }
        guard let own = ownWork(under: terms) else { return deadline(under: terms) }
        return deadline(under: terms).map { min($0, own) } ?? own
    }

    /// As ``nextWork(under:)``, but a run that waits is nobody's work, whatever its deadline.
    package func nextOwnWork(under terms: AgentRunTerms) -> Instant? {
        status == .waiting ? nil : nextWork(under: terms)
    }

    /// Does what falls due at that instant, which is that of its next work, and says what happened.
    mutating func work(
        at instant: Instant, under terms: AgentRunTerms, in kind: inout AgentKindStanding
    ) -> [AgentRunEvent] {
        var events: [AgentRunEvent] = []
        while let due = nextWork(under: terms), due <= instant {
            // Choice: the deadline comes first (docs/FIDELITY.md, "Life of a run").
            if let deadline = deadline(under: terms), deadline <= instant {
                let during = AgentRunFailure.deadlineExceeded(
                    during: status, openStep: openStepStartedAt == nil ? nil : startedSteps)
                fail(during, at: instant, in: &kind, &events)
            } else if status == .queued {
                claim(at: instant, under: terms, in: &kind, &events)
            } else if openStepStartedAt != nil {
                completeStep(at: instant, under: terms, &events)
            } else {
                goOn(at: instant, under: terms, in: &kind, &events)
            }
        }
        return events
    }

    // MARK: Its own course

    private func ownWork(under terms: AgentRunTerms) -> Instant? {
        switch status {
        case .queued: terms.claimAt
        case .running:
            openStepStartedAt.map { $0.adding(microseconds: terms.step(startedSteps)?.microseconds ?? 0) } ?? updatedAt
        case .waiting, .succeeded, .failed, .cancelled: nil
        }
    }

    /// A deadline that was over before the run was enqueued strikes then.
    private func deadline(under terms: AgentRunTerms) -> Instant? { deadlineAt.map { max($0, terms.enqueuedAt) } }

    private mutating func claim(
        at instant: Instant, under terms: AgentRunTerms, in kind: inout AgentKindStanding,
        _ events: inout [AgentRunEvent]
    ) {
        change(to: .running, at: instant, &events)
        if deadlineAt == nil { deadlineAt = terms.deadlineSeconds.map { instant.adding(seconds: $0) } }
        if !kind.keyIsActive { fail(.keyMissing, at: instant, in: &kind, &events) }
    }

    private mutating func completeStep(
        at instant: Instant, under terms: AgentRunTerms, _ events: inout [AgentRunEvent]
    ) {
        openStepStartedAt = nil
        let (sum, overflow) = costUSDCents.addingReportingOverflow(terms.step(startedSteps)?.costUSDCents ?? 0)
        costUSDCents = overflow ? .max : sum
        updatedAt = instant
        events.append(.completedStep(startedSteps, at: instant))
        if startedSteps == terms.script.waitAfter { change(to: .waiting, at: instant, &events) }
    }

    /// Starts the next step if there is one and it can be paid for; else the run is over.
    private mutating func goOn(
        at instant: Instant, under terms: AgentRunTerms, in kind: inout AgentKindStanding,
        _ events: inout [AgentRunEvent]
    ) {
        guard let step = terms.step(startedSteps + 1) else { return end(at: instant, under: terms, in: &kind, &events) }
        // Without a budget there is still the largest number.
        let (sum, overflow) = costUSDCents.addingReportingOverflow(step.costUSDCents ?? 0)
        let budget = terms.budgetUSDCents ?? .max
        if overflow || sum > budget {
            let failure = AgentRunFailure.budgetExceeded(
                step: startedSteps + 1, costUSDCents: overflow ? .max : sum, budgetUSDCents: budget)
            return fail(failure, at: instant, in: &kind, &events)
        }
        startedSteps += 1
        openStepStartedAt = instant
        updatedAt = instant
        events.append(.startedStep(startedSteps, at: instant))
    }

    private mutating func end(
        at instant: Instant, under terms: AgentRunTerms, in kind: inout AgentKindStanding,
        _ events: inout [AgentRunEvent]
    ) {
        switch terms.script.outcome {
        case .succeeded:
            kind.consecutiveFailures = 0
            platformFeeCents = terms.script.platformFeeCents
            change(to: .succeeded, at: instant, &events)
        case .failed(let category, let detail):
            if category == Self.keyRefusedCategory, kind.keyIsActive {
                kind.keyIsActive = false
                events.append(.keyRefused(at: instant))
            }
            fail(.scripted(category: category, detail: detail), at: instant, in: &kind, &events)
        }
    }

    /// A script that ends so says that the provider has refused the key (documented category).
    package static let keyRefusedCategory = "auth_failed"

    private mutating func fail(
        _ failure: AgentRunFailure, at instant: Instant, in kind: inout AgentKindStanding,
        _ events: inout [AgentRunEvent]
    ) {
        // The vendor's number has 32 bits.
        kind.consecutiveFailures = min(kind.consecutiveFailures, Int64(Int32.max) - 1) + 1
        consecutiveFailures = kind.consecutiveFailures
        self.failure = failure
        change(to: .failed, at: instant, &events)
    }

    private mutating func change(to next: AgentRunStatus, at instant: Instant, _ events: inout [AgentRunEvent]) {
        events.append(.changedStatus(from: status, to: next, at: instant))
        status = next
        updatedAt = max(updatedAt, instant)
    }
}

extension AgentRun {
    /// Something that somebody asks of a run.
    package enum Request: Hashable, Sendable, CaseIterable {
        case cancel, approve, deny
    }

    /// Does at once what is asked for; nil, and nothing is changed, when the run is not in a status for it.
    package mutating func handle(
        _ request: Request, at instant: Instant, in kind: inout AgentKindStanding
    ) -> [AgentRunEvent]? {
        var events: [AgentRunEvent] = []
        switch request {
        case .cancel:
            guard !status.isTerminal else { return nil }
            change(to: .cancelled, at: instant, &events)
        case .approve:
            guard status == .waiting else { return nil }
            change(to: .running, at: instant, &events)
        case .deny:
            guard status == .waiting else { return nil }
            fail(.guardrailDenied, at: instant, in: &kind, &events)
        }
        return events
    }
}
