package import Time

/// One run of an agent on one entity: what is stored of it, from which its present state follows.
package struct Execution: Sendable, Hashable {
    /// What has become of an execution.
    ///
    /// Choice: the words (docs/FIDELITY.md, "Executions"). Nothing here is ever QUEUED or SKIPPED.
    package enum Status: String, CaseIterable, Sendable {
        case queued = "QUEUED"
        case running = "RUNNING"
        case success = "SUCCESS"
        case failed = "FAILED"
        case skipped = "SKIPPED"
    }

    /// What can be said of an execution at one instant.
    package struct State: Sendable, Hashable {
        package let status: Status
        package let updatedAt: Instant
        /// How long it has taken so far, or has taken in all.
        package let microsecondsSpent: Int64
        package let messageForDashboard: String?
        package let error: String?
    }

    package let id: String
    package let agentID: Int64
    package let agentName: String
    package let entityID: String
    package let entityNumber: String?
    package let createdAt: Instant
    /// Until then it is running.
    let endsAt: Instant
    let succeeds: Bool
    let messageForDashboard: String?
    let error: String?
    /// Its place in lists, which is above that of all older ones: when it was made, its backfill's row and its place in
    /// the backfill's set (0 without one), its own row.
    package let sortKey: [Int64]

    /// How many integers a ``sortKey`` has.
    package static let sortKeyLength = 4

    /// When it ended, from when on its state is always the same; nil when it has not yet.
    package func end(by now: Instant) -> Instant? { now < endsAt ? nil : endsAt }

    /// Its state at an instant: RUNNING until it ends, and from that instant on what came of it.
    package func state(at now: Instant) -> State {
        if now < endsAt {
            return State(
                status: .running, updatedAt: createdAt,
                microsecondsSpent: max(0, now.microseconds - createdAt.microseconds), messageForDashboard: nil,
                error: nil)
        }
        return State(
            status: succeeds ? .success : .failed, updatedAt: endsAt,
            microsecondsSpent: endsAt.microseconds - createdAt.microseconds,
            messageForDashboard: messageForDashboard, error: error)
    }
}

/// Which executions a list shall have; nil lets all pass.
package struct ExecutionFilter: Sendable, Hashable {
    package var agentID: Int64?
    package var entityID: String?
    package var entityNumber: String?
    package var statuses: Set<Execution.Status>?

    package init(
        agentID: Int64? = nil, entityID: String? = nil, entityNumber: String? = nil,
        statuses: Set<Execution.Status>? = nil
    ) {
        self.agentID = agentID
        self.entityID = entityID
        self.entityNumber = entityNumber
        self.statuses = statuses
    }

    /// Whether an index leads to the few that it can pass at all.
    var isSelective: Bool { entityID != nil || entityNumber != nil || passesOnlyRunning }
    /// Whether it passes none that has ended.
    var passesOnlyRunning: Bool { statuses.map { $0.isDisjoint(with: [.success, .failed]) } ?? false }
}
