import JSON
import Time
import TestSupport
import Testing

@Suite struct AgentStatsTests {
    private static let path = "/api/v1/admin/stats/agents"

    /// A run and when its clock's start was, in seconds before; `steps` are instants likewise.
    private static func run(
        _ number: Int, kind: String = "a", status: String = "queued", created: String = "-PT1H", updated: String? = nil,
        cost: Int64 = 0, started: String? = nil, category: String? = nil
    ) -> String {
        let step =
            started.map {
                #"{"seq": 1, "kind": "tool", "name": "x", "started_at": "\#($0)", "completed_at": "\#($0)", "cost_usd_cents": \#(cost)}"#
            } ?? ""
        let id = "00000000-0000-4000-8000-" + String(repeating: "0", count: 10) + String(10 + number)
        let failure = category.map { #""failure_category": "\#($0)", "# } ?? ""
        // Nothing more happens to them while they are counted.
        let step1 = #"{"kind": "tool", "name": "x", "seconds": 1e6}"#
        let script = #"{"steps": [\#(step1), \#(step1)], "outcome": {"status": "succeeded"}}"#
        return
            #"{"id": "\#(id)", "agent_kind": "\#(kind)", "status": "\#(status)", "run_at": "+P1D", "script": \#(script), \#(failure)"created_at": "\#(created)", "updated_at": "\#(updated ?? created)", "cost_usd_cents": \#(started == nil ? 0 : cost), "steps": [\#(step)]}"#
    }

    private static func scene(_ runs: [String]) throws -> ConfigScene {
        try ConfigScene(ConfigScene.bare + #", "runs": [\#(runs.joined(separator: ", "))]"#)
    }

    @Test func withoutRunsAllIsNothing() throws {
        let answer = try ConfigScene().send("GET", Self.path)
        #expect(answer.status == 200)
        #expect(
            answer.text
                == #"{"window":"24h","total_runs":0,"total_cost_cents":0,"by_status":{"queued":0,"running":0,"waiting":0,"succeeded":0,"failed":0,"cancelled":0},"by_blueprint":[],"failure_categories":[]}"#
        )
    }

    @Test func runsAreCountedByStatusKindAndFailure() throws {
        let scene = try Self.scene([
            Self.run(1, status: "succeeded", created: "-PT1H", updated: "-PT50M", cost: 3, started: "-PT59M59S"),
            Self.run(
                2, status: "failed", created: "-PT2H", updated: "-PT1H", cost: 4, started: "-PT1H30S", category: "z"),
            Self.run(3, status: "cancelled", created: "-PT3H", updated: "-PT2H59M50S", started: "-PT2H59M59S"),
            Self.run(4, kind: "b", status: "failed", created: "-PT4H", category: "deadline_exceeded"),
            Self.run(5, kind: "b", status: "failed", created: "-PT5H", category: "z"),
            Self.run(6, kind: "b", status: "failed", created: "-PT6H", category: "m"),
            Self.run(7, kind: "b", status: "failed", created: "-PT7H"),
            Self.run(8, status: "waiting", created: "-PT8H", updated: "-PT1M", cost: 5, started: "-PT8H"),
            Self.run(9, created: "-PT9H"),
            Self.run(10, status: "running", created: "-PT10H", updated: "-PT1M", cost: 1, started: "-PT10H"),
        ])
        // Ended with a step: 599, 30 and 9 seconds.
        #expect(
            scene.send("GET", Self.path).text
                == #"{"window":"24h","total_runs":10,"total_cost_cents":13,"by_status":{"queued":1,"running":1,"waiting":1,"succeeded":1,"failed":5,"cancelled":1},"by_blueprint":[{"blueprint":"a","runs":6,"succeeded":1,"failed":1,"avg_cost_cents":\#(13.0 / 6),"avg_duration_secs":\#(638.0 / 3)},{"blueprint":"b","runs":4,"succeeded":0,"failed":4,"avg_cost_cents":0.0,"avg_duration_secs":null}],"failure_categories":[{"category":"z","count":2},{"category":"deadline_exceeded","count":1},{"category":"m","count":1}]}"#
        )
    }

    @Test(arguments: [("", 2), ("?window=24h", 2), ("?window=7d", 4), ("?window=30d", 6), ("?window=7d&window=24h", 2)])
    func aRunLeavesTheWindowWhenItIsThatOld(query: String, count: Int64) throws {
        let scene = try Self.scene([
            Self.run(1, created: "-P0D"), Self.run(2, created: "-PT23H59M59S"), Self.run(3, created: "-P1D"),
            Self.run(4, created: "-P6DT23H59M59S"), Self.run(5, created: "-P7D"),
            Self.run(6, created: "-P29DT23H59M59S"), Self.run(7, created: "-P30D"),
            // Not made yet.
            Self.run(8, created: "+PT1S"),
        ])
        #expect(scene.send("GET", Self.path + query)["total_runs"]?.integer == count)
        scene.advance(seconds: 1)
        // One has come, and one has gone.
        #expect(scene.send("GET", Self.path + query)["total_runs"]?.integer == count)
    }

