package import SQLite
package import Time

/// A module's part of a seed while a document is read: its items know where they came from.
package protocol SeedPartDraft: SendableMetatype {
    /// An empty one.
    init()
    /// Reads a document's members over what is here: lists are appended to.
    mutating func read(_ fields: inout SeedFields)
    /// Reports everything that does not hold across lists.
    func check(with checks: SeedChecks)
    /// What was read, without where it came from.
    var part: any SeedPart { get }
}

/// A module's part of a seed, checked.
package protocol SeedPart: Sendable {
    /// How many rows it makes, as far as that tells how long it takes.
    var rowCount: Int { get }
    /// Puts its rows into a database that has none of them.
    func insert(by insertion: SeedInsertion) throws
}

/// Where a seed's rows go, and when the sandbox's clock starts.
package final class SeedInsertion {
    package let database: Database
    package let start: Instant
    /// Whether what was inserted so far is the same for every start of the clock.
    package private(set) var fitsEveryStart = true

    init(into database: Database, start: Instant) {
        self.database = database
        self.start = start
        database.origin = start.microseconds
    }

    /// A time of work, which counts from the clock's start. One that is given as a date fits this start alone.
    package func at(_ time: SeedTime) -> Instant {
        if !time.isRelative { fitsEveryStart = false }
        return time.resolved(start: start)
    }

    package func at(_ time: SeedTime?) -> Instant? { time.map { at($0) } }

    /// A time that does not move with the clock's start, as it is stored. One that counts from there fits this start
    /// alone.
    package func fixed(_ time: SeedTime) -> Int64 {
        if time.isRelative { fitsEveryStart = false }
        return time.resolved(start: start).microseconds
    }

    package func fixed(_ time: SeedTime?) -> Int64? { time.map { fixed($0) } }

    /// Runs a literal INSERT.
    package func insert<each Value: SQLBindable>(
        _ sql: StaticString, _ values: repeat each Value
    ) throws(SQLiteError) {
        let statement = try database.statement(sql)
        var position = 0
        for value in repeat each values {
            position += 1
            statement.bind(value, at: position)
        }
        _ = try statement.step()
        statement.reset()
    }
}
