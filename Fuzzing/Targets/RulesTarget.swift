import JSON

/// A fault, a scenario or a configuration is refused, or kept, echoed and exported, and work goes on under it.
struct RulesTarget: FuzzTarget {
    let takesJSON = true
    private let scene = Scene()

    func take(_ input: [UInt8]) {
        scene.reset()
        let runs = "/api/v1/agents/\(Scene.scriptedKind)/runs"
        scene.send("PUT", "/_understudy/scenarios/s", body: input)
        scene.send("PUT", "/_understudy/faults/f", body: input)
        scene.send("PATCH", "/_understudy/clock", body: input)
        scene.send("PATCH", "/_understudy/backfills/b2", body: input)
        let config = "/api/v1/agent-configs/\(Scene.scriptedKind)"
        scene.send("PUT", config, key: Scene.backsideKey, body: input)
        scene.send("PUT", "\(config)/byok-key", key: Scene.backsideKey, body: input)
        scene.send("POST", "/public-api/backfills", body: input)
        scene.send("POST", "/public-api/backfills", body: Self.backfill)
        scene.send("POST", runs, key: Scene.backsideKey, body: input)
        scene.send("POST", runs, key: Scene.backsideKey, body: Array("{}".utf8))
        scene.send("POST", "/_understudy/clock/advance", body: Array(#"{"seconds": 100}"#.utf8))
        scene.send("POST", "/_understudy/clock/advance", body: input)
        scene.send("GET", "/api/v1/agent-configs", key: Scene.backsideKey)
        scene.send("GET", "/api/v1/admin/stats/agents", key: Scene.backsideKey)
        for path in ["scenarios", "scenarios/s", "faults", "faults/f", "clock"] {
            scene.send("GET", "/_understudy/\(path)")
        }
        scene.send("GET", "/public-api/backfills")
        scene.send("GET", runs, key: Scene.backsideKey)
        scene.checkExport()
    }

    private static let backfill = Array(
        #"{"target_workflow_id": 123, "entity_type": "ticket", "filter_spec": {}, "daily_execution_windows": {}, "max_in_flight": 2}"#
            .utf8)
}
