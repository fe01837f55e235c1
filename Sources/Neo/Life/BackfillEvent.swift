package import Time

/// One entity that a backfill has dispatched: it runs from the tick of its dispatch to its own end.
package struct BackfillExecution: Hashable, Sendable {
    /// Its entity's place in the frozen set.
    package let position: Int
    package let entityID: String
    package let startedAt: Instant
    /// When it ends; the first tick from then on settles it.
    package let endsAt: Instant
    /// How it ends, decided at dispatch.
    package let fails: Bool

    /// An execution as the store kept it.
    package init(position: Int, entityID: String, startedAt: Instant, endsAt: Instant, fails: Bool) {
        self.position = position
        self.entityID = entityID
        self.startedAt = startedAt
        self.endsAt = endsAt
        self.fails = fails
    }
}

/// Something that happened to a backfill at a tick.
package enum BackfillEvent: Hashable, Sendable {
    case changedState(from: BackfillRunState, to: BackfillRunState, at: Instant)
    case dispatched(BackfillExecution)
    /// The execution has ended and moved a count.
    case settled(BackfillExecution, at: Instant)
    /// The entity was passed over, for it has had its success already.
    case dropped(position: Int, entityID: String, at: Instant)

    /// The tick at which it happened.
    package var at: Instant {
        switch self {
        case .changedState(_, _, let at), .settled(_, let at), .dropped(_, _, let at): at
        case .dispatched(let execution): execution.startedAt
        }
    }

    /// Whether a client can see it; a dropped entity shows nowhere.
    package var isVisible: Bool {
        switch self {
        case .changedState, .dispatched, .settled: true
        case .dropped: false
        }
    }
}
