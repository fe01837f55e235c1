import Emulation
import JSON
import Sandboxes
import Time

/// The body of a create, valid in itself: types, bounds, windows and time zone. References are checked later.
struct CreateBackfillRequest {
    let windows: DailyExecutionWindows
    /// What was taken, but perhaps not as it was meant.
    let warnings: [String]
    let entityType: EntityType
    let filterSpec: JSONNode
    let maxInFlight: Int64
    let targetWorkflowID: Int64
    let timezone: String
    let totalEstimated: Int64?

    /// Reads the fields in the order in which the vendor documents them; throws all violations at once.
    init(_ body: RequestBody) throws(NeoRefusal) {
        var fields = FieldReader(body.object)
        var warnings = BoundedWarnings()
        let windows = Self.windows(&fields, &warnings)
        let entityType = EntityType(fields.required("entity_type"), &fields)
        let filterSpec = Self.filterSpec(&fields)
        let maxInFlight = fields.integer("max_in_flight", fields.required("max_in_flight"), in: 1...10)
        let targetWorkflowID = fields.integer(
            "target_workflow_id", fields.required("target_workflow_id"), in: .min ... .max)
        let timezone = Self.timezone(&fields)
        let totalEstimated = Self.totalEstimated(&fields)
        guard fields.violations.isEmpty, let entityType, let filterSpec, let maxInFlight, let targetWorkflowID,
            let timezone
        else { throw .invalid(fields.violations) }
        self.windows = windows
        self.warnings = warnings.lines
        self.entityType = entityType
        self.filterSpec = filterSpec
        self.maxInFlight = maxInFlight
        self.targetWorkflowID = targetWorkflowID
        self.timezone = timezone
        self.totalEstimated = totalEstimated
    }

    /// Choice: an offset is ignored and an unknown day left out, both with a warning (docs/FIDELITY.md, "Execution
    /// windows").
    private static func windows(_ fields: inout FieldReader, _ warnings: inout BoundedWarnings) -> DailyExecutionWindows
    {
        guard let node = fields.required("daily_execution_windows") else { return .none }
        return DailyExecutionWindows(node) { finding in
            let place = "daily_execution_windows" + (finding.place.isEmpty ? "" : ".\(finding.place)")
            switch finding.kind {
            case .invalid(let message): fields.report(place, message)
            case .unknownDay: warnings.add("\(place) is no day of the week and was ignored.")
            case .ignoredOffset:
                warnings.add("\(place) has an offset, which was ignored: times are local to timezone.")
            case .unknownMember: break
            }
        }
    }

    static func filterSpec(_ fields: inout FieldReader) -> JSONNode? {
        guard let node = fields.required("filter_spec") else { return nil }
        if node.object == nil { fields.report("filter_spec", "must be an object, not \(node.value.kindName)") }
        return node
    }

    /// Choice: an IANA name (docs/FIDELITY.md, "Time zones").
    private static func timezone(_ fields: inout FieldReader) -> String? {
        guard let node = fields.object["timezone"] else { return "UTC" }
        guard let name = fields.string("timezone", node) else { return nil }
        if Zone(named: name) == nil {
            fields.report("timezone", "must be an IANA time zone's name, like Europe/Lisbon")
        }
        return name
    }

    private static func totalEstimated(_ fields: inout FieldReader) -> Int64? {
        guard let node = fields.object["total_estimated"], !node.isNull else { return nil }
        return fields.integer("total_estimated", node, in: 0 ... .max)
    }
}

/// What a backfill can run over (documented: 22 values).
enum EntityType: String, CaseIterable {
    case ticket, projectTicket = "project_ticket", task, scheduledEntry = "scheduled_entry", timeEntry = "time_entry",
        project, company, contact, resource, contract, opportunity, none, configuration, note, team, role,
        auditTrail = "audit_trail", appointment, servicecall, contractService = "contract_service",
        companyLocation = "company_location", product

    /// Reads the field `entity_type`; nil, and a violation, when it is none of them.
    init?(_ node: JSONNode?, _ fields: inout FieldReader) {
        guard let text = fields.string("entity_type", node) else { return nil }
        guard let type = EntityType(rawValue: text) else {
            let known = EntityType.allCases.map(\.rawValue).joined(separator: ", ")
            fields.report("entity_type", "must be one of \(known)")
            return nil
        }
        self = type
    }
}