    @Test(arguments: ["", "24H", "1d", "24", "24h%20", "%FF", "30d,7d"])
    func anotherWindowIsABadRequest(window: String) throws {
        let answer = try ConfigScene().send("GET", "\(Self.path)?window=\(window)")
        #expect(answer.status == 400)
        #expect(answer["error.message"]?.string == "window must be one of 24h, 7d, 30d.")
    }

    @Test func aSumThatDoesNotFitIsTheLargestNumber() throws {
        let half = Int64.max / 2
        let scene = try Self.scene([
            Self.run(1, status: "cancelled", updated: "-PT1M", cost: half, started: "-PT1M"),
            Self.run(2, status: "cancelled", created: "-PT2H", updated: "-PT1M", cost: half + 1, started: "-PT1M"),
        ])
        #expect(scene.send("GET", Self.path)["total_cost_cents"]?.integer == .max)
        let more = try Self.scene([
            Self.run(1, status: "cancelled", updated: "-PT1M", cost: .max, started: "-PT1M"),
            Self.run(2, status: "cancelled", created: "-PT2H", updated: "-PT1M", cost: .max, started: "-PT1M"),
        ])
        let answer = more.send("GET", Self.path)
        #expect(answer.status == 200)
        #expect(answer["total_cost_cents"]?.integer == .max)
    }

    @Test func whatIsMadeAtOneInstantIsCountedAtOnce() throws {
        let scene = try ConfigScene()
        for _ in 1...3 { #expect(scene.send("POST", "/api/v1/agents/a/runs").status == 201) }
        #expect(scene.send("GET", Self.path)["total_runs"]?.integer == 3)
        #expect(scene.send("GET", Self.path)["by_blueprint.0.runs"]?.integer == 3)
    }

    /// Counted here from the runs of an export, in the plainest way.
    @Test(arguments: [("24h", Int64(1)), ("7d", 7), ("30d", 30)])
    func theDemosStatisticsAreThoseOfItsRuns(window: String, days: Int64) throws {
        let standIn = try StandIn()
        let export = standIn.send("GET", "/_understudy/sandbox/export", key: DemoSeed.backsideKey)
        let now = try #require(export["clock.now"]?.string.flatMap(Instant.init(rfc3339:)))
        func time(_ run: JSONObject, _ member: String) -> Int64? {
            run[member]?.string.flatMap(Instant.init(rfc3339:))?.microseconds
        }
        let runs = try #require(export["runs"]?.array).compactMap(\.object).filter {
            time($0, "created_at") ?? 0 > now.microseconds - days * 86_400_000_000
        }
        let answer = standIn.send("GET", "\(Self.path)?window=\(window)", key: DemoSeed.backsideKey)
        #expect(!runs.isEmpty)
        #expect(answer["total_runs"]?.integer == Int64(runs.count))
        #expect(answer["total_cost_cents"]?.integer == runs.compactMap { $0["cost_usd_cents"]?.integer }.reduce(0, +))
        for status in ["queued", "running", "waiting", "succeeded", "failed", "cancelled"] {
            let count = runs.count { $0["status"]?.string == status }
            #expect(answer["by_status.\(status)"]?.integer == Int64(count))
        }
        let kinds = Set(runs.compactMap { $0["agent_kind"]?.string }).sorted()
        #expect(answer["by_blueprint"]?.array?.compactMap { $0.object?["blueprint"]?.string } == kinds)
        for (index, kind) in kinds.enumerated() {
            let own = runs.filter { $0["agent_kind"]?.string == kind }
            let costs = own.compactMap { $0["cost_usd_cents"]?.integer }
            let place = "by_blueprint.\(index)"
            #expect(answer["\(place).runs"]?.integer == Int64(own.count))
            #expect(
                answer["\(place).avg_cost_cents"]?.number?.double == Double(costs.reduce(0, +)) / Double(costs.count))
            let ended = own.filter { ["succeeded", "failed", "cancelled"].contains($0["status"]?.string) }
            let durations = ended.compactMap { run -> Int64? in
                guard let first = run["steps"]?.array?.first?.object, let start = time(first, "started_at"),
                    let end = time(run, "updated_at")
                else { return nil }
                return end - start
            }
            let average =
                durations.isEmpty ? nil : Double(durations.reduce(0, +)) / Double(durations.count) / 1_000_000
            #expect(answer["\(place).avg_duration_secs"]?.number?.double == average)
        }
        var failures: [String: Int64] = [:]
        for run in runs { if let category = run["failure_category"]?.string { failures[category, default: 0] += 1 } }
        let named = answer["failure_categories"]?.array?.compactMap { $0.object?["category"]?.string } ?? []
        #expect(named == failures.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key))
    }
}
