package import Time

/// What is settled about a backfill when it is created and never changes after.
package struct BackfillTerms: Hashable, Sendable {
    package let createdAt: Instant
    package let windows: ExecutionWindows
    package let zone: Zone
    package let maxInFlight: Int
    /// The size of the frozen entity set; positions count from 0.
    package let entityCount: Int
    package let effects: BackfillEffects

    /// The terms of a new backfill; at least one entity may always be in flight.
    package init(
        createdAt: Instant, windows: ExecutionWindows, zone: Zone, maxInFlight: Int, entityCount: Int,
        effects: BackfillEffects = BackfillEffects()
    ) {
        self.createdAt = createdAt
        self.windows = windows
        self.zone = zone
        self.maxInFlight = max(1, maxInFlight)
        self.entityCount = max(0, entityCount)
        self.effects = effects
    }

    var ticks: TickGrid { TickGrid(origin: createdAt) }

    /// The first tick, between the two instants (both included), at which a window is open.
    func firstOpenTick(from first: Instant, through limit: Instant) -> Instant? {
        var tick = first
        var looked: (phase: Int64, meetsTicks: Bool)?
        while let opening = windows.nextOpening(from: tick, in: zone), let candidate = ticks.tick(from: opening),
            candidate <= limit
        {
            if windows.isOpen(at: candidate, in: zone) { return candidate }
            // The window closed again before the tick. Where every window is so short that it lies between two ticks
            // in every week, only a change of the zone's offset can bring them together.
            let span = zone.span(at: candidate)
            let phase = ticks.phase(of: candidate, offset: span.offset)
            if looked?.phase != phase {
                looked = (phase, windows.contain(anyOfEvery: TickGrid.interval, phase: phase))
            }
            if looked?.meetsTicks == true {
                tick = candidate
            } else if let end = span.endsAt, end <= Instant.latest.unixSeconds,
                let next = ticks.tick(from: Instant.unixEpoch.adding(seconds: end))
            {
                tick = next
            } else {
                return nil
            }
        }
        return nil
    }
}

/// What a scenario does to a backfill.
package struct BackfillEffects: Hashable, Sendable {
    /// Which entities a scenario makes fail.
    package enum Failures: Hashable, Sendable {
        case none
        /// The first so many in set order.
        case first(Int)
        case entities(Set<String>)
    }

    /// The failure of the whole run once so many entities are processed.
    package struct RunError: Hashable, Sendable {
        package let after: Int
        package let message: String

        /// An error with that message once `after` entities are processed.
        package init(after: Int, message: String) {
            self.after = after
            self.message = message
        }
    }

    /// How long every execution lasts, whatever the entities say.
    package var entitySeconds: Int64?
    package var failures: Failures
    package var runError: RunError?
    /// How many entities are processed when the run gets stuck.
    package var stallAfter: Int?

    /// No effects, but for those given.
    package init(
        entitySeconds: Int64? = nil, failures: Failures = .none, runError: RunError? = nil, stallAfter: Int? = nil
    ) {
        self.entitySeconds = entitySeconds
        self.failures = failures
        self.runError = runError
        self.stallAfter = stallAfter
    }

    func fail(_ entityID: String, at position: Int) -> Bool {
        switch failures {
        case .none: false
        case .first(let count): position < count
        case .entities(let ids): ids.contains(entityID)
        }
    }
}
