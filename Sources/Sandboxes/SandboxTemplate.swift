package import Simulation
import SQLite
import Synchronization

/// A seed made ready: the image that new sandboxes share until they write.
package final class SandboxTemplate: Sendable {
    private let seed: SandboxSeed
    /// A clock that goes before what the document and the server's options say; nil when none was asked for.
    let askedClock: SeedClock?
    /// The database already filled. A seed without relative times needs one; otherwise the last one made is kept, which
    /// serves every clock that stands still, and is what the next one is made from.
    private let filled = Mutex<SeedImage?>(nil)

    package init(_ seed: SandboxSeed, clock: SeedClock? = nil) {
        self.seed = seed
        askedClock = clock
    }

    /// What the seed says beside its rows, with the clock that was asked for.
    var head: SeedHead {
        get throws {
            var head = try seed.head
            if let askedClock { head.clock = head.clock?.changed(by: askedClock) ?? askedClock }
            return head
        }
    }

    /// What a sandbox made from the seed starts with.
    ///
    /// - Parameters:
    ///   - random: what ids are drawn from.
    ///   - clock: what its clock will be; relative times in the seed count from its start.
    package func contents(
        random: SeededRandom, clock: SandboxClock, otherwisePlan plan: RateLimitPlan = .scale
    ) throws -> SandboxContents {
        let head = try head
        return SandboxContents(
            image: try filledImage(start: clock.start, hasRelativeTimes: head.hasRelativeTimes), clock: clock,
            random: random, rateLimitPlan: head.rateLimitPlan.flatMap(RateLimitPlan.init) ?? plan)
    }

    /// Where the clock of a new sandbox stands: a real one starts at the machine's time, the others where the seed says.
    package func initialClock(mode: SandboxClock.Mode?, speed: Double?, machineNow: Instant) throws -> SandboxClock {
        let asked = try head.clock
        let mode = mode ?? asked?.mode ?? .real
        let now = mode == .real ? machineNow : asked?.now ?? Self.defaultNow
        return SandboxClock(
            mode: mode, speed: speed ?? asked?.speed ?? 1,
            start: mode == .real ? now : asked?.start ?? now, base: now, readAt: machineNow)
    }

    /// Where a clock that does not follow the machine's starts when the seed does not say: a Monday.
    package static let defaultNow = Instant(rfc3339: "2026-03-02T09:00:00Z") ?? .earliest

    private func filledImage(start: Instant, hasRelativeTimes: Bool) throws -> DatabaseImage {
        try filled.withLock { kept in
            if let kept, kept.start == start || !hasRelativeTimes { return kept.image }
            let made = try kept?.moved(to: start, of: seed) ?? SeedImage(of: seed, start: start)
            kept = made
            return made.image
        }
    }
}
