package import Time

/// The part of a backfill that moves: a value that ``advance(to:under:plans:)`` brings from one instant to a later one.
///
/// However a stretch of time is cut into advances, the run and the events are the same.
package struct BackfillRun: Hashable, Sendable {
    package var state: BackfillRunState
    package var succeededCount: Int
    package var failedCount: Int
    /// When it first was running.
    package var startedAt: Instant?
    /// When it took on a terminal state.
    package var completedAt: Instant?
    package var error: String?
    /// The first position of the frozen set that was neither dispatched nor dropped.
    package var nextPosition: Int
    /// The last tick that was worked through; the creation when there was none.
    package var tickedAt: Instant
    /// What is dispatched and not settled yet, in set order.
    package var inFlight: [BackfillExecution]
    /// What no tick has acted on yet, in the order received. The first tick after a signal was sent acts on it, and
    /// ignores it when the run has ended by then.
    package var pendingSignals: [BackfillSignal]

    /// A run as the store kept it; with the creation alone, a new one.
    package init(
        state: BackfillRunState = .draft, succeededCount: Int = 0, failedCount: Int = 0, startedAt: Instant? = nil,
        completedAt: Instant? = nil, error: String? = nil, nextPosition: Int = 0, tickedAt: Instant,
        inFlight: [BackfillExecution] = [], pendingSignals: [BackfillSignal] = []
    ) {
        self.state = state
        self.succeededCount = succeededCount
        self.failedCount = failedCount
        self.startedAt = startedAt
        self.completedAt = completedAt
        self.error = error
        self.nextPosition = nextPosition
        self.tickedAt = tickedAt
        self.inFlight = inFlight
        self.pendingSignals = pendingSignals
    }

    /// How many executions have been settled, always the sum of the two counts.
    package var processedCount: Int { succeededCount + failedCount }

    /// Whether a scenario keeps it from doing anything more than settling what is in flight.
    ///
    /// Choice: a stuck run does not complete either, also when it got stuck at its last entity
    /// (docs/FIDELITY.md, "Life of a backfill").
    func isStalled(under terms: BackfillTerms) -> Bool {
        terms.effects.stallAfter.map { processedCount >= $0 } ?? false
    }

    /// The scenario's error, when as many entities are processed as it waits for.
    func dueError(under terms: BackfillTerms) -> BackfillEffects.RunError? {
        guard state.isActive, let error = terms.effects.runError, processedCount >= error.after else { return nil }
        return error
    }
}
