import Understudy
import HTTPFront
import JSON
import Sandboxes

/// A seed is refused at a place, or makes a sandbox that works, and whose export makes the same one.
struct SeedTarget: FuzzTarget {
    let takesJSON = true
    private let scene = Scene()

    func take(_ input: [UInt8]) {
        do throws(SeedRefusal) { _ = try SeedDocument(reading: input, modules: Understudy.modules) } catch {
            require((1...100).contains(error.problems.count), "\(error.problems.count) problems")
            require(error.problems.allSatisfy { !$0.message.isEmpty }, "a problem without words")
            return
        }
        scene.reset()
        let before = scene.export()
        let answer = scene.send("PUT", "/_understudy/sandbox/import", body: input)
        guard answer.status == 200 else {
            require(answer.status == 422, "an import is answered \(answer.status)")
            require(scene.export() == before, "a refused import changes something")
            return
        }
        scene.checkExport()
        look()
        let advances = [
            #"{"seconds": 45}"#, #"{"until": "next_event"}"#, #"{"until": "idle", "limit_seconds": 90000}"#,
        ]
        for advance in advances {
            scene.send("POST", "/_understudy/clock/advance", body: Array(advance.utf8))
        }
        scene.checkExport()
        look()
    }

    /// Every list, whose rows must be as the documents say.
    private func look() {
        for list in ["agents", "backfills", "executions"] { scene.send("GET", "/public-api/\(list)?page_size=200") }
        let runs = "/api/v1/agents/\(Scene.scriptedKind)/runs"
        let listed = scene.send("GET", runs, key: Scene.backsideKey)
        let first = (try? JSONParser.parse(listed.body))?.object?["data"]?.array?.first?.object?["id"]?.string
        if let first { scene.send("GET", "\(runs)/\(first)", key: Scene.backsideKey) }
        scene.send("GET", "/api/v1/agent-configs", key: Scene.backsideKey)
        scene.send("GET", "/api/v1/admin/stats/agents", key: Scene.backsideKey)
        scene.send("GET", "/_understudy/sandbox")
    }
}
