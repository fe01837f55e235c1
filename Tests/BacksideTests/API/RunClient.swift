import TestSupport
import Testing
import Understudy

/// Shorthands for tests of agent runs, in a sandbox of their own on a clock that stands still.
struct RunClient {
    let standIn: StandIn
    var kind = "contact_deduper"
    var key = StandIn.backsideKey

    init(seed: Understudy.Seed = .demo) throws { standIn = try StandIn(seed: seed) }

    var path: String { "/api/v1/agents/\(kind)/runs" }

    /// Enqueues a run that must be taken, and gives its id.
    func enqueue(_ body: String? = nil, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let answer = standIn.send("POST", path, key: key, body: body, sourceLocation: sourceLocation)
        try #require(answer.status == 201, sourceLocation: sourceLocation)
        return try #require(answer["id"]?.string, sourceLocation: sourceLocation)
    }

    func get(_ id: String) -> Answer { standIn.send("GET", "\(path)/\(id)", key: key) }

    func cancel(_ id: String) -> Answer { standIn.send("POST", "\(path)/\(id)/cancel", key: key) }

    func decide(_ id: String, _ decision: String) -> Answer {
        standIn.send("POST", "/_understudy/runs/\(id)/\(decision)", key: key)
    }

    @discardableResult
    func advance(_ body: String) -> Answer {
        standIn.send("POST", "/_understudy/clock/advance", key: key, body: body)
    }

    func advance(seconds: Int) { advance(#"{"seconds": \#(seconds)}"#) }

    func scenario(_ body: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let answer = standIn.send("PUT", "/_understudy/scenarios/s", key: key, body: body)
        #expect(answer.status < 300, sourceLocation: sourceLocation)
    }

    /// Its status, and of each step whether it is over.
    func look(_ id: String) -> String {
        let answer = get(id)
        let steps = answer["steps"]?.array?.map { $0.object?["completed_at"]?.isNull == true ? "o" : "x" } ?? []
        return "\(answer["status"]?.string ?? "?") \(steps.joined())"
    }
}
