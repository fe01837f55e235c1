import Sandboxes
package import Time

/// One row of the backfill table, with what its target workflow adds to it.
package struct Backfill: Sendable, Hashable {
    /// Its place in the order of insertion.
    package let row: Int64
    package let id: String
    package let targetWorkflowID: Int64
    package let targetWorkflowName: String?
    package let targetAutonomyType: String?
    /// As backfills spell it: `ticket`.
    package let entityType: String
    /// The client's own JSON text.
    package let filterSpec: String
    /// JSON text: the days that were sent, no others.
    package let dailyExecutionWindows: String
    package let timezone: String
    package let maxInFlight: Int64
    package let totalEstimated: Int64?
    package let state: BackfillRunState
    package let processedCount: Int64
    package let succeededCount: Int64
    package let failedCount: Int64
    package let createdAt: Instant
    package let startedAt: Instant?
    package let completedAt: Instant?
    package let createdBy: String
    package let error: String?
    package let parentBackfillRunID: String?
    /// Whether it may still change without a call, or with one.
    let isMoving: Bool
}

/// What a create asks for, once it is known to be valid.
package struct NewBackfill: Sendable {
    package var target: TargetWorkflow
    package var entityType: String
    package var filterSpec: String
    package var dailyExecutionWindows: String
    package var timezone: String
    package var maxInFlight: Int64
    package var totalEstimated: Int64?
    package var createdBy: String
    package var parentBackfillRunID: String?

    package init(
        target: TargetWorkflow, entityType: String, filterSpec: String, dailyExecutionWindows: String, timezone: String,
        maxInFlight: Int64, totalEstimated: Int64?, createdBy: String, parentBackfillRunID: String? = nil
    ) {
        self.target = target
        self.entityType = entityType
        self.filterSpec = filterSpec
        self.dailyExecutionWindows = dailyExecutionWindows
        self.timezone = timezone
        self.maxInFlight = maxInFlight
        self.totalEstimated = totalEstimated
        self.createdBy = createdBy
        self.parentBackfillRunID = parentBackfillRunID
    }
}

/// The frozen set of a new backfill, in order.
package enum NewEntities: Sendable, Hashable {
    case listed([String])
    /// So many that no row of the sandbox describes, with ids new to the backfill.
    case synthetic(count: Int)

    package var count: Int {
        switch self {
        case .listed(let ids): ids.count
        case .synthetic(let count): count
        }
    }

    var isSynthetic: Bool { if case .synthetic = self { true } else { false } }

    /// What the ids of a backfill's synthetic entities begin with; their numbers, from 1, follow.
    ///
    /// Choice: twelve digits of the backfill's own id (docs/FIDELITY.md, "Scenarios").
    static func syntheticPrefix(backfillID: String) -> String {
        "sim-\(String(backfillID.filter { $0 != "-" }.prefix(12)))-"
    }
}
