package import Sandboxes
import SQLite
package import Time

/// A sandbox's backfills, as its clock sees them.
package struct BackfillWorkload: Workload {
    private let world: World

    package init(world: World) { self.world = world }

    /// Each entity that is left may be dispatched.
    package func weight(dueBy now: Instant) throws -> Int64 {
        try world.database.number("SELECT sum(entity_count - next_entity) FROM backfill WHERE due_at <= ?", now)
    }

    package func earliestDue() throws -> Instant? {
        try world.database.instant("SELECT min(due_at) FROM backfill WHERE due_at IS NOT NULL")
    }

    package func advance(to now: Instant) throws -> [Transition] {
        let statement = try world.database.statement(
            "SELECT row FROM backfill WHERE due_at <= ?")
        statement.bind(now, at: 1)
        return try statement.allIntegers().sorted().flatMap { try advance(backfill: $0, to: now) }
    }

    package func nextEvent(after now: Instant) throws -> Instant? {
        let statement = try world.database.statement(
            "SELECT row FROM backfill WHERE due_at IS NOT NULL")
        var earliest: Instant?
        for row in try statement.allIntegers() {
            let work = try BackfillWork(row: row, in: world)
            let next = try work.run.nextEvent(after: now, under: work.terms) { try world.plans(for: work, $0) }
            if let next, next < earliest ?? .latest { earliest = next }
        }
        return earliest
    }

    /// After the last event nothing changes, so one jump to the limit is as good as many to each event.
    package func settle(through limit: Instant) throws -> Settlement {
        let transitions = try advance(to: limit)
        let last = try world.database.instant(
            """
            SELECT max(at) FROM (
                SELECT max(created_at) AS at FROM backfill UNION ALL SELECT max(started_at) FROM backfill
                UNION ALL SELECT max(completed_at) FROM backfill UNION ALL SELECT max(ticked_at) FROM backfill
                UNION ALL SELECT max(created_at) FROM execution UNION ALL SELECT max(ends_at) FROM execution)
            """)
        return Settlement(transitions: transitions, last: last, comesMore: try nextEvent(after: limit) != nil)
    }

    package func latestTrace() throws -> Instant? {
        try world.database.instant(
            """
            SELECT max(at) FROM (
                SELECT max(created_at) AS at FROM backfill UNION ALL SELECT max(ticked_at) FROM backfill
                UNION ALL SELECT max(sent_at) FROM backfill_signal UNION ALL SELECT max(created_at) FROM execution)
            """)
    }

    private func advance(backfill row: Int64, to now: Instant) throws -> [Transition] {
        var work = try BackfillWork(row: row, in: world)
        var run = work.run
        // The last tick that did something, so that what is stored does not depend on when somebody looked.
        var tickedAt = run.tickedAt
        var transitions: [Transition] = []
        var end: Instant
        repeat {
            // Piece by piece, for a backfill may have millions of events. However time is cut, the end is the same.
            end = min(now, (run.nextWork(under: work.terms) ?? now).adding(seconds: Self.piece))
            let events = try run.advance(to: end, under: work.terms) { try world.plans(for: work, $0) }
            tickedAt = events.last?.at ?? tickedAt
            for case .dispatched(let execution) in events { try world.insert(execution, of: work) }
            for case .changedState(let from, let to, let at) in events {
                transitions.append(
                    Transition(
                        at: at, resource: BackfillScenario.resource, id: work.id, from: from.stored, to: to.stored))
            }
        } while end < now && run.nextWork(under: work.terms) != nil
        run.tickedAt = tickedAt
        work.run = run
        try world.save(work)
        return transitions
    }

    /// How much time is gone through at once, in seconds: a thousand ticks.
    private static let piece: Int64 = 30_000
}
