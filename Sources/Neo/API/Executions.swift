import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

/// The operations on executions, all of which only read.
enum Executions {
    static let paged = PagedList(name: "executions", keyLength: Execution.sortKeyLength)

    /// `GET /public-api/executions`: newest first, narrowed down by `agent_id`, `entity_id`, `entity_number`, `status`.
    static let list: @Sendable (Call) throws -> HTTPResponse = { call in
        var violations: [Violation] = []
        let filter = filter(call.request, &violations)
        let request = try PageRequest(call, of: paged, violations: violations)
        let rows = try call.world.executions(filter, after: request.after, limit: request.rowLimit, at: call.now)
        let (executions, pagination) = request.page(of: rows) { $0.sortKey }
        return Envelope.success(200, call.answer, pagination: pagination) { writer in
            writer.beginArray()
            for execution in executions { writer.execution(execution, at: call.now) }
            writer.endArray()
        }
    }

    /// `GET /public-api/executions/{execution_id}`
    static let get: @Sendable (Call) throws -> HTTPResponse = { call in
        let id = call.parameters.first ?? ""
        let body = try call.world.body(of: RenderedThing("execution", id: id), at: call.now) {
            guard let execution = try call.world.execution(id: id) else { throw NeoRefusal.notFound(what: "execution") }
            var writer = JSONWriter()
            writer.execution(execution, at: call.now)
            return RenderedBody(writer.bytes, holdsFrom: execution.end(by: call.now))
        }
        return Envelope.success(200, call.answer) { $0.raw(body) }
    }

    private static func filter(_ request: HTTPRequest, _ violations: inout [Violation]) -> ExecutionFilter {
        var filter = ExecutionFilter(
            entityID: request.queryParameter("entity_id"), entityNumber: request.queryParameter("entity_number"))
        if let text = request.queryParameter("agent_id") {
            filter.agentID = QueryInteger.read(text)
            if filter.agentID == nil {
                violations.append(Violation(field: "agent_id", message: "must be a 64-bit integer"))
            }
        }
        if let text = request.queryParameter("status") {
            let words = text.split(separator: ",", omittingEmptySubsequences: false)
            let statuses = words.compactMap { Execution.Status(rawValue: String($0)) }
            filter.statuses = Set(statuses)
            if statuses.count != words.count {
                let known = Execution.Status.allCases.map(\.rawValue).joined(separator: ", ")
                let message = "must be one or more of \(known), with commas between"
                violations.append(Violation(field: "status", message: message))
            }
        }
        return filter
    }
}

extension JSONWriter {
    /// An execution as it is at an instant.
    mutating func execution(_ execution: Execution, at now: Instant) {
        let state = execution.state(at: now)
        beginObject()
        key("execution_id")
        string(execution.id)
        key("agent_id")
        integer(execution.agentID)
        key("agent_name")
        string(execution.agentName)
        key("entity_id")
        string(execution.entityID)
        key("entity_number")
        string(execution.entityNumber)
        key("status")
        string(state.status.rawValue)
        key("created_at")
        instant(execution.createdAt)
        key("updated_at")
        instant(state.updatedAt)
        key("seconds_spent")
        seconds(microseconds: state.microsecondsSpent)
        key("message_for_dashboard")
        string(state.messageForDashboard)
        key("error")
        string(state.error)
        endObject()
    }

    /// A number of seconds: `20`, or `20.5` when they are not whole ones.
    private mutating func seconds(microseconds: Int64) {
        if microseconds.isMultiple(of: 1_000_000) {
            integer(microseconds / 1_000_000)
        } else {
            double(Double(microseconds) / 1_000_000)
        }
    }
}
