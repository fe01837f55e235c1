package import Time

/// Where a backfill stands.
package enum BackfillRunState: String, CaseIterable, Sendable {
    case draft, running, paused, completed, cancelled, failed

    /// Whether it can still dispatch, and so blocks another backfill of the same workflow.
    package var isActive: Bool {
        switch self {
        case .draft, .running, .paused: true
        case .completed, .cancelled, .failed: false
        }
    }

    /// Whether it has ended for good.
    package var isTerminal: Bool { !isActive }
}

/// What a client asks of a backfill; the next tick acts on it.
package struct BackfillSignal: Hashable, Sendable {
    /// The three things that can be asked.
    package enum Kind: String, CaseIterable, Sendable {
        case pause, resume, cancel

        /// The state that an active backfill takes on.
        package var target: BackfillRunState {
            switch self {
            case .pause: .paused
            case .resume: .running
            case .cancel: .cancelled
            }
        }
    }

    package let kind: Kind
    package let sentAt: Instant

    /// A signal received at that instant.
    package init(_ kind: Kind, sentAt: Instant) {
        self.kind = kind
        self.sentAt = sentAt
    }
}
