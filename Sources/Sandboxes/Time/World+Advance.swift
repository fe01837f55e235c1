package import Time

extension World {
    private var kinds: [any Workload.Type] { settings.modules.workloads }

    private func workload(_ kind: Int) -> any Workload { kinds[kind].init(world: self) }

    private var workloads: [any Workload] { kinds.map { $0.init(world: self) } }

    private func number(of type: any Workload.Type) -> Int? { kinds.firstIndex { $0 == type } }

    /// When work of that kind is due may have changed.
    package func forgetDue(of type: any Workload.Type) { number(of: type).map { knownDue.forget($0) } }

    /// There is work of that kind at that instant too.
    package func bringDue(of type: any Workload.Type, to instant: Instant) {
        number(of: type).map { knownDue.bring($0, to: instant) }
    }

    /// Brings everything that is active up to an instant, and gives the changes of state in order of time.
    ///
    /// What it does depends on the instant alone, not on how often or when somebody looked before.
    @discardableResult
    package func advance(to now: Instant) throws -> [Transition] {
        guard try isDue(at: now) else { return [] }
        return try transaction {
            var transitions: [Transition] = []
            for kind in kinds.indices where try isDue(kind, at: now) {
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
        knownDue.forgetAll()
        whole.transitions += try advance(to: end)
        whole.transitions = whole.transitions.inOrderOfTime
        return (end, whole)
    }

    /// The latest instant that anything in the sandbox was made or changed at.
    func latestTrace() throws -> Instant? { try workloads.compactMap { try $0.latestTrace() }.max() }

    /// Whether anything has fallen due by then.
    package func isDue(at now: Instant) throws -> Bool { try earliestDue().map { $0 <= now } ?? false }

    /// Whether what has fallen due by then takes a few milliseconds at most.
    package func dueIsBrief(at now: Instant) throws -> Bool {
        var weight: Int64 = 0
        for kind in kinds.indices where try isDue(kind, at: now) { weight += try workload(kind).weight(dueBy: now) }
        return weight <= Self.briefWork
    }

    /// So many rows are written within a few milliseconds.
    private static let briefWork: Int64 = 500

    private func isDue(_ kind: Int, at now: Instant) throws -> Bool {
        try earliestDue(of: kind).map { $0 <= now } ?? false
    }

    /// The earliest instant at which anything has work, from memory when it is known; nil when nothing has without a
    /// call.
    func earliestDue() throws -> Instant? {
        var earliest: Instant?
        for kind in kinds.indices {
            guard let due = try earliestDue(of: kind) else { continue }
            earliest = min(earliest ?? due, due)
        }
        return earliest
    }

    private func earliestDue(of kind: Int) throws -> Instant? {
        if let known = knownDue[kind] {
            // Tests run with this: whatever they do, what is known has to be what the database says.
            assert(agrees(known, with: kind), "\(kinds[kind]): \(known) is not so")
            return known.instant
        }
        let instant = try workload(kind).earliestDue()
        knownDue[kind] = .init(instant: instant)
        return instant
    }

    /// Whether the database says the same, if it says anything.
    private func agrees(_ known: KnownDue.Answer, with kind: Int) -> Bool {
        do { return try workload(kind).earliestDue() == known.instant } catch { return true }
    }
}

extension [Transition] {
    /// By time; what happened to one thing at one instant stays in its order.
    fileprivate var inOrderOfTime: [Transition] {
        enumerated().sorted { left, right in
            (left.element.at, left.element.resource, left.element.id, left.offset)
                < (right.element.at, right.element.resource, right.element.id, right.offset)
        }
        .map(\.element)
    }
}
