import JSON
import TestSupport
import Testing

@Suite struct PaginationTests {
    private static func nextCursor(_ answer: Answer) -> String? { answer["meta.pagination.next_cursor"]?.string }

    private static func ids(_ answer: Answer) -> [String] {
        answer["data"]?.array?.compactMap { $0.object?["id"]?.string ?? $0.object?["execution_id"]?.string } ?? []
    }

    @Test(arguments: [1, 3, 5, 9, 10, 11, 200])
    func aWalkSeesEveryRowOnce(size: Int) throws {
        let standIn = try StandIn()
        var seen: [String] = []
        var cursor: String? = ""
        while let next = cursor {
            let page = standIn.send(
                "GET", "/public-api/agents?page_size=\(size)\(next.isEmpty ? "" : "&cursor=\(next)")")
            #expect(page.status == 200)
            seen += Self.ids(page)
            cursor = Self.nextCursor(page)
            #expect(page["meta.pagination.has_more"]?.bool == (cursor != nil))
            #expect(cursor == nil || Self.ids(page).count == size)
        }
        #expect(seen == ["123", "140", "157", "163", "171", "188", "204", "219", "236", "251"])
    }

    @Test(arguments: [
        "0", "-1", "201", "5.0", "5.5", "", "ten", "+5", "%2B5", "0x5", "99999999999999999999", "5%20", "5,6", "١",
    ])
    func aPageHasOneToTwoHundredRows(size: String) throws {
        for list in ["agents", "executions"] {
            let answer = try StandIn().send("GET", "/public-api/\(list)?page_size=\(size)")
            #expect(answer.status == 422)
            #expect(answer.code == "validation_error")
            #expect(answer.violatedFields == ["page_size"])
        }
    }

    @Test func unknownParametersAreIgnoredAndTheLastOfTwoCounts() throws {
        let answer = try StandIn().send("GET", "/public-api/agents?x=1&page_size=0&page_size=2&pagesize=0&&=")
        #expect(Self.ids(answer) == ["123", "140"])
    }

    @Test func aCursorThatWasNotIssuedIsRefused() throws {
        let standIn = try StandIn()
        let cursor = try #require(Self.nextCursor(standIn.send("GET", "/public-api/agents?page_size=2")))
        #expect(standIn.send("GET", "/public-api/agents?cursor=\(cursor)").status == 200)
        var edited = ["", "x", "123", "%00", cursor.uppercased(), String(cursor.dropLast())]
        edited += ["A", "=", "%20"].map { cursor + $0 }
        // Every letter counts, also the bits that decoding leaves over in the last one.
        for index in cursor.indices {
            var copy = cursor
            copy.replaceSubrange(index...index, with: cursor[index] == "A" ? "B" : "A")
            edited.append(copy)
        }
        edited.append(cursor.dropLast() + (cursor.last == "A" ? "B" : cursor.last == "Q" ? "R" : "Z"))
        for text in edited where text != cursor {
            let answer = standIn.send("GET", "/public-api/agents?cursor=\(text)")
            #expect(answer.status == 400, "\(text)")
            #expect(answer.code == "BAD_REQUEST")
        }
        #expect(standIn.send("GET", "/public-api/agents?page_size=0&cursor=x").status == 400)
    }

    @Test func aCursorIsOneSandboxsAlone() throws {
        let standIn = try StandIn()
        let cursor = try #require(Self.nextCursor(standIn.send("GET", "/public-api/agents?page_size=2")))
        #expect(standIn.send("GET", "/public-api/agents?cursor=\(cursor)", key: "neo_sk_test_two").status == 400)
        #expect(standIn.send("GET", "/public-api/agents?cursor=\(cursor)").status == 200)
    }

    @Test func aCursorGoesOnWhateverThePagesSize() throws {
        let standIn = try StandIn()
        let first = standIn.send("GET", "/public-api/agents?page_size=3")
        let cursor = try #require(Self.nextCursor(first))
        let rest = standIn.send("GET", "/public-api/agents?cursor=\(cursor)&page_size=200")
        #expect(Self.ids(first) + Self.ids(rest) == Self.ids(standIn.send("GET", "/public-api/agents")))
        // Asking again gives the same page.
        #expect(Self.ids(standIn.send("GET", "/public-api/agents?cursor=\(cursor)")) == Self.ids(rest))
    }

    @Test func aCursorIsOneListsAlone() throws {
        let standIn = try StandIn()
        for (list, other) in [("agents", "executions"), ("executions", "agents")] {
            let page = standIn.send("GET", "/public-api/\(list)?page_size=1", key: StandIn.admin)
            let cursor = try #require(Self.nextCursor(page))
            #expect(standIn.send("GET", "/public-api/\(list)?cursor=\(cursor)", key: StandIn.admin).status == 200)
            #expect(standIn.send("GET", "/public-api/\(other)?cursor=\(cursor)", key: StandIn.admin).status == 400)
        }
    }

