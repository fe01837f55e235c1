/// A sandbox's own time: a pure function of what was set and of the machine's time, which is handed in.
package struct SandboxClock: Hashable, Sendable {
    /// How time passes.
    package enum Mode: String, CaseIterable, Sendable {
        /// With the machine's time, at ``SandboxClock/speed`` times its pace.
        case real
        /// Only when it is told to.
        case manual
        /// As `manual`, but looking at one piece of work first moves it on by a little.
        case poll
    }

    package var mode: Mode
    package var speed: Double
    /// Where it stood when the sandbox was made; a reset goes back to it.
    package let start: Instant
    /// The sandbox's time at the machine's time ``readAt``.
    private(set) package var base: Instant
    private(set) package var readAt: Instant

    package init(mode: Mode, speed: Double, start: Instant, base: Instant, readAt: Instant) {
        self.mode = mode
        self.speed = speed
        self.start = start
        self.base = base
        self.readAt = readAt
    }

    /// The sandbox's present. The machine's time is one that never runs backwards: ``SteadyTime``.
    package func now(machine: Instant) -> Instant {
        guard mode == .real, machine > readAt else { return base }
        let elapsed = Double(machine.microseconds - readAt.microseconds) * speed
        return base.adding(microseconds: Int64(exactly: elapsed.rounded()) ?? .max)
    }

    /// Sets the present.
    package mutating func set(to now: Instant, machine: Instant) {
        base = now
        readAt = machine
    }
}
