package import Time
import SQLite
import Synchronization

/// A seed made ready: the image that new sandboxes share until they write.
package final class SandboxTemplate: Sendable {
    private enum Source {
        /// A seed, and a clock that goes before what it and the server's options say.
        case seed(SandboxSeed, clock: SeedClock?)
        /// A recipe's text that is not read yet, and the seed for one that names none.
        case kept(String, otherwise: SandboxSeed)
    }

    private let source: Mutex<Source>
    private let modules: Modules
    private let maximumBytes: Int
    /// Whether making a sandbox of it takes more than a few milliseconds.
    let isLarge: Bool
    /// A seed's database, and the clock's start that it is for; nil is for every start.
    private struct Filled {
        let image: DatabaseImage
        let start: Instant?
    }

    private let filled = Mutex<Filled?>(nil)

    /// - Parameter maximumBytes: how large the database may be.
    package init(_ seed: SandboxSeed, modules: Modules, clock: SeedClock? = nil, maximumBytes: Int = .max) {
        self.modules = modules
        self.maximumBytes = maximumBytes
        source = Mutex(.seed(seed, clock: clock))
        if case .document(let document) = seed { isLarge = document.isLarge } else { isLarge = false }
    }

    /// A template of a recipe that was kept: it is read when it is first needed.
    init(kept text: String, otherwise seed: SandboxSeed, modules: Modules) {
        self.modules = modules
        maximumBytes = .max
        source = Mutex(.kept(text, otherwise: seed))
        isLarge = true
    }

    private func read() throws -> (seed: SandboxSeed, clock: SeedClock?) {
        try source.withLock { source in
            switch source {
            case .seed(let seed, let clock): return (seed, clock)
            case .kept(let text, let otherwise):
                guard let recipe = SandboxRecipe(kept: text, modules: modules) else {
                    throw SandboxDamaged(reason: "what it was made from cannot be read any more")
                }
                let seed = recipe.seed ?? otherwise
                source = .seed(seed, clock: recipe.clock)
                return (seed, recipe.clock)
            }
        }
    }

    private var seed: SandboxSeed { get throws { try read().seed } }

    /// The clock that was asked for; nil when none was.
    var askedClock: SeedClock? { get throws { try read().clock } }

    /// What the seed says beside its rows, with the clock that was asked for.
    var head: SeedHead {
        get throws {
            let (seed, askedClock) = try read()
            var head = try seed.head(modules)
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
        random: SeededRandom, clock: SandboxClock, otherwisePlan plan: String? = nil
    ) throws -> SandboxContents {
        let head = try head
        let filled = try filled(start: clock.start)
        return SandboxContents(
            image: filled.image, clock: clock, random: random,
            rateLimitPlan: head.rateLimitPlan ?? plan ?? modules.usualPlan,
            // What is for one start of a clock that runs is one sandbox's.
            isShared: filled.start == nil || clock.mode != .real)
    }

    /// Where the clock of a new sandbox stands: a real one starts at the machine's time, the others where the seed
    /// says.
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

    /// The last one that was made, if it is for that start too.
    private func filled(start: Instant) throws -> Filled {
        let seed = try seed
        try seed.requireTimesInCalendar(start: start, modules)
        return try filled.withLock { kept in
            if let kept, kept.start == nil || kept.start == start { return kept }
            let made = try fill(seed, start: start)
            kept = made
            return made
        }
    }

    private func fill(_ seed: SandboxSeed, start: Instant) throws -> Filled {
        if case .builtIn(let seed) = seed, let image = try modules.preparedImage(of: seed) {
            return Filled(image: image, start: nil)
        }
        let database = try Database()
        database.allowedBytes = { [maximumBytes] in maximumBytes }
        try Schema.migrate(database, modules)
        let fitsEveryStart = try seed.document(modules).insert(into: database, start: start)
        return Filled(image: try database.image(), start: fitsEveryStart ? nil : start)
    }
}
