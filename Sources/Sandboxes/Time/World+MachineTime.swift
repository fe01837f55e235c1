import SQLite
import Time

// What becomes of a sandbox's time when the machine's clock is set back.
extension World {
    /// The machine's time, which never runs backwards here, whatever becomes of the machine's clock; nothing else in a sandbox
    /// reads it.
    func machine() -> Instant { steadyTime.read(machine: settings.machine()) }

    /// Takes the machine's time as it comes again: for contents whose clock begins with it.
    func beginTimeAnew() { steadyTime = SteadyTime() }

    /// How stale a file's clock may be, in microseconds of the machine's time.
    private static let clockKeptEvery: Int64 = 1_000_000

    /// Keeps in the file how far a running clock has come, once a second at most, and only with something else that is written.
    func keepClock() throws {
        let machine = machine()
        guard clock.mode == .real, machine.microseconds - clock.readAt.microseconds >= Self.clockKeptEvery else {
            return
        }
        var kept = clock
        kept.set(to: clock.now(machine: machine), machine: machine)
        try store(kept)
    }

    /// Lets the clock of a file go on from where it was, should the machine's have been set back meanwhile. What was done since
    /// the clock was kept last counts too; what is later than that has come by an import.
    func holdClock() throws {
        guard clock.mode == .real else { return }
        let machine = machine()
        let unkept = Int64(exactly: (Double(Self.clockKeptEvery) * clock.speed).rounded()) ?? .max
        let done = min(try latestTrace() ?? .earliest, clock.base.adding(microseconds: unkept))
        let reached = max(clock.now(machine: machine), done)
        if machine < clock.readAt || reached > clock.now(machine: machine) { clock.set(to: reached, machine: machine) }
    }
}
