package import Time

/// What was settled when a run was enqueued.
package struct AgentRunTerms: Hashable, Sendable {
    package let enqueuedAt: Instant
    /// Not to be claimed before.
    package let runAt: Instant
    package let script: AgentScript
    /// What all its steps may cost; nil is any amount.
    package let budgetUSDCents: Int64?
    /// The deadline that it gets when it is claimed, so many seconds later; nil is none.
    package let deadlineSeconds: Int64?

    package init(
        enqueuedAt: Instant, runAt: Instant, script: AgentScript, budgetUSDCents: Int64?, deadlineSeconds: Int64?
    ) {
        self.enqueuedAt = enqueuedAt
        self.runAt = runAt
        self.script = script
        self.budgetUSDCents = budgetUSDCents
        self.deadlineSeconds = deadlineSeconds
    }

    /// When a worker takes it. Choice: one second after it is due (docs/FIDELITY.md, "Life of a run").
    var claimAt: Instant { max(runAt, enqueuedAt).adding(seconds: 1) }

    /// The script's step of that number, from 1.
    package func step(_ number: Int) -> AgentScriptStep? {
        script.steps.indices.contains(number - 1) ? script.steps[number - 1] : nil
    }
}

/// What the runs of one kind share: they are told of each other by nothing else.
package struct AgentKindStanding: Hashable, Sendable {
    /// Whether there is an active key.
    package var keyIsActive: Bool
    /// How many runs in a row have failed.
    package var consecutiveFailures: Int64

    package init(keyIsActive: Bool, consecutiveFailures: Int64) {
        self.keyIsActive = keyIsActive
        self.consecutiveFailures = consecutiveFailures
    }

    /// After so many failures in a row nothing more is enqueued. Choice: five (docs/FIDELITY.md, "Disabled kinds").
    package static let mostFailures: Int64 = 5

    /// Whether the kind takes no more runs.
    package var isDisabled: Bool { consecutiveFailures >= Self.mostFailures }
}
