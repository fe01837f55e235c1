package import Sandboxes
import JSON

/// A backfill of the Neo API, with what the simulation needs to go on with it.
package struct SeedBackfill: Hashable, Sendable {
    /// A signal that has not taken effect yet.
    package struct Signal: Hashable, Sendable {
        package let signal: String
        package let sentAt: SeedTime
    }

    package let id: String
    package let state: String
    package let targetWorkflowID: Int64
    package let entityType: String
    /// The client's own bytes.
    package let filterSpec: String
    package let dailyExecutionWindows: DailyExecutionWindows
    package let timezone: String
    package let maxInFlight: Int64
    package let totalEstimated: Int64?
    package let processedCount: Int64
    package let succeededCount: Int64
    package let failedCount: Int64
    package let startedAt: SeedTime?
    package let completedAt: SeedTime?
    package let createdBy: String
    package let createdAt: SeedTime
    package let error: String?
    package let parentBackfillRunID: String?
    /// The ids of the frozen set, in order.
    package let entities: [String]
    /// Whether a scenario made them up, so that they are not among the sandbox's entities.
    package let isSynthetic: Bool
    /// How many of them have been dispatched or dropped.
    package let nextEntity: Int64
    /// The last tick that was worked through.
    package let tickedAt: SeedTime?
    package let signals: [Signal]
    /// A JSON object of what scenarios do to it; nil for nothing.
    package let effects: String?

    package var isActive: Bool { NeoWords.activeStates.contains(state) }
}

/// One execution of an agent on an entity.
package struct SeedExecution: Hashable, Sendable {
    package let id: String
    package let agentID: Int64
    package let entityID: String
    package let entityNumber: String?
    package let backfillID: String?
    /// The entity's place in the backfill's set.
    package let position: Int64?
    package let createdAt: SeedTime
    /// Until then it is running.
    package let endsAt: SeedTime
    package let outcome: String
    package let messageForDashboard: String?
    package let error: String?
}

extension SeedBackfill {
    init(_ fields: inout SeedFields) {
        id = fields.name("id")
        state = fields.choice("state", NeoWords.activeStates + NeoWords.terminalStates)
        targetWorkflowID = fields.integer("target_workflow_id", in: SeedFields.amount)
        entityType = fields.choice("entity_type", NeoWords.entityTypes)
        filterSpec = fields.verbatimObject("filter_spec")
        dailyExecutionWindows = fields.windows("daily_execution_windows")
        timezone = fields.timezone("timezone")
        maxInFlight = fields.integer("max_in_flight", in: 1...10)
        totalEstimated = fields.integerOrNull("total_estimated", in: SeedFields.amount)
        succeededCount = fields.integer("succeeded_count", in: SeedFields.count, default: 0)
        failedCount = fields.integer("failed_count", in: SeedFields.count, default: 0)
        let sum = succeededCount + failedCount
        processedCount = fields.integer("processed_count", in: SeedFields.amount, default: sum)
        if processedCount != sum, fields.isSound("processed_count", "succeeded_count", "failed_count") {
            fields.refuse("processed_count", "must be succeeded_count + failed_count, which is \(sum)")
        }
        createdAt = fields.time("created_at")
        startedAt = fields.timeOrNull("started_at")
        completedAt = fields.timeOrNull("completed_at")
        createdBy = fields.text("created_by", default: "api-key")
        error = fields.textOrNull("error")
        parentBackfillRunID = fields.textOrNull("parent_backfill_run_id")
        let nodes = fields.elements("entities")
        entities = fields.texts("entities", nodes, "an entity's id") { _ in true }
        isSynthetic = fields.bool("synthetic", default: false)
        let most = fields.isSound("entities") ? Int64(nodes.count) : .max
        nextEntity = fields.integer("next_entity", in: 0...most, default: 0)
        // Nothing happened to it before it started.
        tickedAt = fields.timeOrNull("ticked_at") ?? (NeoWords.activeStates.contains(state) ? startedAt : nil)
        signals = SeedBackfill.signals(&fields)
        effects = SeedBackfill.effects(&fields)
        checkTimes(&fields)
        SeedBackfill.checkDerived(&fields)
    }

