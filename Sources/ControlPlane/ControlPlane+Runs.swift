import Emulation
import HTTPFront
import JSON
import Sandboxes
import Simulation

extension ControlPlane {
    /// `POST /_understudy/runs/{id}/approve` and `…/deny`: decides a run that waits, and answers it as it is then, without
    /// its steps; 409 when it does not wait.
    func decideRun(_ call: ControlCall, _ decision: AgentRun.Request) throws -> HTTPResponse {
        let decided = try call.withWorld { world -> (run: AgentRunRecord, tenantID: String)? in
            let now = world.now
            try world.advance(to: now)
            guard let id = UUIDValue(call.parameter), let run = try world.run(id: id) else { return nil }
            guard try world.transaction({ try world.ask(decision, of: run, at: now) }) else {
                throw ControlRefusal.conflict(reason: "The run is \(run.status.rawValue): it does not wait.")
            }
            return try world.run(id: id).map { ($0, world.tenantID) }
        }
        guard let (run, tenantID) = decided else { throw ControlRefusal.notFound(what: "run \(call.parameter)") }
        var writer = JSONWriter(capacity: 1024)
        writer.run(run, tenantID: tenantID)
        return HTTPResponse(200, json: writer.bytes)
    }
}
