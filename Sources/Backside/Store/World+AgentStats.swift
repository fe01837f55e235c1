package import Sandboxes
package import Time
import SQLite

/// What the runs that were made within a stretch of time came to.
package struct AgentStats: Sendable, Hashable {
    /// How many runs stand in each status; those with none are left out.
    package fileprivate(set) var statuses: [String: Int64] = [:]
    /// The sum of the runs' costs, or the largest number when that does not fit.
    package fileprivate(set) var totalCostCents: Int64 = 0
    /// By kind, in its order.
    package fileprivate(set) var kinds: [OfKind] = []
    /// Of the runs that have failed: the most frequent category first, and then by name.
    package fileprivate(set) var failures: [Failures] = []

    package var totalRuns: Int64 { statuses.values.reduce(0, +) }

    /// The part of one kind of agent.
    package struct OfKind: Sendable, Hashable {
        package let agentKind: String
        package let runs: Int64
        package let succeeded: Int64
        package let failed: Int64
        package let averageCostCents: Double
        /// From the start of the first step to the end, over the runs that have both; nil when none has.
        package let averageSeconds: Double?
    }

    /// How often runs have failed for one category.
    package struct Failures: Sendable, Hashable {
        package let category: String
        package let count: Int64
    }
}

extension World {
    /// Aggregates the runs that were made after one instant and up to another.
    ///
    /// Choice: `created_at` decides, whatever has become of the run since (docs/FIDELITY.md, "Statistics"). Of runs
    /// that are enqueued at one instant it runs ahead by microseconds; they are made at that instant all the same.
    package func agentStats(after start: Instant, upTo end: Instant) throws -> AgentStats {
        var stats = AgentStats()
        try readStatuses(into: &stats, start, end)
        try readKinds(into: &stats, start, end)
        try readFailures(into: &stats, start, end)
        return stats
    }

    private func readStatuses(into stats: inout AgentStats, _ start: Instant, _ end: Instant) throws {
        // SQLite refuses a sum that overflows: the upper and lower halves are summed apart.
        let rows = try database.statement(
            """
            SELECT status, count(*) AS number, sum(cost_usd_cents >> 32) AS upper,
                sum(cost_usd_cents & 0xFFFFFFFF) AS lower
            FROM run WHERE created_at > ? AND enqueued_at <= ? GROUP BY status
            """)
        defer { rows.reset() }
        bind(start, end, to: rows)
        var upper: Int64 = 0
        var lower: Int64 = 0
        while try rows.step() {
            stats.statuses[rows.text("status")] = rows.integer("number")
            upper += rows.integer("upper")
            lower += rows.integer("lower")
        }
        let (scaled, overflow) = upper.multipliedReportingOverflow(by: 1 << 32)
        let (sum, carry) = scaled.addingReportingOverflow(lower)
        stats.totalCostCents = overflow || carry ? .max : sum
    }

    /// Choice: a run has no start of its own, so that of its first step, which is its claim, counts (docs/FIDELITY.md,
    /// "Statistics").
    private func readKinds(into stats: inout AgentStats, _ start: Instant, _ end: Instant) throws {
        let rows = try database.statement(
            """
            SELECT agent_kind, count(*) AS runs, count(*) FILTER (WHERE status = 'succeeded') AS succeeded,
                count(*) FILTER (WHERE status = 'failed') AS failed, avg(run.cost_usd_cents) AS cost,
                avg(updated_at - first.started_at) FILTER (
                    WHERE status IN ('succeeded', 'failed', 'cancelled')) / 1000000.0 AS seconds
            FROM run LEFT JOIN run_step first ON first.run = run.row AND first.seq = 1
            WHERE created_at > ? AND enqueued_at <= ? GROUP BY agent_kind ORDER BY agent_kind
            """)
        defer { rows.reset() }
        bind(start, end, to: rows)
        while try rows.step() {
            stats.kinds.append(
                AgentStats.OfKind(
                    agentKind: rows.text("agent_kind"), runs: rows.integer("runs"),
                    succeeded: rows.integer("succeeded"),
                    failed: rows.integer("failed"),
                    averageCostCents: rows.double("cost"),
                    averageSeconds: rows.isNull("seconds") ? nil : rows.double("seconds")))
        }
    }

    private func readFailures(into stats: inout AgentStats, _ start: Instant, _ end: Instant) throws {
        let rows = try database.statement(
            """
            SELECT failure_category, count(*) AS number FROM run
            WHERE created_at > ? AND enqueued_at <= ? AND status = 'failed' AND failure_category IS NOT NULL
            GROUP BY failure_category ORDER BY number DESC, failure_category
            """)
        defer { rows.reset() }
        bind(start, end, to: rows)
        while try rows.step() {
            stats.failures.append(
                AgentStats.Failures(category: rows.text("failure_category"), count: rows.integer("number")))
        }
    }

    private func bind(_ start: Instant, _ end: Instant, to statement: Statement) {
        statement.bind(start, at: 1)
        statement.bind(end, at: 2)
    }
}
