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
    /// Whether another start of the clock moves its times without changing how they lie to each other in any of the lists that are kept
    /// in the order of time, nor in what is stored as text.
    var movesAsOne: Bool { get }
    /// Puts its rows into a database that has none of them.
    func insert(by insertion: SeedInsertion) throws
}

/// Where a seed's rows go, and when the sandbox's clock starts.
package struct SeedInsertion {
    package let database: Database
    package let start: Instant

    /// A time as it is stored.
    package func at(_ time: SeedTime) -> Int64 { time.resolved(start: start).microseconds }
    package func at(_ time: SeedTime?) -> Int64? { time.map { at($0) } }

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
