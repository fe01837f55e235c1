import Emulation
import HTTPFront
import JSON
import Sandboxes

extension ControlPlane {
    /// `GET /_understudy/scenarios`: in the order in which they were written.
    func scenarios(_ call: ControlCall) throws -> HTTPResponse {
        let scenarios = try call.withWorld { try $0.scenarios() }
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("data")
        writer.beginArray()
        for scenario in scenarios { writer.scenario(scenario) }
        writer.endArray()
        writer.endObject()
        return HTTPResponse(200, json: writer.bytes)
    }

    /// `GET /_understudy/scenarios/{name}`
    func scenario(_ call: ControlCall) throws -> HTTPResponse {
        let name = call.parameter
        guard let scenario = try call.withWorld({ try $0.scenario(named: name) }) else {
            throw ControlRefusal.notFound(what: "scenario \(name)")
        }
        return Self.answer(200, scenario)
    }

    /// `PUT /_understudy/scenarios/{name}`: 201 when it is new. One that is replaced starts again: unused, the newest.
    func putScenario(_ call: ControlCall) throws -> HTTPResponse {
        let body = try RequestBody(call.request)
        do {
            let (scenario, isNew) = try call.withWorld { world in
                try world.transaction { try world.writeScenario(named: call.parameter, body.root) }
            }
            return Self.answer(isNew ? 201 : 200, scenario)
        } catch let refusal as SeedRefusal {
            throw ControlRefusal.invalidScenario(refusal)
        }
    }

    /// `DELETE /_understudy/scenarios/{name}`: answers what it was.
    func deleteScenario(_ call: ControlCall) throws -> HTTPResponse {
        let name = call.parameter
        let deleted = try call.withWorld { world in
            try world.transaction { try world.deleteScenario(named: name) }
        }
        guard let deleted else { throw ControlRefusal.notFound(what: "scenario \(name)") }
        return Self.answer(200, deleted)
    }

    private static func answer(_ status: Int, _ scenario: Scenario) -> HTTPResponse {
        var writer = JSONWriter(capacity: 256)
        writer.scenario(scenario)
        return HTTPResponse(status, json: writer.bytes)
    }
}
