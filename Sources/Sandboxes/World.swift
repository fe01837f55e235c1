package import SQLite
package import Simulation

/// The inside of a sandbox: its database, clock and random numbers. Whoever has one holds the sandbox's lock.
package final class World {
    package let name: String
    package let database: Database
    /// The tenant that both APIs answer as.
    package let tenantID: String
    package internal(set) var clock: SandboxClock
    package internal(set) var random: SeededRandom
    package private(set) var rateLimitPlan: RateLimitPlan
    /// Requests counted against each API's rate limit, by the API's name.
    package var rateWindows: [String: [RateWindow]] = [:]
    /// How far advances of the clock have moved rate windows ahead of the machine's time, in microseconds.
    package internal(set) var rateTimeAhead: Int64 = 0
    /// When there is work next, as far as it is known without asking the database.
    var knownDue = KnownDue()
    /// Execution windows by their text, which says all of them.
    var knownWindows: [String: DailyExecutionWindows] = [:]
    /// Bodies of answers that are still right.
    var knownBodies = KnownBodies()
    /// The entities that the last filter matched.
    var knownMatches: KnownMatches?
    /// The faults, in the order in which they were written; nil when they must be read again.
    var knownFaults: [Fault]?
    /// The same of the scenarios.
    var knownScenarios: [Scenario]?
    /// Scenarios that were there when a provider state was torn down, by name: the next one may name them.
    package var providerStates: [String: ScenarioRule] = [:]
    /// The machine's time; nothing else in a sandbox reads it.
    let machine: @Sendable () -> Instant

    /// Whether the database is a file, which also keeps what this has in memory.
    private let isStored: Bool
    /// Named copies of what an export holds.
    var snapshots: SnapshotShelf
    let snapshotLimits: SnapshotLimits

    /// A sandbox in memory, with those contents.
    init(
        name: String, tenantID: String, contents: SandboxContents, snapshots: SnapshotShelf,
        limits: SnapshotLimits, machine: @escaping @Sendable () -> Instant
    ) {
        self.name = name
        self.machine = machine
        self.snapshots = snapshots
        snapshotLimits = limits
        isStored = false
        self.tenantID = tenantID
        database = Database(contents.image)
        (clock, random, rateLimitPlan) = (contents.clock, contents.random, contents.rateLimitPlan)
    }

    /// Opens what a sandbox's file, migrated, holds.
    init(
        name: String, file: Database, snapshots: SnapshotShelf, limits: SnapshotLimits,
        machine: @escaping @Sendable () -> Instant
    ) throws {
        self.name = name
        self.machine = machine
        self.snapshots = snapshots
        snapshotLimits = limits
        isStored = true
        database = file
        let row = try WorldRow(reading: file)
        (tenantID, clock, random, rateLimitPlan) = (row.tenantID, row.clock, row.random, row.rateLimitPlan)
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
                // Here a question takes no locks of its own.
                _ = try earliestDue()
                if isStored, random.position != before.0.position {
                    try database.run("UPDATE sandbox SET random_position = ?", Int64(bitPattern: random.position))
                }
                return result
            }
        } catch {
            (random, clock, rateTimeAhead) = before
            forgetKnown()
            throw error
        }
    }

    /// Brings everything up to an instant and then does the work, in one transaction. When the work throws, only what it did
    /// stays undone: else everybody who is refused would do again what had fallen due.
    package func transaction<Result>(advancingTo now: Instant, _ work: () throws -> Result) throws -> Result {
        guard try isDue(at: now) else { return try transaction(work) }
        do {
            return try transaction {
                try advance(to: now)
                return try work()
            }
        } catch {
            _ = try? advance(to: now)
            throw error
        }
    }

    /// Forgets what is kept in memory of rows that may have changed back.
    private func forgetKnown() {
        knownDue = KnownDue()
        knownFaults = nil
        knownScenarios = nil
    }

    /// Keeps no further files beside the database's own, so that what still works on it is undisturbed by, and does not
    /// disturb, another file that gets its name.
    func detach() throws {
        snapshots = .memory([:])
        if isStored { try database.execute(script: "PRAGMA journal_mode = MEMORY") }
    }

    /// To be called when nobody looks any more: what the database has borrowed to be read goes to the next who does.
    func rest() { database.rest() }

    /// Sets the clock. Only inside a transaction.
    func store(_ changed: SandboxClock) throws {
        clock = changed
        guard isStored else { return }
        try database.run(
            "UPDATE sandbox SET clock_mode = ?, clock_speed = ?, clock_now = ?, clock_read_at = ?",
            changed.mode.rawValue, changed.speed, changed.base.microseconds, changed.readAt.microseconds)
    }

    /// Replaces everything, in one step: whoever looks sees all of the old or of the new. The rate windows are empty then.
    func replaceContents(with contents: SandboxContents) throws {
        if isStored {
            try contents.database(tenantID: tenantID).copy(over: database)
        } else {
            database.share(contents.image)
        }
        (clock, random, rateLimitPlan) = (contents.clock, contents.random, contents.rateLimitPlan)
        rateWindows = [:]
        rateTimeAhead = 0
        knownMatches = nil
        forgetKnown()
    }
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
