import SQLite

extension World {
    /// How many things of each kind the sandbox holds.
    package struct Counts: Sendable, Hashable {
        package let agents, entities, backfills, executions, agentConfigs, runs: Int64
    }

    package func counts() throws -> Counts {
        let statement = try database.statement(
            """
            SELECT (SELECT count(*) FROM agent), (SELECT count(*) FROM entity), (SELECT count(*) FROM backfill),
                (SELECT count(*) FROM execution), (SELECT count(*) FROM agent_config), (SELECT count(*) FROM run)
            """)
        defer { statement.reset() }
        guard try statement.step() else { throw SandboxDamaged(reason: "it cannot be counted") }
        return Counts(
            agents: statement.integer(0), entities: statement.integer(1), backfills: statement.integer(2),
            executions: statement.integer(3), agentConfigs: statement.integer(4), runs: statement.integer(5))
    }

    /// How many backfills and runs are not at an end.
    func activeWork() throws -> (backfills: Int, runs: Int) {
        let statement = try database.statement(
            """
            SELECT (SELECT count(*) FROM backfill WHERE completed_at IS NULL),
                (SELECT count(*) FROM run WHERE status IN ('queued', 'running', 'waiting'))
            """)
        defer { statement.reset() }
        guard try statement.step() else { throw SandboxDamaged(reason: "it cannot be counted") }
        return (Int(statement.integer(0)), Int(statement.integer(1)))
    }
}
