import TestSupport
import Testing

@Suite struct AgentRunsTests {
    /// Of the demo seed: keys of the sandbox `default`.
    private static let path = "/api/v1/agents/contact_deduper/runs/"

    @Test func aRunComesWithItsStepsInOrder() throws {
        let standIn = try StandIn()
        let answer = standIn.send("GET", Self.path + DemoSeed.succeededRun, key: DemoSeed.backsideKey)
        #expect(answer.status == 200)
        #expect(answer["status"]?.string == "succeeded")
        let steps = try #require(answer["steps"]?.array)
        #expect(steps.compactMap { $0.object?["seq"]?.integer } == Array(1...Int64(steps.count)))
        let costs = steps.compactMap { $0.object?["cost_usd_cents"]?.integer }
        #expect(answer["cost_usd_cents"]?.integer == costs.reduce(0, +))
        #expect(answer["consecutive_failures"]?.integer == 0)
    }

    @Test func withoutCredentialsOneMayPay() throws {
        let answer = try StandIn().send("GET", Self.path + DemoSeed.succeededRun, key: nil)
        #expect(answer.status == 402)
        #expect(answer.code == "payment_required")
        #expect(answer["payment_options.x402.network"]?.string == "eip155:8453")
        #expect(answer["payment_options.api_key.signup_url"]?.string != nil)
    }

    @Test(arguments: [
        "bsk_live_short", "bsk_prod_" + String(repeating: "a", count: 43),
        "bsk_live_" + String(repeating: "-", count: 43), StandIn.neoKey,
    ])
    func whatIsNoKeyIsRefused(key: String) throws {
        let answer = try StandIn().send("GET", Self.path + DemoSeed.succeededRun, key: key)
        #expect(answer.status == 401)
        #expect(answer.code == "unauthorized")
    }

    @Test func aKeyNeedsTheScope() throws {
        let standIn = try StandIn()
        for (key, status) in [
            (DemoSeed.readOnlyKey, 200), (DemoSeed.otherScopeKey, 403), (DemoSeed.expiredBacksideKey, 401),
            (DemoSeed.revokedBacksideKey, 401),
        ] {
            #expect(standIn.send("GET", Self.path + DemoSeed.succeededRun, key: key).status == status)
        }
    }

    @Test func whatIsNotThereIsNotFound() throws {
        let standIn = try StandIn()
        let run = DemoSeed.succeededRun
        #expect(
            standIn.send("GET", "/api/v1/agents/ticket_triager/runs/\(run)", key: DemoSeed.backsideKey).status == 404)
        #expect(standIn.send("GET", "/api/v1/agents/nobody/runs/\(run)", key: DemoSeed.backsideKey).status == 404)
        #expect(standIn.send("GET", Self.path + run, key: StandIn.backsideKey).status == 404)
        #expect(
            standIn.send("GET", Self.path + "00000000-0000-4000-8000-000000000000", key: DemoSeed.backsideKey).status
                == 404)
        #expect(standIn.send("GET", "/api/v1/agents/nobody/runs/x", key: DemoSeed.backsideKey).status == 404)
        for id in ["x", "%00", run + "0", String(run.dropLast())] {
            let answer = standIn.send("GET", Self.path + id, key: DemoSeed.backsideKey)
            #expect(answer.status == 400)
            #expect(answer.code == "bad_request")
        }
    }

    @Test func theTighterWindowIsDescribed() throws {
        let answer = try StandIn().send("GET", Self.path + DemoSeed.succeededRun, key: StandIn.backsideKey)
        #expect(answer.response.field("X-RateLimit-Limit") == "1500")
        #expect(answer.response.field("X-RateLimit-Remaining") == "1499")
    }

    @Test func theMinuteAndTheDayRefuseEachInItsTurn() throws {
        let seed = #"{"base": "blank", "rate_limit_plan": "free", "clock": {"mode": "manual"}}"#
        let client = try RunClient(seed: .json(Array(seed.utf8)))
        func send() -> [String?] {
            let answer = client.standIn.send("GET", client.path, key: client.key).response
            let fields = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "Retry-After"].map(answer.field)
            return [String(answer.status)] + fields
        }
        for left in (0..<30).reversed() { #expect(send() == ["200", "30", String(left), nil]) }
        #expect(send() == ["429", "30", "0", "60"])
        // 33 minutes with 30 requests each, and the 10 that are left of the day's 1,000.
        for _ in 1..<33 {
            client.advance(seconds: 60)
            for _ in 0..<30 { _ = send() }
        }
        client.advance(seconds: 60)
        for left in (0..<10).reversed() { #expect(send() == ["200", "1000", String(left), nil]) }
        #expect(send() == ["429", "1000", "0", String(86_400 - 33 * 60)])
        client.advance(seconds: 86_400 - 33 * 60)
        #expect(send() == ["200", "30", "29", nil])
    }
}
