import HTTPFront
import Time
import TestSupport
import Testing

@Suite struct JournalTests {
    private static let path = "/_understudy/requests"

    @Test func anEntryIsTheRequestAndItsAnswer() throws {
        let standIn = try StandIn()
        let answer = standIn.send(
            "POST", "/public-api/backfills?dry=1", body: #"{"max_in_flight": 5}"#,
            fields: [HTTPField("Accept", "a"), HTTPField("accept", "b")])
        let entry = try #require(standIn.send("GET", Self.path)["data.0"]?.object)
        #expect(
            entry.members.map(\.key) == [
                "request_id", "time", "api", "operation", "method", "path", "query", "request_headers", "request_body",
                "status", "response_headers", "response_body", "milliseconds", "fault",
            ])
        #expect(entry["request_id"]?.string == answer["meta.request_id"]?.string)
        #expect(entry["time"]?.string == "2026-03-02T09:00:00.000000Z")
        #expect(entry["api"]?.string == "neo")
        #expect(entry["operation"]?.string == "public_api.backfills_post")
        #expect(entry["method"]?.string == "POST")
        #expect(entry["path"]?.string == "/public-api/backfills")
        #expect(entry["query"]?.string == "dry=1")
        #expect(
            entry["request_headers"]?.compact
                == #"{"Host":"127.0.0.1:4080","Accept":"a, b","Authorization":"[redacted]"}"#)
        #expect(entry["request_body"]?.string == #"{"max_in_flight": 5}"#)
        #expect(entry["status"]?.integer == 422)
        #expect(entry["response_headers"]?.object?["Content-Type"]?.string == "application/json")
        #expect(entry["response_headers"]?.object?["X-RateLimit-Limit"]?.string == "1200")
        #expect(entry["response_body"]?.string == answer.text)
        #expect(entry["milliseconds"]?.number?.double ?? -1 >= 0)
        #expect(entry["fault"]?.isNull == true)
    }

    @Test func theNewestComesFirstAndOneIsFoundByItsID() throws {
        let standIn = try StandIn()
        let ids = (0..<3).compactMap {
            standIn.send("GET", "/public-api/backfills/\($0)")["meta.request_id"]?.string
        }
        let listed = standIn.send("GET", Self.path)["data"]?.array ?? []
        #expect(listed.compactMap { $0.object?["request_id"]?.string } == ids.reversed())
        let one = standIn.send("GET", "\(Self.path)/\(ids[1])")
        #expect(one["path"]?.string == "/public-api/backfills/1")
        #expect(one.json?.compact == listed[1].compact)
        #expect(standIn.send("GET", "\(Self.path)/nothing").status == 404)
    }

    @Test func everySandboxHasItsOwn() throws {
        let standIn = try StandIn()
        standIn.send("GET", "/public-api/backfills")
        standIn.send("GET", "/api/v1/agents/triage/runs/x", key: StandIn.backsideKey)
        #expect(standIn.send("GET", "\(Self.path)/count")["count"]?.integer == 1)
        let other = standIn.send("GET", Self.path, key: StandIn.backsideKey)
        #expect(other["data.0.api"]?.string == "backside")
        #expect(other["data.1"] == nil)
        #expect(standIn.send("GET", "\(Self.path)/count", key: nil)["count"]?.integer == 0)
    }

    @Test func whatFindsNoSandboxStandsInDefaultsJournal() throws {
        let standIn = try StandIn()
        standIn.send("GET", "/public-api/backfills", key: nil)
        standIn.send("GET", "/api/v1/agents/triage/runs/x", key: nil)
        standIn.send("GET", "/public-api/nowhere", key: nil)
        standIn.send("GET", "/public-api/health", key: nil)
        let data = standIn.send("GET", Self.path, key: nil)["data"]?.array ?? []
        #expect(data.compactMap { $0.object?["status"]?.integer } == [200, 404, 402, 401])
        #expect(data[1].object?["operation"]?.isNull == true)
    }

    @Test func inStrictModeItStandsNowhere() throws {
        let standIn = try StandIn(seed: .json(Array(#"{"credentials": [{"token": "neo_sk_test_own"}]}"#.utf8))) {
            $0.mode = .strict
        }
        standIn.send("GET", "/public-api/backfills", key: nil)
        standIn.send("GET", "/public-api/backfills", key: "neo_sk_test_strange")
        standIn.send("GET", "/public-api/backfills", key: "neo_sk_test_own")
        let data = standIn.send("GET", Self.path, key: "neo_sk_test_own")["data"]?.array ?? []
        #expect(data.compactMap { $0.object?["status"]?.integer } == [200])
        #expect(standIn.send("GET", Self.path, key: nil).status == 401)
    }

    @Test func theControlPlaneIsNotJournaled() throws {
        let standIn = try StandIn()
        standIn.send("GET", "/_understudy/sandbox")
        standIn.send("GET", Self.path)
        standIn.send("GET", "/nowhere")
        #expect(standIn.send("GET", "\(Self.path)/count")["count"]?.integer == 0)
    }

    @Test func headIsKeptWithoutABody() throws {
        let standIn = try StandIn()
        standIn.send("HEAD", "/public-api/backfills")
        let entry = standIn.send("GET", Self.path)
        #expect(entry["data.0.method"]?.string == "HEAD")
        #expect(entry["data.0.response_body"]?.isNull == true)
    }

    @Test func aResetEmptiesItAndAnImportDoesNot() throws {
        let standIn = try StandIn()
        standIn.send("GET", "/public-api/backfills")
        let export = standIn.send("GET", "/_understudy/sandbox/export").text
        #expect(!export.contains("request"))
        standIn.send("PUT", "/_understudy/sandbox/import", body: export)
        #expect(standIn.send("GET", "\(Self.path)/count")["count"]?.integer == 1)
        standIn.send("POST", "/_understudy/sandbox/reset")
        #expect(standIn.send("GET", "\(Self.path)/count")["count"]?.integer == 0)
    }

    @Test func theOldestGoesPastTheLimit() throws {
        let standIn = try StandIn { $0.journalEntries = 3 }
        for number in 1...5 { standIn.send("GET", "/public-api/backfills/\(number)") }
        let paths = standIn.send("GET", Self.path)["data"]?.array?.compactMap { $0.object?["path"]?.string }
        #expect(paths == [5, 4, 3].map { "/public-api/backfills/\($0)" })
    }

    @Test(arguments: ["", "/count", "/wait", "/x", ".har"])
    func aJournalThatIsOffSaysSo(route: String) throws {
        let standIn = try StandIn { $0.journalEntries = 0 }
        standIn.send("GET", "/public-api/backfills")
        let answer = standIn.send("GET", Self.path + route)
        #expect(answer.status == 409)
        #expect(answer.code == "conflict")
        #expect(standIn.send("DELETE", Self.path).status == 409)
        #expect(standIn.send("GET", "/_understudy/conformance").status == 409)
    }

    @Test func aLongBodyIsCutOffWithAMark() throws {
        let standIn = try StandIn()
        let word = String(repeating: "é", count: 40_000)
        standIn.send("POST", "/public-api/backfills", body: #"{"entity_type": "\#(word)"}"#)
        let text = try #require(standIn.send("GET", Self.path)["data.0.request_body"]?.string)
        #expect(text.hasSuffix("é…[truncated: 80019 bytes in all]"))
        #expect(text.utf8.count < 65_600)
    }
}
