package import Simulation
import SQLite
import Synchronization

/// A seed made ready: the image that new sandboxes share until they write.
package final class SandboxTemplate: Sendable {
    private let read: @Sendable () throws -> SeedDocument
    /// A clock that goes before what the document and the server's options say; nil when none was asked for.
    let askedClock: SeedClock?
    private let known = Mutex<SeedDocument?>(nil)
    /// The database already filled. A seed without relative times needs one; otherwise the last one made is kept, which
    /// serves every clock that stands still, and is what the next one is made from.
    private let filled = Mutex<SeedImage?>(nil)

    /// A template of a seed that is read when it is needed first.
    package init(_ document: @autoclosure @escaping @Sendable () throws -> SeedDocument, clock: SeedClock? = nil) {
        read = document
        askedClock = clock
    }

    package var document: SeedDocument {
        get throws {
            try known.withLock { known in
                if let known { return known }
                var document = try read()
                if let askedClock { document.clock = document.clock?.changed(by: askedClock) ?? askedClock }
                known = document
                return document
            }
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
        let document = try document
        return SandboxContents(
            image: try filledImage(of: document, start: clock.start), clock: clock, random: random,
            rateLimitPlan: document.rateLimitPlan.flatMap(RateLimitPlan.init) ?? plan)
    }

    /// Where the clock of a new sandbox stands: a real one starts at the machine's time, the others where the seed says.
    package func initialClock(mode: SandboxClock.Mode?, speed: Double?, machineNow: Instant) throws -> SandboxClock {
        let document = try document
        let mode = mode ?? document.clock?.mode ?? .real
        let now = mode == .real ? machineNow : document.clock?.now ?? Self.defaultNow
        return SandboxClock(
            mode: mode, speed: speed ?? document.clock?.speed ?? 1,
            start: mode == .real ? now : document.clock?.start ?? now, base: now, readAt: machineNow)
    }

    /// Where a clock that does not follow the machine's starts when the seed does not say: a Monday.
    package static let defaultNow = Instant(rfc3339: "2026-03-02T09:00:00Z") ?? .earliest

    private func filledImage(of document: SeedDocument, start: Instant) throws -> DatabaseImage {
        try filled.withLock { kept in
            if let kept, kept.start == start || !document.hasRelativeTimes { return kept.image }
            let made = try kept?.moved(to: start, of: document) ?? SeedImage(of: document, start: start)
            kept = made
            return made.image
        }
    }
}
