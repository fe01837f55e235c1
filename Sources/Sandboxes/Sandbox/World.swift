package import SQLite
package import Time

/// The inside of a sandbox: its database, clock and random numbers. Whoever has one holds the sandbox's lock.
package final class World {
    package let name: String
    package let database: Database
    /// The tenant that all APIs answer as.
    package let tenantID: String
    package internal(set) var clock: SandboxClock
    package var random: SeededRandom
    /// The plan that sets the rate limits of modules that have plans.
    package internal(set) var rateLimitPlan: String
    /// Requests counted against each API's rate limit, by the API's name.
    package var rateWindows: [String: [RateWindow]] = [:]
    /// How far advances of the clock have moved rate windows ahead of the machine's time, in microseconds.
    package internal(set) var rateTimeAhead: Int64 = 0
    /// When there is work next, as far as it is known without asking the database.
    var knownDue: KnownDue
    /// Bodies of answers that are still right.
    var knownBodies = KnownBodies()
    /// What modules have found out about the contents, one of each type.
    var caches: [any WorldCache] = []
    /// The scenarios and faults.
    var rules = RuleShelf()
    /// Scenarios that were there when a provider state was torn down, by name: the next one may name them.
    package var providerStates: [String: ScenarioRule] = [:]
    let settings: WorldSettings
    /// What ``machine()`` goes by.
    var steadyTime = SteadyTime()

    /// Whether the database is a file, or will be one with the first write: it also keeps what this has in memory.
    let isStored: Bool
    /// Named copies of what an export holds.
    var snapshots: SnapshotShelf
    /// Whether the image that nothing was written to yet is one that other sandboxes read as well: it counts for none.
    var sharesImage = false
    /// How many writes there were since the database was counted; the first one is.
    private var uncountedWrites = 7
    /// Clock and random numbers as they were when the transaction began that is under way: a file that is made in its
    /// midst has these, in case it is never committed.
    private var settled: (clock: SandboxClock, random: SeededRandom)?
    /// Called before the first write, which it prevents by throwing.
    let willWrite: () throws -> Void
    /// Why the first write did not come about, when that was no error of SQLite's.
    private var firstWriteRefusal: (any Error)?

    /// A sandbox to which nothing was ever written, with those contents.
    ///
    /// - Parameters:
    ///   - willWrite: called before the first write, which it prevents by throwing.
    ///   - file: makes a file of the contents, for the database to go on with; nil keeps everything in memory.
    init(
        name: String, tenantID: String, contents: SandboxContents, settings: WorldSettings, snapshots: SnapshotShelf,
        willWrite: @escaping () throws -> Void = {}, file: ((SandboxContents) throws -> Database)? = nil
    ) {
        self.name = name
        self.settings = settings
        knownDue = KnownDue(kinds: settings.modules.workloads.count)
        self.snapshots = snapshots
        self.willWrite = willWrite
        isStored = file != nil
        self.tenantID = tenantID
        database = Database(contents.image)
        (clock, random, rateLimitPlan) = (contents.clock, contents.random, contents.rateLimitPlan)
        sharesImage = contents.isShared
        database.origin = contents.clock.start.microseconds
        settings.limit(database)
        database.beforeFirstWrite = { [unowned self] (image) throws(SQLiteError) in
            try beforeFirstWrite(image, file)
        }
        if !sharesImage { countDatabase() }
    }

    /// Opens what a sandbox's file, migrated, holds.
    init(name: String, file: Database, snapshots: SnapshotShelf, settings: WorldSettings) throws {
        self.name = name
        self.settings = settings
        knownDue = KnownDue(kinds: settings.modules.workloads.count)
        self.snapshots = snapshots
        willWrite = {}
        isStored = true
        database = file
        let row = try WorldRow(reading: file)
        (tenantID, clock, random, rateLimitPlan) = (row.tenantID, row.clock, row.random, row.rateLimitPlan)
        file.origin = row.clock.start.microseconds
        settings.limit(database)
        countDatabase()
        try settings.account.countStoredSnapshots { try snapshots.all().reduce(0) { $0 + $1.sizeBytes } }
        try holdClock()
    }

    private func beforeFirstWrite(
        _ image: DatabaseImage, _ file: ((SandboxContents) throws -> Database)?
    ) throws(SQLiteError) -> Database? {
        do {
            guard settings.account.importAllowance >= image.count else { throw SandboxFull(settings.account) }
            try willWrite()
            return try file?(
                SandboxContents(
                    image: image, clock: settled?.clock ?? clock, random: settled?.random ?? random,
                    rateLimitPlan: rateLimitPlan))
        } catch let error as SQLiteError {
            throw error
        } catch {
            firstWriteRefusal = error
            throw SQLiteError.prevented("\(error)")
        }
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
        // One inside another can be undone only with that one.
        let isWhole = !database.isInTransaction
        if isWhole {
            rules.begin()
            settled = (clock, random)
        }
        defer { if isWhole { settled = nil } }
        defer { if isWhole { countNowAndThen() } }
        do {
            let result = try database.transaction {
                let result = try work()
                // Here a question takes no locks of its own.
                _ = try earliestDue()
                if isStored, database.shared == nil { try keepClock() }
                if isStored, random.position != before.0.position {
                    try database.run("UPDATE sandbox SET random_position = ?", Int64(bitPattern: random.position))
                }
                return result
            }
            if isWhole { rules.settle() }
            return result
        } catch {
            (random, clock, rateTimeAhead) = before
            knownDue.forgetAll()
            if isWhole { rules.undo() } else { rules.forget() }
            throw refusal(for: error)
        }
    }

    /// What an error of the store means for whoever asked.
    func refusal(for error: any Error) -> any Error {
        if let refusal = firstWriteRefusal.take() { return refusal }
        guard (error as? SQLiteError)?.isFull == true, database.diskHasRoom else { return error }
        return SandboxFull(settings.account)
    }

    func countDatabase() {
        let bytes = (try? database.byteCount()) ?? 0
        if database.shared != nil {
            let counted = sharesImage ? 0 : bytes
            settings.account.setDatabase(bytes: counted, inMemory: counted)
        } else {
            settings.account.setDatabase(
                bytes: bytes, inMemory: WorldSettings.connectionBytes + (isStored ? 0 : bytes))
        }
    }

    /// Counts after some writes, for it takes a while, and after each where there is little room left.
    private func countNowAndThen() {
        uncountedWrites += 1
        guard uncountedWrites >= 8 || settings.account.room < 4 << 20 else { return }
        uncountedWrites = 0
        countDatabase()
    }

    /// What is kept when the database is closed: of a file, its size.
    func countClosed() {
        settings.account.setDatabase(bytes: isStored ? (try? database.byteCount()) ?? 0 : 0, inMemory: 0)
    }

    /// Whether it holds so much that to go through all of it takes more than a few milliseconds.
    package var isLarge: Bool { (database.shared?.count ?? settings.account.databaseBytes) > 4 << 20 }

    /// Whether its snapshots hold so much that to put one in its place takes more than a few milliseconds.
    package var hasLargeSnapshots: Bool { settings.account.used - settings.account.databaseBytes > 4 << 20 }

    /// Whether nothing was ever written to it, and the first write makes a file, which takes a while.
    package var needsFile: Bool { isStored && database.shared != nil }

    /// Brings everything up to an instant and then does the work, in one transaction. When the work throws, only what
    /// it did stays undone: else everybody who is refused would do again what had fallen due.
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

    /// Keeps no further files beside the database's own, so that what still works on it is undisturbed by, and does not
    /// disturb, another file that gets its name.
    func detach() throws {
        snapshots = .memory([:])
        if isStored, database.shared == nil { try database.execute(script: "PRAGMA journal_mode = MEMORY") }
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
}
