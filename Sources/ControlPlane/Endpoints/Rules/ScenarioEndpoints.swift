import Emulation
import HTTPFront
import Sandboxes

/// `/_understudy/scenarios`: what is to become of work that is made from now on.
struct ScenarioEndpoints: EndpointGroup {
    var endpoints: [Endpoint] {
        let path = "/_understudy/scenarios"
        return [
            Endpoint("list_scenarios", "GET", path, .sandbox(.read, list)),
            Endpoint("get_scenario", "GET", "\(path)/{name}", .sandbox(.read, get)),
            Endpoint("put_scenario", "PUT", "\(path)/{name}", .sandbox(.write, put)),
            Endpoint("delete_scenario", "DELETE", "\(path)/{name}", .sandbox(.write, delete)),
        ]
    }

    /// In the order in which they were written.
    private func list(_ call: ControlCall) throws -> HTTPResponse {
        .list(try call.world.scenarios()) { $0.scenario($1) }
    }

    private func get(_ call: ControlCall) throws -> HTTPResponse {
        guard let scenario = try call.world.scenario(named: call.parameter) else { throw Self.missing(call) }
        return .json { $0.scenario(scenario) }
    }

    /// 201 when it is new. One that is replaced starts again: unused, the newest.
    private func put(_ call: ControlCall) throws -> HTTPResponse {
        let body = try RequestBody(call.request)
        do {
            let (scenario, isNew) = try call.world.transaction {
                try call.world.writeScenario(named: call.parameter, body.root)
            }
            return .json(isNew ? 201 : 200) { $0.scenario(scenario) }
        } catch let refusal as SeedRefusal {
            throw ControlRefusal.invalidScenario(refusal)
        }
    }

    /// Answers what it was.
    private func delete(_ call: ControlCall) throws -> HTTPResponse {
        let deleted = try call.world.transaction { try call.world.deleteScenario(named: call.parameter) }
        guard let deleted else { throw Self.missing(call) }
        return .json { $0.scenario(deleted) }
    }

    private static func missing(_ call: ControlCall) -> ControlRefusal {
        .notFound(what: "scenario \(call.parameter)")
    }
}