    /// In the order in which they take effect, which is that of their times.
    private static func signals(_ fields: inout SeedFields) -> [Signal] {
        var previous: SeedTime?
        return fields.list("signals") { fields, _ in
            let signal = Signal(signal: fields.choice("signal", NeoWords.signals), sentAt: fields.time("sent_at"))
            if let previous, fields.isSound("sent_at"), previous.isAfter(signal.sentAt) != false {
                fields.refuse("sent_at", "must not be before the signal before it")
            }
            previous = signal.sentAt
            return signal
        }.map(\.value)
    }

    private func checkTimes(_ fields: inout SeedFields) {
        fields.require("started_at", startedAt, notBefore: "created_at", createdAt)
        if startedAt == nil {
            fields.require("completed_at", completedAt, notBefore: "created_at", createdAt)
        } else {
            fields.require("completed_at", completedAt, notBefore: "started_at", startedAt)
        }
        if isActive, startedAt != nil {
            fields.require("ticked_at", tickedAt, notBefore: "started_at", startedAt)
        } else {
            fields.require("ticked_at", tickedAt, notBefore: "created_at", createdAt)
        }
        if (completedAt == nil) == !isActive, fields.isSound("state", "completed_at") {
            fields.refuse(
                "completed_at", isActive ? "must be null while it is \(state)" : "must be given when it is \(state)")
        }
    }

    /// The API's row says these of the agent: they may stand here, and are not kept.
    private static func checkDerived(_ fields: inout SeedFields) {
        _ = fields.textOrNull("target_workflow_name")
        if fields.nullable("target_workflow_autonomy_type") != nil {
            _ = fields.choice("target_workflow_autonomy_type", NeoWords.autonomyTypes)
        }
    }

    private static func effects(_ fields: inout SeedFields) -> String? {
        var members: [(key: String, value: JSONNode)] = []
        if fields.integerOrNull("entity_seconds", in: SeedFields.wholeSeconds) != nil {
            members.append(contentsOf: fields.members("entity_seconds"))
        }
        if let fail = fields.nullable("fail") {
            if let ids = fail.array {
                _ = fields.texts("fail", ids, "an entity's id") { _ in true }
            } else {
                _ = fields.integer("fail", in: SeedFields.count)
            }
            members.append(("fail", fail))
        }
        let isRunError: Void? = fields.object("run_error", nullable: true) { fields in
            _ = fields.integer("after", in: SeedFields.count)
            _ = fields.text("message")
        }
        if isRunError != nil { members.append(contentsOf: fields.members("run_error")) }
        if fields.integerOrNull("stall_after", in: SeedFields.count) != nil {
            members.append(contentsOf: fields.members("stall_after"))
        }
        return members.isEmpty ? nil : JSONNode(.object(JSONObject(members: members))).compact
    }
}

extension SeedExecution {
    init(_ fields: inout SeedFields) {
        id = fields.name("id")
        agentID = fields.integer("agent_id", in: SeedFields.amount)
        entityID = fields.name("entity_id")
        entityNumber = fields.textOrNull("entity_number")
        backfillID = fields.textOrNull("backfill_id")
        position = fields.integerOrNull("position", in: SeedFields.count)
        createdAt = fields.time("created_at")
        endsAt = fields.time("ends_at")
        outcome = fields.choice("outcome", NeoWords.outcomes)
        messageForDashboard = fields.textOrNull("message_for_dashboard")
        error = fields.textOrNull("error")
        fields.require("ends_at", endsAt, notBefore: "created_at", createdAt)
        if (backfillID == nil) != (position == nil), fields.isSound("backfill_id", "position") {
            fields.refuse("position", "must be given exactly when backfill_id is")
        }
    }
}

extension SeedFields {
    /// The member as it stands, or none.
    fileprivate func members(_ name: String) -> [(key: String, value: JSONNode)] {
        object.members.filter { $0.key == name }
    }

    fileprivate mutating func timezone(_ name: String) -> String {
        let zone = text(name, default: "UTC")
        if isSound(name), !source.isTimeZone(zone) { refuse(name, "must be the name of an IANA time zone") }
        return zone
    }

    fileprivate mutating func windows(_ name: String) -> DailyExecutionWindows {
        guard let node = node(name) else { return .none }
        let place = SeedPlace.member(name, of: place)
        var isSound = true
        let windows = DailyExecutionWindows(node) { finding in
            let inside = finding.place.isEmpty ? place : .member(finding.place, of: place)
            source.report(inside, at: finding.offset, finding.message)
            isSound = false
        }
        if !isSound { markUnsound(name) }
        return windows
    }
}
