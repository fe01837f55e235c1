import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

/// The agent run operations.
enum AgentRuns {
    /// `POST /api/v1/agents/{kind}/runs`: one row a call; 201 with the run, without steps.
    static let enqueue: @Sendable (Call) throws -> HTTPResponse = { call in
        let kind = try existingKind(call)
        let new = try EnqueueRunRequest.read(call.request)
        guard try !call.world.standing(ofAgentKind: kind).isDisabled else {
            throw BacksideRefusal.conflict(
                reason: "The agent kind \(kind) is disabled after \(AgentKindStanding.mostFailures) failures in a row; "
                    + "a PUT of its configuration enables it.")
        }
        guard let run = try call.world.enqueue(new, agentKind: kind, at: call.now) else {
            throw BacksideRefusal.notFound(what: "run")
        }
        return answer(201, run, call)
    }

    /// `GET /api/v1/agents/{kind}/runs`: newest first, without steps.
    static let list: @Sendable (Call) throws -> HTTPResponse = { call in
        let kind = try existingKind(call)
        let page = try RunPage(call.request)
        var runs: [AgentRunRecord] = []
        if page.isPossible {
            runs = try call.world.runs(ofKind: kind, status: page.status, before: page.before, limit: page.limit + 1)
        }
        var writer = JSONWriter(capacity: 512 * (runs.count + 1))
        writer.beginObject()
        writer.key("data")
        writer.beginArray()
        for run in runs.prefix(page.limit) { writer.run(run, tenantID: call.world.tenantID) }
        writer.endArray()
        writer.key("has_more")
        writer.bool(runs.count > page.limit)
        writer.key("next_cursor")
        writer.instant(runs.count > page.limit ? runs[page.limit - 1].createdAt : nil)
        writer.endObject()
        return HTTPResponse(200, json: writer.bytes)
    }

    /// `GET /api/v1/agents/{kind}/runs/{id}`: the run and, flattened into it, its steps in `seq` order.
    static let get: @Sendable (Call) throws -> HTTPResponse = { call in
        if call.request.method == "GET", call.world.clock.mode == .poll { try call.world.pollEvent(of: existing(call)) }
        let thing = RenderedThing("run", scope: call.parameters[0], id: call.parameters[1])
        let body = try call.world.body(of: thing, at: call.now) {
            let run = try existing(call)
            var writer = JSONWriter(capacity: 4096)
            writer.run(run, steps: try call.world.steps(of: run), tenantID: call.world.tenantID)
            return RenderedBody(writer.bytes)
        }
        return HTTPResponse(200, json: body)
    }

    /// `POST /api/v1/agents/{kind}/runs/{id}/cancel`: 200 with the run, without steps; 409 when it is over already.
    static let cancel: @Sendable (Call) throws -> HTTPResponse = { call in
        let run = try existing(call)
        guard try call.world.ask(.cancel, of: run, at: call.now) else {
            throw BacksideRefusal.conflict(reason: "The run is \(run.status.rawValue) already; that never changes.")
        }
        return answer(200, try existing(call), call)
    }

    private static func existingKind(_ call: Call) throws -> String {
        let kind = call.parameters[0]
        guard try call.world.hasAgentKind(kind) else { throw BacksideRefusal.notFound(what: "agent kind") }
        return kind
    }

    private static func existing(_ call: Call) throws -> AgentRunRecord {
        let kind = try existingKind(call)
        guard let id = UUIDValue(call.parameters[1]) else {
            throw BacksideRefusal.badRequest(reason: "The run id must be a UUID.")
        }
        guard let run = try call.world.run(id: id, kind: kind) else { throw BacksideRefusal.notFound(what: "run") }
        return run
    }

    private static func answer(_ status: Int, _ run: AgentRunRecord, _ call: Call) -> HTTPResponse {
        var writer = JSONWriter(capacity: 1024)
        writer.run(run, tenantID: call.world.tenantID)
        return HTTPResponse(status, json: writer.bytes)
    }
}