    /// The ids in the order in which a walk sees them; something happens after each page.
    private func walk(_ list: String, in standIn: StandIn, then happen: () -> Void = {}) -> [String] {
        var seen: [String] = []
        var page = standIn.send("GET", list, key: StandIn.admin)
        seen += Self.ids(page)
        while let cursor = Self.nextCursor(page), seen.count < 10_000 {
            happen()
            page = standIn.send("GET", "\(list)&cursor=\(cursor)", key: StandIn.admin)
            #expect(page.status == 200)
            seen += Self.ids(page)
        }
        return seen
    }

    @Test(arguments: [1, 7, 50, 146])
    func aWalkIsStableWhileRowsAreAdded(size: Int) throws {
        let standIn = try StandIn { configuration in
            configuration.clock = .real
            configuration.rateLimiting = .off
        }
        let body = createBody(["daily_execution_windows": "{}", "max_in_flight": "10"])
        #expect(standIn.send("POST", "/public-api/backfills", key: StandIn.admin, body: body).status == 201)
        standIn.pass(seconds: 30)
        let there = Self.ids(standIn.send("GET", "/public-api/executions?page_size=200", key: StandIn.admin))
        let seen = walk("/public-api/executions?page_size=\(size)", in: standIn) { standIn.pass(seconds: 30) }
        #expect(seen == there)
        // Rows were added in the meantime.
        #expect(Self.ids(standIn.send("GET", "/public-api/executions?page_size=200", key: StandIn.admin)) != there)
    }

    @Test func aFilteredWalkSeesWhatTheFilterPasses() throws {
        let standIn = try StandIn()
        for filter in ["agent_id=219", "status=FAILED", "status=SUCCESS", "entity_id=tkt-10008"] {
            let list = "/public-api/executions?page_size=200&\(filter)"
            let all = Self.ids(standIn.send("GET", list, key: StandIn.admin))
            #expect(!all.isEmpty)
            #expect(walk("/public-api/executions?page_size=3&\(filter)", in: standIn) == all)
        }
    }

    /// Executions of one instant, with and without a backfill: the ones without come last, the latest of them first.
    @Test func rowsOfOneInstantKeepTheirOrder() throws {
        let standIn = try StandIn(seed: .blank)
        let time = "2026-01-01T00:00:00Z"
        func execution(_ number: Int, _ place: String) -> String {
            """
            {"id": "\(number)", "agent_id": 1, "entity_id": "\(number % 50)", "entity_number": null, \(place),
                "created_at": "\(time)", "ends_at": "\(time)", "outcome": "SUCCESS", "message_for_dashboard": null,
                "error": null}
            """
        }
        let entities = (0..<50).map { #"{"id": "\#($0)", "type": "ticket"}"# }
        let placed = (0..<50).map { execution($0, #""backfill_id": "b", "position": \#($0)"#) }
        let alone = (50..<450).map { execution($0, #""backfill_id": null, "position": null"#) }
        let document = """
            {"agents": [{"id": "1", "name": "n", "autonomy_type": "AGENTIC", "entity_type": "TICKET", "created_at": "\(time)"}],
            "entities": [\(entities.joined(separator: ","))],
            "backfills": [{"id": "b", "state": "COMPLETED", "target_workflow_id": 1, "entity_type": "ticket",
                "filter_spec": {}, "daily_execution_windows": {}, "timezone": "UTC", "max_in_flight": 10,
                "total_estimated": null, "processed_count": 50, "succeeded_count": 50, "failed_count": 0,
                "started_at": "\(time)", "completed_at": "\(time)", "created_by": "x", "created_at": "\(time)",
                "error": null, "parent_backfill_run_id": null, "entities": [\((0..<50).map { "\"\($0)\"" }.joined(separator: ","))],
                "next_entity": 50, "ticked_at": "\(time)", "signals": [], "entity_seconds": null}],
            "executions": [\((alone.prefix(100) + placed + alone.dropFirst(100)).joined(separator: ","))]}
            """
        let imported = standIn.send("PUT", "/_understudy/sandbox/import", key: StandIn.admin, body: document)
        #expect(imported.status == 200, "\(imported.text)")
        let expected = ((0..<50).reversed() + (50..<450).reversed()).map(String.init)
        for size in [7, 50, 200] {
            #expect(walk("/public-api/executions?page_size=\(size)", in: standIn) == expected)
        }
        let ofOne = walk("/public-api/executions?page_size=2&entity_id=7", in: standIn)
        #expect(ofOne == ["7", "407", "357", "307", "257", "207", "157", "107", "57"])
    }
}
