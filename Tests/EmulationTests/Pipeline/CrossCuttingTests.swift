import HTTPFront
import JSON
import Time
import TestSupport
import Testing

@Suite struct CrossCuttingTests {
    @Test(arguments: [
        "/public-api", "/public-api/", "/public-api/backfills/", "/public-api//backfills", "/public-api/backfill",
        "/public-api/backfills/x/y", "/public-api/../public-api/health", "/public-api/%62ackfillz",
        "/public-api/health/",
    ])
    func anUnknownPathIsNotEmulated(path: String) throws {
        for key in [StandIn.neoKey, nil] {
            let answer = try StandIn().send("GET", path, key: key)
            #expect(answer.status == 404)
            #expect(answer.code == "NOT_FOUND")
            #expect(answer["error.message"]?.string?.contains("not emulated") == true)
        }
    }

    @Test(arguments: ["/api/v1", "/api/v1/", "/api/v1/agents", "/api/v1/agents//runs/x", "/api/v1/agents/a/runs/b/c"])
    func anUnknownBacksidePathIsNotEmulated(path: String) throws {
        let answer = try StandIn().send("GET", path, key: StandIn.backsideKey)
        #expect(answer.status == 404)
        #expect(answer.code == "not_found")
    }

    @Test(arguments: ["/", "/x", "/public-apix/backfills", "/api/v2", "/_understudy/x", "*", ""])
    func whatBelongsToNoAPIIsNotFoundToo(path: String) throws {
        let answer = try StandIn().send("GET", path)
        #expect(answer.status == 404)
        #expect(answer.code == "not_found")
    }

    @Test(arguments: [
        ("DELETE", "/public-api/backfills/x", "GET, HEAD"), ("PUT", "/public-api/backfills", "GET, HEAD, POST"),
        ("POST", "/public-api/health", "GET, HEAD"), ("GET", "/public-api/backfills/x/rerun-failed", "POST"),
        ("BREW", "/public-api/backfills/x", "GET, HEAD"), ("POST", "/api/v1/agents/a/runs/b", "GET, HEAD"),
        ("GET", "/_understudy/sandbox/reset", "POST"),
    ])
    func anotherMethodIsToldWhatIsAllowed(method: String, path: String, allowed: String) throws {
        let answer = try StandIn().send(method, path, key: nil)
        #expect(answer.status == 405)
        #expect(answer.response.field("Allow") == allowed)
    }

    @Test(arguments: ["/public-api/health", "/public-api/openapi.json", "/api/v1/openapi.json", "/_understudy/health"])
    func someThingsTakeNoCredentials(path: String) throws {
        let standIn = try StandIn()
        #expect(standIn.send("GET", path, key: nil).status == 200)
        #expect(standIn.send("HEAD", path, key: nil).status == 200)
    }

    @Test func aPathMayBeEncodedAndATargetAbsolute() throws {
        let standIn = try StandIn()
        #expect(standIn.send("GET", "/public-api/%68ealth?x=1", key: nil).status == 200)
        let request = HTTPRequest("GET", "http://127.0.0.1:4080/public-api/health?x=1")
        #expect(standIn.application.respond(to: request).status == 200)
    }

    @Test func everyAnswerHasItsOwnRequestIDAndItsTime() throws {
        let standIn = try StandIn()
        let ids = try (0..<50).map { _ in
            try #require(standIn.send("GET", "/public-api/health")["meta.request_id"]?.string)
        }
        #expect(Set(ids).count == 50)
        #expect(ids.allSatisfy { UUIDValue($0) != nil })
        #expect(standIn.send("GET", "/public-api/health")["meta.timings_ms.total"]?.number?.double ?? -1 >= 0)
        #expect(UUIDValue(standIn.send("GET", "/public-api/x")["meta.request_id"]?.string ?? "") != nil)
    }

    @Test(arguments: [
        ("/public-api/backfills", "PAYLOAD_TOO_LARGE"), ("/api/v1/agents/a/runs/b", "payload_too_large"),
        ("/_understudy/sandbox/import", "payload_too_large"),
    ])
    func whatIsTooLargeIsRefusedInTheRightEnvelope(path: String, code: String) throws {
        let standIn = try StandIn()
        let fields = [HTTPField("Authorization", "Bearer \(StandIn.neoKey)"), HTTPField("Host", "localhost")]
        let body = standIn.application.respond(
            to: HTTPRequest("POST", path, fields: fields, problem: .bodyTooLarge(limit: 1)))
        if path.hasPrefix("/api") { return #expect(Answer(body).code == "unauthorized" || Answer(body).code == code) }
        #expect(body.status == 413)
        #expect(Answer(body).code == code)
        let headers = standIn.application.respond(
            to: HTTPRequest("GET", path, fields: fields, problem: .headersTooLarge(limit: 1)))
        #expect(headers.status == 431)
    }

    @Test func twoKeysNeverSeeEachOther() throws {
        let standIn = try StandIn()
        let mine = standIn.send("POST", "/public-api/backfills", body: createBody())
        let id = try #require(mine["data.backfill.id"]?.string)
        #expect(standIn.send("GET", "/public-api/backfills/\(id)", key: "neo_sk_test_two").status == 404)
        #expect(standIn.send("POST", "/public-api/backfills/\(id)/rerun-failed", key: "neo_sk_test_two").status == 404)
        #expect(standIn.send("POST", "/public-api/backfills", key: "neo_sk_test_two", body: createBody()).status == 201)
        #expect(standIn.send("GET", "/public-api/backfills/\(id)").status == 200)
    }

    @Test func theSameCallsGiveTheSameBytesEverywhere() throws {
        func ids() throws -> [String?] {
            let standIn = try StandIn()
            return ["123", "140"].map {
                standIn.send("POST", "/public-api/backfills", body: createBody(["target_workflow_id": $0]))[
                    "data.backfill"]?.compact
            }
        }
        let first = try ids()
        #expect(first == (try ids()))
        #expect(Set(first).count == 2)
    }

    @Test func theWindowSlidesAndRefusalsDoNotCount() throws {
        let standIn = try StandIn()
        func get() -> Answer { standIn.send("GET", "/public-api/backfills/x") }
        #expect(get().response.field("X-RateLimit-Remaining") == "1199")
        standIn.pass(seconds: 30)
        for _ in 0..<1_199 { _ = get() }
        let refused = get()
        #expect(refused.status == 429)
        #expect(refused.code == "RATE_LIMITED")
        #expect(refused.response.field("Retry-After") == "30")
        #expect(refused.response.field("X-RateLimit-Limit") == "1200")
        #expect(refused.response.field("X-RateLimit-Remaining") == "0")
        standIn.pass(seconds: 30)
        #expect(get().status == 404)
        #expect(get().status == 429)
        #expect(standIn.send("GET", "/public-api/backfills/x", key: "neo_sk_test_two").status == 404)
        standIn.pass(seconds: 30)
        #expect(get().status == 404)
    }

    @Test func theRateLimitCanBeCountedOrOff() throws {
        let counted = try StandIn { $0.rateLimiting = .count }
        for _ in 0..<1_250 { #expect(counted.send("GET", "/public-api/backfills/x").status == 404) }
        #expect(counted.send("GET", "/public-api/backfills/x").response.field("X-RateLimit-Remaining") == "0")
    }
}
