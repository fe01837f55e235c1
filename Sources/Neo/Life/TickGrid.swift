package import Time

/// The instants at which a backfill's orchestrator wakes: every 30 seconds after the creation, to the calendar's end.
package struct TickGrid {
    let origin: Instant

    /// The ticks of a backfill that was created at that instant.
    package init(origin: Instant) { self.origin = origin }

    /// Microseconds from one tick to the next ("one orchestrator tick (~30s)").
    static let interval: Int64 = 30_000_000

    /// The first tick after that instant, or nil past the calendar's end.
    package func tick(after instant: Instant) -> Instant? { tick(number: ticksElapsed(at: instant) + 1) }

    /// The first tick at or after that instant, or nil past the calendar's end.
    func tick(from instant: Instant) -> Instant? {
        let last = self.last(through: instant)
        return last == instant && last > origin ? last : tick(after: instant)
    }

    /// The last tick at or before that instant; the creation when there was none.
    func last(through instant: Instant) -> Instant { tick(number: ticksElapsed(at: instant)) ?? origin }

    /// How far into a local interval the ticks fall, in microseconds, where local clocks are that far ahead of UTC.
    func phase(of tick: Instant, offset: Int64) -> Int64 {
        (tick.microseconds + offset * 1_000_000).flooredDivision(by: Self.interval).remainder
    }

    private func ticksElapsed(at instant: Instant) -> Int64 {
        max(0, (instant.microseconds - origin.microseconds) / Self.interval)
    }

    private func tick(number: Int64) -> Instant? {
        let microseconds = origin.microseconds + number * Self.interval
        return microseconds <= Instant.latest.microseconds ? Instant(microseconds: microseconds) : nil
    }
}

extension ExecutionWindows {
    /// Whether any of the local moments that lie `interval` microseconds apart, the first after `phase`, is in a
    /// window.
    func contain(anyOfEvery interval: Int64, phase: Int64) -> Bool {
        openSeconds.contains { stretch in
            let wait = (phase - stretch.lowerBound * 1_000_000).flooredDivision(by: interval).remainder
            return wait < Int64(stretch.count) * 1_000_000
        }
    }
}
