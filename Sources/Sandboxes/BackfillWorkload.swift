import SQLite
import Simulation

/// A sandbox's backfills, as its clock sees them.
struct BackfillWorkload: Workload {
    let world: World

    func earliestDue() throws -> Instant? {
        try world.database.instant("SELECT min(due_at) FROM backfill WHERE due_at IS NOT NULL")
    }

    func advance(to now: Instant) throws -> [Transition] {
        let statement = try world.database.statement(
            "SELECT row FROM backfill WHERE due_at <= ?")
        statement.bind(now.microseconds, at: 1)
        return try statement.allIntegers().sorted().flatMap { try advance(backfill: $0, to: now) }
    }

    func nextEvent(after now: Instant) throws -> Instant? {
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
    func settle(through limit: Instant) throws -> Settlement {
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

    func latestTrace() throws -> Instant? {
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
        let events = try run.advance(to: now, under: work.terms) { try world.plans(for: work, $0) }
        // The last tick that did something, so that what is stored does not depend on when somebody looked.
        run.tickedAt = events.last?.at ?? work.run.tickedAt
        work.run = run
        for case .dispatched(let execution) in events { try world.insert(execution, of: work) }
        try world.save(work)
        return events.compactMap { event in
            guard case .changedState(let from, let to, let at) = event else { return nil }
            return Transition(at: at, resource: .backfill, id: work.id, from: from.stored, to: to.stored)
        }
    }
}
