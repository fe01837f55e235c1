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

/// The only place that draws true randomness: for request ids and fresh credentials, which are no part of a sandbox's world.
enum RandomSource {
    @Sendable static func uuid() -> String {
        var generator = SystemRandomNumberGenerator()
        return UUIDValue(version4High: generator.next(), low: generator.next()).description
    }

    /// So many letters and digits, each as likely as any other.
    @Sendable static func secret(length: Int) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var generator = SystemRandomNumberGenerator()
        let drawn = (0..<length).map { _ in alphabet[Int.random(in: alphabet.indices, using: &generator)] }
        return String(decoding: drawn, as: UTF8.self)
    }
}
