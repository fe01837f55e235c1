package import SQLite
package import Simulation

/// The inside of a sandbox: its database, clock and random numbers. Whoever has one holds the sandbox's lock.
package final class World {
    package let name: String
    package let database: Database
    /// The tenant that both APIs answer as.
    package private(set) var tenantID: String
    package internal(set) var clock: SandboxClock
    package internal(set) var random: SeededRandom
    package private(set) var rateLimitPlan: RateLimitPlan
    /// Requests counted against each API's rate limit, by the API's name.
    package var rateWindows: [String: [RateWindow]] = [:]
    /// How far advances of the clock have moved rate windows ahead of the machine's time, in microseconds.
    package internal(set) var rateTimeAhead: Int64 = 0
    /// When a backfill next has work, as far as it is known without asking the database.
    var knownDue: KnownDue?
    /// The entities that the last filter matched.
    var knownMatches: KnownMatches?
    /// The faults, in the order in which they were written; nil when they must be read again.
    var knownFaults: [Fault]?
    /// Scenarios that were there when a provider state was torn down, by name: the next one may name them.
    package var providerStates: [String: ScenarioRule] = [:]
    /// The machine's time; nothing else in a sandbox reads it.
    let machine: @Sendable () -> Instant

    /// Opens what a migrated and filled database holds.
    init(name: String, database: Database, machine: @escaping @Sendable () -> Instant) throws {
        self.name = name
        self.database = database
        self.machine = machine
        let row = try Self.readRow(database)
        (tenantID, clock, random, rateLimitPlan) = row
    }

    /// The sandbox's present.
    package var now: Instant { clock.now(machine: machine()) }

    /// The time that rate windows run on: the machine's, plus every advance of the sandbox's clock.
    package var rateTime: Instant { machine().adding(microseconds: rateTimeAhead) }

    /// Moves the rate windows' time on with the clock, to the calendar's end at most.
    func advanceRateTime(by microseconds: Int64) {
        let (sum, overflow) = rateTimeAhead.addingReportingOverflow(microseconds)
        rateTimeAhead = overflow ? .max : sum
    }

    /// Does the work in a transaction that also keeps how far the random numbers were drawn: all of it or nothing.
    package func transaction<Result>(_ work: () throws -> Result) throws -> Result {
        let before = (random, clock, rateTimeAhead)
        do {
            return try database.transaction {
                let result = try work()
                if random.position != before.0.position {
                    try database.run("UPDATE sandbox SET random_position = ?", Int64(bitPattern: random.position))
                }
                return result
            }
        } catch {
            (random, clock, rateTimeAhead) = before
            forgetDue()
            knownFaults = nil
            throw error
        }
    }

    /// To be called after anything that may change when there is work.
    func forgetDue() { knownDue = nil }

    /// Reads again what it keeps in memory, after the database was replaced under it.
    func reload() throws {
        forgetDue()
        knownFaults = nil
        knownMatches = nil
        (tenantID, clock, random, rateLimitPlan) = try Self.readRow(database)
    }

    private static func readRow(_ database: Database) throws -> (String, SandboxClock, SeededRandom, RateLimitPlan) {
        let row = try database.statement(
            """
            SELECT tenant_id, clock_mode, clock_speed, clock_start, clock_now, clock_read_at, random_seed,
                random_position, rate_limit_plan FROM sandbox
            """)
        defer { row.reset() }
        guard try row.step(), let mode = SandboxClock.Mode(rawValue: row.text(1)),
            let plan = RateLimitPlan(rawValue: row.text(8))
        else { throw SandboxDamaged(reason: "it has no sandbox row") }
        let clock = SandboxClock(
            mode: mode, speed: row.double(2), start: Instant(microseconds: row.integer(3)),
            base: Instant(microseconds: row.integer(4)), readAt: Instant(microseconds: row.integer(5)))
        let random = SeededRandom(
            seed: UInt64(bitPattern: row.integer(6)), position: UInt64(bitPattern: row.integer(7)))
        return (row.text(0), clock, random, plan)
    }
}

/// The answer to when there is work: at that instant, or never without a call.
struct KnownDue {
    let instant: Instant?
}

/// A Backside plan, which sets its rate limits.
package enum RateLimitPlan: String, CaseIterable, Sendable {
    case free, pro, scale
}

/// A database that is no sandbox's.
package struct SandboxDamaged: Error, CustomStringConvertible {
    package let reason: String
    package var description: String { "not a sandbox's database: \(reason)" }
}
