package import SQLite
package import Time

// Times are stored in microseconds. Those of work count from the start of the sandbox's clock, so that one image of a
// seed fits every start; what happened before, and does not move with it (`fixed`), counts from 1970.

extension Instant: SQLBindable {
    /// As work's times are stored.
    package func bind(to statement: Statement, at position: Int32) {
        (microseconds &- statement.origin).bind(to: statement, at: position)
    }
}

extension Statement {
    /// A time of work.
    package func instant(_ name: StaticString) -> Instant { Instant(microseconds: integer(name) &+ origin) }
    package func optionalInstant(_ name: StaticString) -> Instant? { isNull(name) ? nil : instant(name) }

    /// A time that does not move with the clock's start.
    package func fixedInstant(_ name: StaticString) -> Instant { Instant(microseconds: integer(name)) }
    package func optionalFixedInstant(_ name: StaticString) -> Instant? { isNull(name) ? nil : fixedInstant(name) }

    /// The first column of all rows, and the statement ready for its next use.
    package func allIntegers() throws -> [Int64] {
        defer { reset() }
        var values: [Int64] = []
        while try step() { values.append(integer) }
        return values
    }

    /// The first column of all rows as texts, and the statement ready for its next use.
    package func allTexts() throws -> [String] {
        defer { reset() }
        var values: [String] = []
        while try step() { values.append(text) }
        return values
    }
}

extension Database {
    /// An instant as work's times are stored.
    package func stored(_ instant: Instant) -> Int64 { instant.microseconds &- origin }

    /// The one number that a query gives; 0 when there is none.
    package func number(_ sql: StaticString) throws -> Int64 {
        let statement = try statement(sql)
        defer { statement.reset() }
        return try statement.step() ? statement.integer : 0
    }

    /// The one number that a query about an instant gives; 0 when there is none.
    package func number(_ sql: StaticString, _ instant: Instant) throws -> Int64 {
        let statement = try statement(sql)
        defer { statement.reset() }
        statement.bind(instant, at: 1)
        return try statement.step() ? statement.integer : 0
    }

    /// The one time of work that a query gives, or none.
    package func instant(_ sql: StaticString) throws -> Instant? {
        try fixedInstant(sql).map { Instant(microseconds: $0.microseconds &+ origin) }
    }

    /// The one time that a query gives that does not move with the clock's start, or none.
    package func fixedInstant(_ sql: StaticString) throws -> Instant? {
        let statement = try statement(sql)
        defer { statement.reset() }
        return try statement.step() && !statement.isNull ? Instant(microseconds: statement.integer) : nil
    }
}
