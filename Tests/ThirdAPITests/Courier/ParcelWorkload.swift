import SQLite
import Sandboxes
import Time

/// A sandbox's parcels, as its clock sees them: this is all that `advance`, `next_event`, `idle` and `poll` need.
struct ParcelWorkload: Workload {
    private let database: Database

    init(world: World) { database = world.database }

    func earliestDue() throws -> Instant? {
        try database.instant("SELECT min(due_at) FROM parcel WHERE due_at IS NOT NULL")
    }

    func weight(dueBy now: Instant) throws -> Int64 {
        try database.number("SELECT count(*) FROM parcel WHERE due_at <= ?", now)
    }

    func advance(to now: Instant) throws -> [Transition] {
        let due = try database.statement(
            "SELECT * FROM parcel WHERE due_at <= ? ORDER BY row")
        due.bind(now, at: 1)
        defer { due.reset() }
        var parcels: [Parcel] = []
        while try due.step() { parcels.append(try Parcel(due)) }
        var transitions: [Transition] = []
        for var parcel in parcels {
            for change in parcel.course.advance(to: now) {
                transitions.append(
                    Transition(
                        at: change.at, resource: ParcelScenario.resource, id: parcel.id, from: change.from.rawValue,
                        to: change.to.rawValue))
            }
            try database.save(parcel)
        }
        return transitions
    }

    /// Everything that happens to a parcel can be seen.
    func settle(through limit: Instant) throws -> Settlement {
        let transitions = try advance(to: limit)
        return Settlement(transitions: transitions, last: try latestTrace(), comesMore: try earliestDue() != nil)
    }

    func latestTrace() throws -> Instant? { try database.instant("SELECT max(changed_at) FROM parcel") }
}
