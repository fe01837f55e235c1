import HTTPFront
import Simulation
import Threads

// Every route, in the order of the OpenAPI document's tags, and what it asks of the caller. What of ``ControlRight`` a route asks for
// stands nowhere else; where a body decides it, the handler asks for more.
extension ControlPlane {
    package static let endpoints: [Endpoint] = [
        Endpoint(id: "get_page", method: "GET", path: "/_understudy/", handler: .sandbox(.read) { try $0.console($1) }),
        Endpoint(id: "get_health", method: "GET", path: "/_understudy/health", handler: .open { $0.health() }),
        Endpoint(
            id: "get_openapi", method: "GET", path: "/_understudy/openapi.json",
            handler: .open { _ in HTTPResponse(200, json: document) }),
        Endpoint(
            id: "get_metrics", method: "GET", path: "/_understudy/metrics",
            handler: .open {
                HTTPResponse(
                    200, fields: [HTTPField("Content-Type", "text/plain; version=0.0.4; charset=utf-8")],
                    body: $0.configuration.metrics())
            }),
        Endpoint(
            id: "get_sandbox", method: "GET", path: "/_understudy/sandbox",
            handler: .sandbox(.read) { try $0.sandbox($1) }),
        Endpoint(
            id: "reset_sandbox", method: "POST", path: "/_understudy/sandbox/reset", movesContents: true,
            handler: .sandbox(.administer) { try $0.reset($1) }),
        Endpoint(
            id: "export_sandbox", method: "GET", path: "/_understudy/sandbox/export", effort: .long,
            handler: .sandbox(.read) { try $0.export($1) }),
        Endpoint(
            id: "import_sandbox", method: "PUT", path: importPath, effort: .long,
            handler: .sandbox(.administer) { try $0.importSeed($1) }),
        Endpoint(
            id: "list_snapshots", method: "GET", path: "/_understudy/snapshots",
            handler: .sandbox(.read) { try $0.snapshots($1) }),
        Endpoint(
            id: "put_snapshot", method: "PUT", path: "/_understudy/snapshots/{name}", movesContents: true,
            handler: .sandbox(.write) { try $0.putSnapshot($1) }),
        Endpoint(
            id: "delete_snapshot", method: "DELETE", path: "/_understudy/snapshots/{name}", movesContents: true,
            handler: .sandbox(.write) { try $0.deleteSnapshot($1) }),
        Endpoint(
            id: "restore_snapshot", method: "POST", path: "/_understudy/snapshots/{name}/restore", movesContents: true,
            handler: .sandbox(.administer) { try $0.restoreSnapshot($1) }),
        Endpoint(
            id: "list_credentials", method: "GET", path: "/_understudy/sandbox/credentials",
            handler: .sandbox(.read) { try $0.credentials($1) }),
        Endpoint(
            id: "get_credential", method: "GET", path: "/_understudy/sandbox/credentials/{id}",
            handler: .sandbox(.read) { try $0.credential($1) }),
        Endpoint(
            id: "patch_credential", method: "PATCH", path: "/_understudy/sandbox/credentials/{id}", movesContents: true,
            handler: .sandbox(.administer) { try $0.patchCredential($1) }),
        Endpoint(
            id: "delete_credential", method: "DELETE", path: "/_understudy/sandbox/credentials/{id}",
            movesContents: true,
            handler: .sandbox(.administer) { try $0.deleteCredential($1) }),
        Endpoint(
            id: "add_credential", method: "POST", path: "/_understudy/sandbox/credentials", movesContents: true,
            handler: .sandbox(.administer) { try $0.addCredential($1) }),
        Endpoint(
            id: "get_clock", method: "GET", path: "/_understudy/clock", handler: .sandbox(.read) { try $0.clock($1) }),
        Endpoint(
            id: "patch_clock", method: "PATCH", path: "/_understudy/clock", effort: .long,
            handler: .sandbox(.moveClock) { try $0.patchClock($1) }),
        Endpoint(
            id: "advance_clock", method: "POST", path: "/_understudy/clock/advance", effort: .long,
            handler: .sandbox(.moveClock) { try $0.advanceClock($1) }),
        Endpoint(
            id: "list_scenarios", method: "GET", path: "/_understudy/scenarios",
            handler: .sandbox(.read) { try $0.scenarios($1) }),
        Endpoint(
            id: "get_scenario", method: "GET", path: "/_understudy/scenarios/{name}",
            handler: .sandbox(.read) { try $0.scenario($1) }),
        Endpoint(
            id: "put_scenario", method: "PUT", path: "/_understudy/scenarios/{name}",
            handler: .sandbox(.write) { try $0.putScenario($1) }),
        Endpoint(
            id: "delete_scenario", method: "DELETE", path: "/_understudy/scenarios/{name}",
            handler: .sandbox(.write) { try $0.deleteScenario($1) }),
        Endpoint(
            id: "list_faults", method: "GET", path: "/_understudy/faults",
            handler: .sandbox(.read) { try $0.faults($1) }),
        Endpoint(
            id: "get_fault", method: "GET", path: "/_understudy/faults/{name}",
            handler: .sandbox(.read) { try $0.fault($1) }),
        Endpoint(
            id: "put_fault", method: "PUT", path: "/_understudy/faults/{name}",
            handler: .sandbox(.write) { try $0.putFault($1) }),
        Endpoint(
            id: "delete_fault", method: "DELETE", path: "/_understudy/faults/{name}",
            handler: .sandbox(.write) { try $0.deleteFault($1) }),
        Endpoint(
            id: "change_provider_state", method: "POST", path: "/_understudy/pact/provider-states", movesContents: true,
            handler: .sandbox(.write) { try $0.changeProviderState($1) }),
        Endpoint(
            id: "patch_backfill", method: "PATCH", path: "/_understudy/backfills/{id}", effort: .long,
            handler: .sandbox(.write) { try $0.correctBackfill($1) }),
        Endpoint(
            id: "approve_run", method: "POST", path: "/_understudy/runs/{id}/approve",
            handler: .sandbox(.write) { try $0.decideRun($1, .approve) }),
        Endpoint(
            id: "deny_run", method: "POST", path: "/_understudy/runs/{id}/deny",
            handler: .sandbox(.write) { try $0.decideRun($1, .deny) }),
        Endpoint(
            id: "list_sandboxes", method: "GET", path: sandboxesPath, handler: .admin(.read) { $0.listSandboxes($1) }),
        Endpoint(
            id: "make_sandbox", method: "POST", path: sandboxesPath, handler: .admin(.administer) { $0.makeSandbox($1) }
        ),
        Endpoint(
            id: "look_at_sandbox", method: "GET", path: "/_understudy/admin/sandboxes/{name}",
            handler: .admin(.read) { try $0.lookAtSandbox($1) }),
        Endpoint(
            id: "remove_sandbox", method: "DELETE", path: "/_understudy/admin/sandboxes/{name}", effort: .long,
            handler: .admin(.administer) { try $0.removeSandbox($1) }),
        Endpoint(
            id: "list_requests", method: "GET", path: "/_understudy/requests",
            handler: .journal(.read) { try $0.requests($1) }
        ),
        Endpoint(
            id: "delete_requests", method: "DELETE", path: "/_understudy/requests",
            handler: .journal(.write) { try $0.deleteRequests($1) }),
        Endpoint(
            id: "count_requests", method: "GET", path: "/_understudy/requests/count",
            handler: .journal(.read) { try $0.countRequests($1) }),
        Endpoint(
            id: "wait_for_requests", method: "GET", path: "/_understudy/requests/wait",
            handler: .journal(.read) { try $0.waitForRequests($1) }),
        Endpoint(
            id: "get_request", method: "GET", path: "/_understudy/requests/{request_id}",
            handler: .journal(.read) { try $0.journaledRequest($1) }),
        Endpoint(
            id: "get_requests_har", method: "GET", path: "/_understudy/requests.har", effort: .long,
            handler: .journal(.read) { try $0.archive($1) }),
        Endpoint(
            id: "get_conformance", method: "GET", path: "/_understudy/conformance", effort: .long,
            handler: .journal(.read) { try $0.conformance($1) }),
    ]
}
