import SQLite
package import Simulation

extension World {
    private func workload(_ kind: WorkKind) -> any Workload {
        switch kind {
        case .backfills: BackfillWorkload(world: self)
        case .runs: AgentRunWorkload(database: database)
        }
    }

    private var workloads: [any Workload] { WorkKind.all.map(workload) }

    /// Brings everything that is active up to an instant, and gives the changes of state in order of time.
    ///
    /// What it does depends on the instant alone, not on how often or when somebody looked before.
    @discardableResult
    package func advance(to now: Instant) throws -> [Transition] {
        guard try isDue(at: now) else { return [] }
        return try transaction {
            var transitions: [Transition] = []
            for kind in WorkKind.all where try isDue(kind, at: now) {
                transitions += try workload(kind).advance(to: now)
                knownDue.forget(kind)
            }
            return transitions.inOrderOfTime
        }
    }

    /// The same for somebody who only looks: where the sandbox has no room for it, what has fallen due waits.
    package func advanceIfThereIsRoom(to now: Instant) throws {
        do { try advance(to: now) } catch is SandboxFull {}
    }

    /// The next instant at which a client could see something change; nil when nothing can without a call.
    package func nextEvent(after now: Instant) throws -> Instant? {
        try workloads.compactMap { try $0.nextEvent(after: now) }.min()
    }

    /// Goes on until nothing happens any more without a call, to the limit at most. Only inside a transaction.
    func settle(from start: Instant, through limit: Instant) throws -> (end: Instant, Settlement) {
        let settlements = try workloads.map { try $0.settle(through: limit) }
        var whole = Settlement(
            transitions: settlements.flatMap(\.transitions), last: settlements.compactMap(\.last).max(),
            comesMore: settlements.contains { $0.comesMore })
        let end = whole.comesMore ? limit : max(start, min(whole.last ?? start, limit))
        // What one kind has left alone may have fallen due while another went on.
        knownDue = KnownDue()
        whole.transitions += try advance(to: end)
        whole.transitions = whole.transitions.inOrderOfTime
        return (end, whole)
    }

    /// The latest instant that anything in the sandbox was made or changed at.
    func latestTrace() throws -> Instant? {
        let configs = try database.instant("SELECT max(updated_at) FROM agent_config")
        return (try workloads.compactMap { try $0.latestTrace() } + [configs].compactMap { $0 }).max()
    }

    /// Whether anything has fallen due by then.
    package func isDue(at now: Instant) throws -> Bool { try earliestDue().map { $0 <= now } ?? false }

    /// Whether what has fallen due by then takes a few milliseconds at most.
    package func dueIsBrief(at now: Instant) throws -> Bool {
        var work: Int64 = 0
        if try isDue(.backfills, at: now) {
            work += try database.number(
                "SELECT sum(entity_count - next_entity) FROM backfill WHERE due_at <= ?", now)
        }
        if try isDue(.runs, at: now) {
            let length = try longestScript()
            work += try database.number(
                """
                SELECT count(*) * 10 + coalesce(sum(length(script)), 0) / 100 FROM run INDEXED BY run_due
                WHERE due_at <= ?
                """, now)
            work +=
                try database.number("SELECT count(*) FROM run INDEXED BY run_due WHERE due_at <= ?", now) * length / 100
        }
        return work <= Self.briefWork
    }

    private func longestScript() throws -> Int64 {
        if let knownScriptLength { return knownScriptLength }
        let length = try database.largestRow("SELECT max(length(script)) FROM agent_script")
        knownScriptLength = length
        return length
    }

    /// So many entities, each of which may be dispatched, are brief work; a run counts as ten, and as one for each hundred
    /// characters of its script.
    private static let briefWork = 500

    private func isDue(_ kind: WorkKind, at now: Instant) throws -> Bool {
        try earliestDue(of: kind).map { $0 <= now } ?? false
    }

    /// The earliest instant at which anything has work, from memory when it is known; nil when nothing has without a call.
    func earliestDue() throws -> Instant? {
        var earliest: Instant?
        for kind in WorkKind.all {
            guard let due = try earliestDue(of: kind) else { continue }
            earliest = min(earliest ?? due, due)
        }
        return earliest
    }

    private func earliestDue(of kind: WorkKind) throws -> Instant? {
        if let known = knownDue[kind] {
            // Tests run with this: whatever they do, what is known has to be what the database says.
            assert(agrees(known, with: kind), "\(kind): \(known) is not so")
            return known.instant
        }
        let instant = try workload(kind).earliestDue()
        knownDue[kind] = .init(instant: instant)
        return instant
    }

    /// Whether the database says the same, if it says anything.
    private func agrees(_ known: KnownDue.Answer, with kind: WorkKind) -> Bool {
        do { return try workload(kind).earliestDue() == known.instant } catch { return true }
    }
}

extension [Transition] {
    /// By time; what happened to one thing at one instant stays in its order.
    fileprivate var inOrderOfTime: [Transition] {
        enumerated().sorted { left, right in
            (left.element.at, left.element.resource.rawValue, left.element.id, left.offset)
                < (right.element.at, right.element.resource.rawValue, right.element.id, right.offset)
        }
        .map(\.element)
    }
}

extension Database {
    /// The one number that a query about an instant gives; 0 when there is none.
    fileprivate func number(_ sql: StaticString, _ instant: Instant) throws -> Int64 {
        let statement = try statement(sql)
        defer { statement.reset() }
        statement.bind(instant.microseconds, at: 1)
        return try statement.step() ? statement.integer(0) : 0
    }

    /// The one number that a query gives; 0 when there is none.
    func largestRow(_ sql: StaticString) throws -> Int64 {
        let statement = try statement(sql)
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : 0
    }

    /// The one instant that a query gives, or none.
    func instant(_ sql: StaticString) throws -> Instant? {
        let statement = try statement(sql)
        defer { statement.reset() }
        return try statement.step() ? statement.optionalInstant(0) : nil
    }
}
