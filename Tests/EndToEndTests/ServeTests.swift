import Foundation
import RawHTTP
import Testing

/// A create that the built-in seeds allow.
let createBody =
    #"{"target_workflow_id": 123, "entity_type": "ticket", "filter_spec": {}, "daily_execution_windows": {}, "max_in_flight": 5}"#

@Suite struct ServeTests {
    @Test func aServerSaysThatItIsWellAndWhereItIs() throws {
        let serving = try ServingProgram()
        let health = try serving.request("GET", "/_understudy/health")
        #expect(health.status == 200)
        #expect(health["status"]?.string == "ok")
        let result = try serving.stop()
        #expect(result.output.contains("http://127.0.0.1:\(serving.port)/public-api"))
        #expect(result.output.contains("http://127.0.0.1:\(serving.port)/api/v1"))
        #expect(result.output.split(separator: "\n").count < 25)
    }

    @Test func theRequestOnTheStartScreenWorks() throws {
        let serving = try ServingProgram()
        // The port file is there first.
        try #require(Deadline.met { serving.program.read("stdout").hasSuffix("}'\n\n") })
        let screen = serving.program.read("stdout")
        let command = screen.split(separator: "\n").drop { !$0.contains("curl -s") }.joined(separator: "\n")
        let body = try #require(command.split(separator: "'").last { $0.hasPrefix("{") })
        let key = try #require(command.split(separator: "Bearer ").last?.prefix { $0 != "'" })
        #expect(command.contains("http://127.0.0.1:\(serving.port)/public-api/backfills "))
        let answer = try serving.request("POST", "/public-api/backfills", key: String(key), body: String(body))
        #expect(answer.status == 201)
    }

    @Test func aTourThroughBothAPIs() throws {
        let serving = try ServingProgram(["--clock", "manual"])
        let key = "neo_sk_test_tour"
        let created = try serving.request("POST", "/public-api/backfills", key: key, body: createBody)
        #expect(created.status == 201)
        let id = try #require(created["data.backfill.id"]?.string)
        let got = try serving.request("GET", "/public-api/backfills/\(id)", key: key)
        #expect(got.status == 200)
        #expect(got["data.id"]?.string == id)
        // Another key is another world.
        #expect(try serving.request("GET", "/public-api/backfills/\(id)", key: "neo_sk_test_other").status == 404)
        #expect(try serving.request("POST", "/public-api/backfills", key: key, body: createBody).status == 409)
        #expect(try serving.request("POST", "/public-api/backfills", body: createBody).status == 401)
        let run = "/api/v1/agents/contact_deduper/runs/00000000-0000-4000-8000-00000000a904"
        #expect(try serving.request("GET", run).status == 402)
        let demoKey = "bsk_live_EverythingUnderstudy0123456789abcdefghijklm"
        #expect(try serving.request("GET", run, key: demoKey)["status"]?.string == "succeeded")
        #expect(try serving.request("POST", "/_understudy/sandbox/reset", key: key).status == 200)
        #expect(try serving.request("GET", "/public-api/backfills/\(id)", key: key).status == 404)
        #expect(try serving.request("GET", "/nowhere").status == 404)
    }

    @Test func ofSixteenCreatesAtOnceOneWins() throws {
        let serving = try ServingProgram()
        let connections = try (0..<16).map { _ in try RawConnection(port: serving.port) }
        let fields = [("Authorization", "Bearer neo_sk_test_race")]
        for connection in connections {
            try connection.send(
                RawConnection.request("POST", "/public-api/backfills", fields: fields, body: createBody))
        }
        let statuses = try connections.map { try $0.answer()?.status ?? 0 }
        #expect(statuses.sorted() == [201] + Array(repeating: 409, count: 15))
    }

    @Test func theDocumentsOwnLimitsHold() throws {
        let serving = try ServingProgram()
        let large = String(repeating: " ", count: 1 << 20)
        #expect(
            try serving.request("POST", "/public-api/backfills", key: "neo_sk_test_a", body: large + "{}").status == 413
        )
        let connection = try RawConnection(port: serving.port)
        let long = [("Authorization", "Bearer neo_sk_test_a"), ("Cookie", String(repeating: "c", count: 16_384))]
        #expect(try connection.request("GET", "/public-api/health", fields: long)?.status == 431)
    }
}
