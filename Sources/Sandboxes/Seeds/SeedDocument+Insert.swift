package import SQLite
package import Time

extension SeedDocument {
    /// Puts its lists into a database that is still empty, in one transaction: all of them or, when this throws, none.
    ///
    /// Credentials, the clock and the random seed are left to the caller. Throws a ``SeedRefusal`` when its relative
    /// times would reach beyond the calendar.
    ///
    /// - Returns: whether the rows are the same for every start of the clock.
    @discardableResult
    package func insert(into database: Database, start: Instant) throws -> Bool {
        try head.requireTimesInCalendar(start: start)
        return try database.transaction {
            let insertion = SeedInsertion(into: database, start: start)
            for part in parts { try part.insert(by: insertion) }
            for (index, scenario) in scenarios.enumerated() { try insertion.insert(scenario, number: index + 1) }
            for (index, fault) in faults.enumerated() { try insertion.insert(fault, number: index + 1) }
            return insertion.fitsEveryStart
        }
    }
}

extension SeedHead {
    /// Throws a ``SeedRefusal`` when its relative times would reach beyond the calendar.
    func requireTimesInCalendar(start: Instant) throws(SeedRefusal) {
        guard let times = relativeTimes else { return }
        let earliest = start.microseconds + times.lowerBound
        let latest = start.microseconds + times.upperBound
        guard earliest >= Instant.earliest.microseconds, latest <= Instant.latest.microseconds else {
            let message = "makes the document's relative times lie outside the years 1 to 9999"
            throw SeedRefusal(problems: [SeedProblem(place: "clock.start", message: message)])
        }
    }
}

extension SeedInsertion {
    fileprivate func insert(_ scenario: SeedScenario, number: Int) throws(SQLiteError) {
        try insert(
            "INSERT INTO scenario (name, resource, document, times, used, written) VALUES (?, ?, ?, ?, ?, ?)",
            scenario.name, scenario.rule.resource, scenario.rule.text, scenario.rule.times, scenario.used,
            number)
    }

    fileprivate func insert(_ fault: SeedFault, number: Int) throws(SQLiteError) {
        try insert(
            "INSERT INTO fault (name, document, times, matched, used, written) VALUES (?, ?, ?, ?, ?, ?)",
            fault.name, fault.rule.text, fault.rule.match.times, fault.matched, fault.used, number)
    }
}
