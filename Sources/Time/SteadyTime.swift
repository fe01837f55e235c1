/// The machine's time as somebody counts it who must not see it run backwards: when the machine's clock is set back,
/// this goes on from the latest instant that it has shown, at the machine's pace.
package struct SteadyTime: Hashable, Sendable {
    private var latest = Instant.earliest
    /// How far it is ahead of the machine's, in microseconds.
    private var ahead: Int64 = 0

    package init() {}

    /// The time, when the machine's is that.
    package mutating func read(machine: Instant) -> Instant {
        let time = machine.adding(microseconds: ahead)
        guard time < latest else {
            latest = time
            return time
        }
        ahead = latest.microseconds - machine.microseconds
        return latest
    }
}
