package import Sandboxes
package import Time
import SQLite

extension World {
    /// At most `limit` executions that a filter passes at an instant, newest first, those with a ``Execution/sortKey``
    /// below `key`.
    package func executions(
        _ filter: ExecutionFilter, after key: [Int64]?, limit: Int, at now: Instant
    ) throws -> [Execution] {
        let statement = try filter.isSelective ? selectedExecutions() : newestExecutions()
        defer { statement.reset() }
        for index in 0..<Execution.sortKeyLength {
            let part = key.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            let stored = index == 0 ? part.map { database.stored(Instant(microseconds: $0)) } : part
            statement.bind(stored ?? .max, at: index + 1)
        }
        statement.bind(filter.agentID, at: 5)
        statement.bind(filter.entityID, at: 6)
        statement.bind(filter.entityNumber, at: 7)
        statement.bind(now, at: 8)
        for (index, status) in [Execution.Status.running, .success, .failed].enumerated() {
            statement.bind(filter.statuses?.contains(status) ?? true, at: 9 + index)
        }
        statement.bind(limit, at: 12)
        if filter.isSelective { statement.bind(filter.passesOnlyRunning, at: 13) }
        var executions: [Execution] = []
        while try statement.step() { executions.append(Execution(statement)) }
        return executions
    }

    /// The execution with that id.
    package func execution(id: String) throws -> Execution? {
        let statement = try database.statement(
            """
            SELECT execution.*, agent.name AS agent_name FROM execution JOIN agent ON agent.id = agent_id
            WHERE execution.id = ?
            """)
        defer { statement.reset() }
        statement.bind(id, at: 1)
        return try statement.step() ? Execution(statement) : nil
    }

    /// Walks the index `execution_newest`, which has the list's order (NULL is its lowest), and stops at the limit.
    /// CROSS JOIN keeps SQLite from beginning with the agents.
    private func newestExecutions() throws(SQLiteError) -> Statement {
        try database.statement(
            """
            SELECT execution.*, agent.name AS agent_name FROM execution CROSS JOIN agent ON agent.id = agent_id
            WHERE (execution.created_at, coalesce(backfill, 0), coalesce(position, 0), row) < (?1, ?2, ?3, ?4)
                AND (?5 IS NULL OR agent_id = ?5) AND (?6 IS NULL OR entity_id = ?6)
                AND (?7 IS NULL OR entity_number = ?7)
                AND CASE WHEN ends_at > ?8 THEN ?9 WHEN outcome = 'SUCCESS' THEN ?10 ELSE ?11 END
            ORDER BY execution.created_at DESC, backfill DESC, position DESC, row DESC LIMIT ?12
            """)
    }

    /// As ``newestExecutions()``, but finds the few rows in question by other indexes, that of the entity's id through
    /// the agents, and sorts them.
    private func selectedExecutions() throws(SQLiteError) -> Statement {
        try database.statement(
            """
            SELECT execution.*, agent.name AS agent_name FROM execution CROSS JOIN agent ON agent.id = agent_id
            WHERE row IN (
                    SELECT row FROM agent CROSS JOIN execution ON agent_id = agent.id WHERE entity_id = ?6
                    UNION SELECT row FROM execution WHERE ?6 IS NULL AND entity_number = ?7
                    UNION SELECT row FROM execution WHERE ?6 IS NULL AND ?7 IS NULL AND ?13 AND ends_at > ?8)
                AND (execution.created_at, coalesce(backfill, 0), coalesce(position, 0), row) < (?1, ?2, ?3, ?4)
                AND (?5 IS NULL OR agent_id = ?5) AND (?7 IS NULL OR entity_number = ?7)
                AND CASE WHEN ends_at > ?8 THEN ?9 WHEN outcome = 'SUCCESS' THEN ?10 ELSE ?11 END
            ORDER BY +execution.created_at DESC, backfill DESC, position DESC, row DESC LIMIT ?12
            """)
    }
}

extension Execution {
    fileprivate init(_ row: Statement) {
        id = row.text("id")
        agentID = row.integer("agent_id")
        agentName = row.text("agent_name")
        entityID = row.text("entity_id")
        entityNumber = row.optionalText("entity_number")
        createdAt = row.instant("created_at")
        endsAt = row.instant("ends_at")
        succeeds = row.text("outcome") == "SUCCESS"
        messageForDashboard = row.optionalText("message_for_dashboard")
        error = row.optionalText("error")
        // NULL is read as 0.
        sortKey = [createdAt.microseconds, row.integer("backfill"), row.integer("position"), row.integer("row")]
    }
}
