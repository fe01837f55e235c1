package import Time

/// Where an agent run is in its life; the raw values are the vendor's words.
package enum AgentRunStatus: String, CaseIterable, Hashable, Sendable {
    case queued, running, waiting, succeeded, failed, cancelled

    /// A terminal status never changes.
    package var isTerminal: Bool {
        switch self {
        case .queued, .running, .waiting: false
        case .succeeded, .failed, .cancelled: true
        }
    }
}

/// Why a run has failed.
package enum AgentRunFailure: Hashable, Sendable {
    /// When it was claimed, its kind had no active key.
    case keyMissing
    /// The next step would have passed its budget; the cost is what the run would then have come to.
    case budgetExceeded(step: Int, costUSDCents: Int64, budgetUSDCents: Int64)
    /// The status that it was in, and the number of the step that stays open.
    case deadlineExceeded(during: AgentRunStatus, openStep: Int?)
    /// Who was asked has said no.
    case guardrailDenied
    /// Its script ends so.
    case scripted(category: String, detail: String?)
}

/// Something that happened to a run.
package enum AgentRunEvent: Hashable, Sendable {
    case changedStatus(from: AgentRunStatus, to: AgentRunStatus, at: Instant)
    /// Steps are numbered from 1.
    case startedStep(Int, at: Instant)
    case completedStep(Int, at: Instant)
    /// The provider has refused the key of its kind.
    case keyRefused(at: Instant)

    package var at: Instant {
        switch self {
        case .changedStatus(_, _, let at), .startedStep(_, let at), .completedStep(_, let at), .keyRefused(let at): at
        }
    }
}
