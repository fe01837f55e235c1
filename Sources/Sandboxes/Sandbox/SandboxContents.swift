package import SQLite
package import Time

/// What an export holds, at one moment: a database's image, and what a ``World`` keeps in memory beside its database.
///
/// Reset, import, snapshot and restore hand these around. Name, tenant and credentials are no part of it.
package struct SandboxContents: Sendable {
    package let image: DatabaseImage
    package var clock: SandboxClock
    package let random: SeededRandom
    package let rateLimitPlan: String
    /// Whether other sandboxes read the image too.
    package var isShared = false

    /// A database in memory with all of it, the sandbox's row included: what a file is copied from.
    func database(tenantID: String) throws -> Database {
        let database = Database(image)
        try WorldRow(tenantID: tenantID, clock: clock, random: random, rateLimitPlan: rateLimitPlan).write(
            to: database)
        return database
    }
}

/// The row in which a file keeps what a ``World`` has in memory. A database in memory has none.
struct WorldRow {
    let tenantID: String
    let clock: SandboxClock
    let random: SeededRandom
    let rateLimitPlan: String
}

extension WorldRow {
    init(reading database: Database) throws {
        let row = try database.statement(
            """
            SELECT tenant_id, clock_mode, clock_speed, clock_start, clock_now, clock_read_at, random_seed,
                random_position, rate_limit_plan FROM sandbox
            """)
        defer { row.reset() }
        guard try row.step(), let mode = SandboxClock.Mode(rawValue: row.text("clock_mode")) else {
            throw SandboxDamaged(reason: "it has no sandbox row")
        }
        tenantID = row.text("tenant_id")
        clock = SandboxClock(
            mode: mode, speed: row.double("clock_speed"), start: Instant(microseconds: row.integer("clock_start")),
            base: Instant(microseconds: row.integer("clock_now")),
            readAt: Instant(microseconds: row.integer("clock_read_at")))
        random = SeededRandom(
            seed: UInt64(bitPattern: row.integer("random_seed")),
            position: UInt64(bitPattern: row.integer("random_position")))
        rateLimitPlan = row.text("rate_limit_plan")
    }

    func write(to database: Database) throws {
        try database.run(
            """
            INSERT OR REPLACE INTO sandbox (id, tenant_id, random_seed, random_position, rate_limit_plan, clock_mode,
                clock_speed, clock_start, clock_now, clock_read_at) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            tenantID, random.signedSeed, Int64(bitPattern: random.position), rateLimitPlan,
            clock.mode.rawValue, clock.speed, clock.start.microseconds, clock.base.microseconds,
            clock.readAt.microseconds)
    }
}
