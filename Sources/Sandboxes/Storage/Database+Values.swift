package import SQLite
package import Time

extension Database {
    /// The one number that a query gives; 0 when there is none.
    package func number(_ sql: StaticString) throws -> Int64 {
        let statement = try statement(sql)
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : 0
    }

    /// The one number that a query about an instant gives; 0 when there is none.
    package func number(_ sql: StaticString, _ instant: Instant) throws -> Int64 {
        let statement = try statement(sql)
        defer { statement.reset() }
        statement.bind(instant.microseconds, at: 1)
        return try statement.step() ? statement.integer(0) : 0
    }

    /// The one instant that a query gives, or none.
    package func instant(_ sql: StaticString) throws -> Instant? {
        let statement = try statement(sql)
        defer { statement.reset() }
        return try statement.step() ? statement.optionalInstant(0) : nil
    }
}

extension Statement {
    /// An INTEGER column of microseconds since 1970.
    package func instant(_ column: Int) -> Instant { Instant(microseconds: integer(column)) }
    package func optionalInstant(_ column: Int) -> Instant? {
        optionalInteger(column).map(Instant.init(microseconds:))
    }

    /// The first column of all rows, and the statement ready for its next use.
    package func allIntegers() throws -> [Int64] {
        defer { reset() }
        var values: [Int64] = []
        while try step() { values.append(integer(0)) }
        return values
    }

    /// The first column of all rows as texts, and the statement ready for its next use.
    package func allTexts() throws -> [String] {
        defer { reset() }
        var values: [String] = []
        while try step() { values.append(text(0)) }
        return values
    }
}
