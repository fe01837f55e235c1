import Emulation
import HTTPFront
import JSON
import Sandboxes

/// `/_understudy/pact/provider-states`: what a Pact verifier sends before (`setup`) and after (`teardown`) each
/// interaction.
///
/// Choice: how a state names a scenario, and what a teardown leaves (docs/FIDELITY.md, "Provider states").
struct ProviderStateEndpoints: EndpointGroup {
    let directory: SandboxDirectory

    var endpoints: [Endpoint] {
        [
            Endpoint(
                "change_provider_state", "POST", "/_understudy/pact/provider-states", .sandbox(.write, change),
                movesContents: true)
        ]
    }

    private func change(_ call: ControlCall) throws -> HTTPResponse {
        let change = try ProviderStateChange(RequestBody(call.request))
        var scenario: String?
        switch change.action {
        case .setup: scenario = try setUp(change.state, in: call.world)
        case .teardown:
            // It is a reset.
            try SandboxRight.administer.require(of: call.right, directory.modules)
            try tearDown(call.world)
        }
        return .json { writer in
            writer.beginObject()
            writer.key("state")
            writer.string(change.state)
            writer.key("action")
            writer.string(change.action.rawValue)
            writer.key("scenario")
            writer.string(scenario)
            writer.endObject()
        }
    }

    /// Gives the name of the scenario that is active now; nil for no state, since a verifier also announces
    /// interactions that need none.
    private func setUp(_ state: String, in world: World) throws -> String? {
        if state.isEmpty { return nil }
        do {
            if let name = try world.setUpProviderState(state) { return name }
        } catch let refusal as SeedRefusal {
            throw ControlRefusal.invalidScenario(refusal)
        }
        throw ControlRefusal.notFound(
            what: "scenario for the state \"\(state)\"; PUT one to /_understudy/scenarios/"
                + World.scenarioName(ofProviderState: state))
    }

    private func tearDown(_ world: World) throws {
        let kept = try world.providerStatesToKeep()
        defer { world.providerStates = kept }
        try directory.reset(world)
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
