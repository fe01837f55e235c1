import Glibc
import Simulation

/// The only place that reads the machine's wall clock; everything behind it has time handed in.
enum MachineTime {
    @Sendable static func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}

/// The only place that draws true randomness: for request ids, which are no part of a sandbox's world.
enum RandomSource {
    @Sendable static func uuid() -> String {
        var generator = SystemRandomNumberGenerator()
        return UUIDValue(version4High: generator.next(), low: generator.next()).description
    }
}
