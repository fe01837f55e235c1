import Emulation
import HTTPFront
import JSON
import Sandboxes

extension ControlPlane {
    /// `POST /_understudy/pact/provider-states`: what a Pact verifier sends before (`setup`) and after (`teardown`) each
    /// interaction.
    ///
    /// Choice: how a state names a scenario, and what a teardown leaves (docs/FIDELITY.md, "Provider states").
    func changeProviderState(_ call: ControlCall) throws -> HTTPResponse {
        let change = try ProviderStateChange(RequestBody(call.request))
        // A teardown is a reset.
        if change.action == .teardown { try ControlRight.administer.require(of: call.right) }
        let scenario: String? = try call.withWorld { world in
            switch change.action {
            case .setup:
                // A verifier also announces interactions that need no state.
                if change.state.isEmpty { return nil }
                guard let name = try Self.setUp(change.state, in: world) else {
                    throw ControlRefusal.notFound(
                        what: "scenario for the state \"\(change.state)\"; PUT one to /_understudy/scenarios/"
                            + World.scenarioName(ofProviderState: change.state))
                }
                return name
            case .teardown:
                let kept = try world.providerStatesToKeep()
                defer { world.providerStates = kept }
                try directory.reset(world)
                return nil
            }
        }
        var writer = JSONWriter(capacity: 128)
        writer.beginObject()
        writer.key("state")
        writer.string(change.state)
        writer.key("action")
        writer.string(change.action.rawValue)
        writer.key("scenario")
        writer.string(scenario)
        writer.endObject()
        return HTTPResponse(200, json: writer.bytes)
    }
}

extension ControlPlane {
    private static func setUp(_ state: String, in world: World) throws -> String? {
        do { return try world.setUpProviderState(state) } catch let refusal as SeedRefusal {
            throw ControlRefusal.invalidScenario(refusal)
        }
    }
}

/// A Pact verifier's state change: `{"state", "action"?, "params"?}`. Verifiers add members of their own.
private struct ProviderStateChange {
    enum Action: String, CaseIterable {
        case setup, teardown
    }

    let state: String
    let action: Action

    init(_ body: RequestBody) throws {
        var reader = FieldReader(body.object)
        state = reader.required("state").flatMap { $0.isNull ? "" : reader.string("state", $0) } ?? ""
        // An older verifier knows no teardown and sends no action.
        let word = body.object["action"].flatMap { $0.isNull ? "setup" : reader.string("action", $0) } ?? "setup"
        action = Action(rawValue: word) ?? .setup
        if Action(rawValue: word) == nil { reader.report("action", "must be setup or teardown") }
        if let params = body.object["params"], params.object == nil, !params.isNull {
            reader.report("params", "must be an object, not \(params.value.kindName)")
        }
        if !reader.violations.isEmpty { throw ControlRefusal.invalid(reader.violations) }
    }
}
