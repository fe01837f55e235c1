import SQLite
package import Time

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
            let (end, settlement) = try settle(from: start, through: limit)
            try setNow(end, from: start)
            return AdvanceOutcome(
                now: end, reason: settlement.comesMore ? .limit : .idle,
                transitions: transitions + settlement.transitions)
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

    /// In `poll` mode, a look moves the clock on to the instant at which what is looked at goes on.
    package func pollClock(to next: Instant) throws {
        guard clock.mode == .poll else { return }
        let start = now
        try transaction {
            try advance(to: next)
            try setNow(max(next, start), from: start)
        }
    }

    private func setNow(_ instant: Instant, from start: Instant) throws {
        var changed = clock
        changed.set(to: instant, machine: machine())
        advanceRateTime(by: instant.microseconds - start.microseconds)
        try store(changed)
    }
}

// What becomes of a sandbox's time when the machine's clock is set back.
extension World {
    /// The machine's time, which never runs backwards here, whatever becomes of the machine's clock; nothing else in a
    /// sandbox reads it.
    func machine() -> Instant { steadyTime.read(machine: settings.machine()) }

    /// Takes the machine's time as it comes again: for contents whose clock begins with it.
    func beginTimeAnew() { steadyTime = SteadyTime() }

    /// How stale a file's clock may be, in microseconds of the machine's time.
    private static let clockKeptEvery: Int64 = 1_000_000

    /// Keeps in the file how far a running clock has come, once a second at most, and only with something else that is
    /// written.
    func keepClock() throws {
        let machine = machine()
        guard clock.mode == .real, machine.microseconds - clock.readAt.microseconds >= Self.clockKeptEvery else {
            return
        }
        var kept = clock
        kept.set(to: clock.now(machine: machine), machine: machine)
        try store(kept)
    }

    /// Lets the clock of a file go on from where it was, should the machine's have been set back meanwhile. What was
    /// done since the clock was kept last counts too; what is later than that has come by an import.
    func holdClock() throws {
        guard clock.mode == .real else { return }
        let machine = machine()
        let unkept = Int64(exactly: (Double(Self.clockKeptEvery) * clock.speed).rounded()) ?? .max
        let done = min(try latestTrace() ?? .earliest, clock.base.adding(microseconds: unkept))
        let reached = max(clock.now(machine: machine), done)
        if machine < clock.readAt || reached > clock.now(machine: machine) { clock.set(to: reached, machine: machine) }
    }
}
