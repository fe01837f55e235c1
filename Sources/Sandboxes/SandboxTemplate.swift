package import Simulation
package import SQLite
import Synchronization

/// A seed made ready: what a new sandbox's database is copied from.
package final class SandboxTemplate: Sendable {
    package let document: SeedDocument
    /// A clock that goes before what the document and the server's options say; nil when none was asked for.
    let askedClock: SeedClock?
    /// Databases already filled, by the instant that their relative times count from. A seed without relative times
    /// needs one; otherwise only the last one made is kept, which serves every clock that stands still.
    private let filled = Mutex<(start: Instant, bytes: [UInt8])?>(nil)

    package init(_ document: SeedDocument, clock: SeedClock? = nil) {
        var document = document
        if let clock { document.clock = document.clock?.changed(by: clock) ?? clock }
        self.document = document
        askedClock = clock
    }

    /// A database in memory, filled from the seed.
    ///
    /// - Parameters:
    ///   - randomSeed: what ids are drawn from.
    ///   - clock: what its clock will be; relative times in the seed count from its start.
    package func makeDatabase(
        tenantID: String, randomSeed: Int64, randomPosition: Int64, clock: SandboxClock,
        otherwisePlan plan: RateLimitPlan = .scale
    ) throws -> Database {
        let database = try Database()
        try database.deserialize(try filledBytes(start: clock.start))
        try database.execute(script: "PRAGMA foreign_keys = ON")
        try database.run(
            """
            INSERT INTO sandbox (id, tenant_id, random_seed, random_position, rate_limit_plan, clock_mode, clock_speed,
                clock_start, clock_now, clock_read_at) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            tenantID, randomSeed, randomPosition, document.rateLimitPlan ?? plan.rawValue,
            clock.mode.rawValue, clock.speed, clock.start.microseconds, clock.base.microseconds,
            clock.readAt.microseconds)
        return database
    }

    /// Where the clock of a new sandbox stands: a real one starts at the machine's time, the others where the seed says.
    package func initialClock(mode: SandboxClock.Mode?, speed: Double?, machineNow: Instant) -> SandboxClock {
        let mode = mode ?? document.clock?.mode ?? .real
        let now = mode == .real ? machineNow : document.clock?.now ?? Self.defaultNow
        return SandboxClock(
            mode: mode, speed: speed ?? document.clock?.speed ?? 1,
            start: mode == .real ? now : document.clock?.start ?? now, base: now, readAt: machineNow)
    }

    /// Where a clock that does not follow the machine's starts when the seed does not say: a Monday.
    package static let defaultNow = Instant(rfc3339: "2026-03-02T09:00:00Z") ?? .earliest

    private func filledBytes(start: Instant) throws -> [UInt8] {
        try filled.withLock { kept in
            if let kept, kept.start == start || !document.hasRelativeTimes { return kept.bytes }
            let database = try Database()
            try Schema.migrate(database)
            try document.insert(into: database, start: start)
            let bytes = try database.serialized()
            kept = (start, bytes)
            return bytes
        }
    }
}
