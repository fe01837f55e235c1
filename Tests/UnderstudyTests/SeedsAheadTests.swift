import JSON
import Time
import TestSupport
import Testing

/// Documents with things that by their clock are yet to come: nothing fails because of them.
@Suite struct SeedsAheadTests {
    /// The demo's export, with another present.
    private static func document(now: String) throws -> String {
        let export = try StandIn().send("GET", "/_understudy/sandbox/export", key: StandIn.admin)
        let said = try #require(export["clock.now"]?.string)
        return export.text.replacing("\"now\":\"\(said)\"", with: "\"now\":\"\(now)\"")
    }

    private static let presents = ["2026-03-01T09:00:00Z", "9999-12-31T23:59:59.999999Z"]

    @Test func whatIsImportedAheadOfTheClockIsCorrectedWhereItIs() throws {
        let standIn = try StandIn()
        let document = try Self.document(now: "2026-03-01T09:00:00Z")
        #expect(standIn.send("PUT", "/_understudy/sandbox/import", body: document).status == 200)
        let backfills = standIn.send("GET", "/_understudy/sandbox/export")["backfills"]?.array?.compactMap(\.object)
        let running = try #require(backfills?.first { $0["state"]?.string == "RUNNING" }?["id"]?.string)
        let answer = standIn.send("PATCH", "/_understudy/backfills/\(running)", body: #"{"state": "COMPLETED"}"#)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer["state"]?.string == "COMPLETED")
        let export = standIn.send("GET", "/_understudy/sandbox/export").text
        #expect(standIn.send("PUT", "/_understudy/sandbox/import", body: export).status == 200)
    }

    /// Everything that changes work by hand or by a call, in every state, at any present.
    @Test(arguments: presents)
    func nothingThatIsDoneByHandFails(now: String) throws {
        let standIn = try StandIn(seed: .json(Array(try Self.document(now: now).utf8))) { $0.rateLimiting = .off }
        let key = StandIn.admin
        _ = standIn.send("POST", "/_understudy/sandbox/credentials", key: nil, body: #"{"token": "\#(key)"}"#)
        _ = standIn.send(
            "POST", "/_understudy/sandbox/credentials", key: nil, body: #"{"token": "\#(StandIn.backsideKey)"}"#)
        let export = standIn.send("GET", "/_understudy/sandbox/export", key: key)
        let backfills = export["backfills"]?.array?.compactMap { $0.object?["id"]?.string } ?? []
        let runs = export["runs"]?.array?.compactMap { run in
            run.object.map { ($0["id"]?.string ?? "", $0["agent_kind"]?.string ?? "") }
        }
        #expect(backfills.count >= 6)
        var calls: [(method: String, target: String, body: String?)] = []
        for id in backfills {
            for state in ["DRAFT", "RUNNING", "PAUSED", "COMPLETED", "CANCELLED", "FAILED"] {
                for counts in ["", #", "succeeded_count": 1"#] {
                    calls.append(("PATCH", "/_understudy/backfills/\(id)", #"{"state": "\#(state)"\#(counts)}"#))
                }
            }
            calls.append(("PATCH", "/_understudy/backfills/\(id)", #"{"succeeded_count": 3, "failed_count": 1}"#))
            for signal in ["pause", "resume", "cancel", "rerun-failed"] {
                calls.append(("POST", "/public-api/backfills/\(id)/\(signal)", nil))
            }
        }
        for (id, kind) in runs ?? [] {
            calls.append(("POST", "/_understudy/runs/\(id)/approve", nil))
            calls.append(("POST", "/_understudy/runs/\(id)/deny", nil))
            calls.append(("POST", "/api/v1/agents/\(kind)/runs/\(id)/cancel", nil))
            calls.append(("POST", "/api/v1/agents/\(kind)/runs", #"{"input": {}}"#))
        }
        calls.append(("POST", "/public-api/backfills", createBody()))
        for call in calls {
            let key = call.target.hasPrefix("/api/") ? StandIn.backsideKey : key
            let answer = standIn.send(call.method, call.target, key: key, body: call.body)
            #expect(answer.status < 500, "\(call) \(answer.text)")
            #expect(standIn.send("POST", "/_understudy/sandbox/reset", key: StandIn.admin).status == 200)
        }
    }
}
