package import Simulation
import SQLite

extension World {
    /// What an advance of the clock was asked to reach.
    package enum AdvanceTarget: Sendable, Hashable {
        case instant(Instant)
        /// The next instant at which something a client can see changes.
        case nextEvent(limit: Instant)
        /// Until nothing can happen any more without a call.
        case idle(limit: Instant)
    }

    /// What an advance of the clock came to.
    package struct AdvanceOutcome: Sendable {
        /// Why it ended where it did.
        package enum Reason: String, Sendable {
            case reached, idle, limit
        }

        package let now: Instant
        package let reason: Reason
        package let transitions: [Transition]
    }

    /// Moves the clock on, and does all that falls due on the way. Only inside a transaction, and never to before now.
    package func advanceClock(_ target: AdvanceTarget) throws -> AdvanceOutcome {
        let start = now
        var transitions = try advance(to: start)
        switch target {
        case .instant(let sought):
            // A real clock may have passed it by now.
            let instant = max(sought, start)
            transitions += try advance(to: instant)
            try setNow(instant, from: start)
            return AdvanceOutcome(now: instant, reason: .reached, transitions: transitions)
        case .nextEvent(let limit):
            let next = try nextEvent(after: start)
            let end = min(next ?? start, limit)
            transitions += try advance(to: end)
            try setNow(end, from: start)
            let reason: AdvanceOutcome.Reason = next == nil ? .idle : end == next ? .reached : .limit
            return AdvanceOutcome(now: end, reason: reason, transitions: transitions)
        case .idle(let limit):
            // After the last event nothing changes, so one jump to the limit is as good as many to each event.
            transitions += try advance(to: limit)
            let isIdle = try nextEvent(after: limit) == nil
            let end = isIdle ? max(start, min(try lastEvent() ?? start, limit)) : limit
            try setNow(end, from: start)
            return AdvanceOutcome(now: end, reason: isIdle ? .idle : .limit, transitions: transitions)
        }
    }

    /// Sets mode, speed or present. Nothing that is later than the new present may have been made: false, and nothing
    /// is changed, if there is. Only inside a transaction.
    package func changeClock(mode: SandboxClock.Mode?, speed: Double?, now sent: Instant?) throws -> Bool {
        let start = now
        try advance(to: start)
        if let sent, sent < start, let latest = try latestTrace(), latest > sent { return false }
        var changed = clock
        changed.set(to: sent ?? start, machine: machine())
        if let mode { changed.mode = mode }
        if let speed { changed.speed = speed }
        if let sent, sent > start { advanceRateTime(by: sent.microseconds - start.microseconds) }
        try store(changed)
        try advance(to: sent ?? start)
        return true
    }

    /// In `poll` mode, a look at one backfill first moves the clock on to that backfill's next tick.
    package func pollTick(of backfill: Backfill) throws {
        guard clock.mode == .poll, backfill.isMoving else { return }
        let start = now
        let next = TickGrid(origin: backfill.createdAt).tick(after: start) ?? .latest
        try transaction {
            try advance(to: next)
            try setNow(next, from: start)
        }
    }

    private func setNow(_ instant: Instant, from start: Instant) throws {
        var changed = clock
        changed.set(to: instant, machine: machine())
        advanceRateTime(by: instant.microseconds - start.microseconds)
        try store(changed)
    }

    /// When the last thing happened that a client could see.
    private func lastEvent() throws -> Instant? {
        try instant(
            """
            SELECT max(at) FROM (
                SELECT max(created_at) AS at FROM backfill UNION ALL SELECT max(started_at) FROM backfill
                UNION ALL SELECT max(completed_at) FROM backfill UNION ALL SELECT max(ticked_at) FROM backfill
                UNION ALL SELECT max(created_at) FROM execution UNION ALL SELECT max(ends_at) FROM execution)
            """)
    }

    /// The latest instant that anything in the sandbox was made or changed at, or a signal was sent.
    private func latestTrace() throws -> Instant? {
        try instant(
            """
            SELECT max(at) FROM (
                SELECT max(created_at) AS at FROM backfill UNION ALL SELECT max(ticked_at) FROM backfill
                UNION ALL SELECT max(sent_at) FROM backfill_signal UNION ALL SELECT max(created_at) FROM execution
                UNION ALL SELECT max(updated_at) FROM run UNION ALL SELECT max(updated_at) FROM agent_config)
            """)
    }

    private func instant(_ sql: StaticString) throws -> Instant? {
        let statement = try database.statement(sql)
        defer { statement.reset() }
        return try statement.step() ? statement.optionalInstant(0) : nil
    }
}
