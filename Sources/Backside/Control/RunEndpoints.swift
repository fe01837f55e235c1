import ControlPlane
import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

/// `/_understudy/runs/{id}/…`: decides a run that waits for an approval.
struct RunEndpoints: EndpointGroup {
    var endpoints: [Endpoint] {
        [
            Endpoint(
                "approve_run", "POST", "/_understudy/runs/{id}/approve", .sandbox(.write) { try decide(.approve, $0) }),
            Endpoint("deny_run", "POST", "/_understudy/runs/{id}/deny", .sandbox(.write) { try decide(.deny, $0) }),
        ]
    }

    /// Answers the run as it is then, without its steps; 409 when it does not wait.
    private func decide(_ decision: AgentRun.Request, _ call: ControlCall) throws -> HTTPResponse {
        let world = call.world
        let now = world.now
        try world.advance(to: now)
        guard let id = UUIDValue(call.parameter), let run = try world.run(id: id) else { throw Self.missing(call) }
        guard try world.transaction({ try world.ask(decision, of: run, at: now) }) else {
            throw ControlRefusal.conflict(reason: "The run is \(run.status.rawValue): it does not wait.")
        }
        guard let decided = try world.run(id: id) else { throw Self.missing(call) }
        var writer = JSONWriter(capacity: 1024)
        writer.run(decided, tenantID: world.tenantID)
        return HTTPResponse(200, json: writer.bytes)
    }

    private static func missing(_ call: ControlCall) -> ControlRefusal { .notFound(what: "run \(call.parameter)") }
}
