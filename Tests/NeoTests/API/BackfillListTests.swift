import TestSupport
import Testing

@Suite struct BackfillListTests {
    private func ids(_ answer: Answer) -> [String] {
        answer["data"]?.array?.compactMap { $0.object?["id"]?.string } ?? []
    }

    @Test func theNewestComesFirstAndOfTwinsTheLater() throws {
        let standIn = try StandIn()
        #expect(standIn.send("GET", "/public-api/backfills")["data"]?.compact == "[]")
        let first = try standIn.create()
        let twin = try standIn.create(["target_workflow_id": "140"])
        standIn.advance(#"{"seconds": 1}"#)
        let last = try standIn.create(["target_workflow_id": "157"])
        let answer = standIn.send("GET", "/public-api/backfills")
        #expect(ids(answer) == [last, twin, first])
        #expect(answer["meta.pagination"]?.compact == #"{"has_more":false,"next_cursor":null}"#)
        #expect(answer["data.0"]?.compact == standIn.backfill(last)["data"]?.compact)
    }

    @Test func aWalkSeesEveryRowOnceThoughOthersAreAdded() throws {
        let standIn = try StandIn()
        let before = ids(standIn.send("GET", "/public-api/backfills", key: StandIn.admin))
        var walked: [String] = []
        var target = "/public-api/backfills?page_size=3"
        while true {
            let page = standIn.send("GET", target, key: StandIn.admin)
            walked += ids(page)
            guard let cursor = page["meta.pagination.next_cursor"]?.string else { break }
            if walked.count == 3 { _ = try standIn.create(key: StandIn.admin) }
            target = "/public-api/backfills?page_size=3&cursor=\(cursor)"
        }
        #expect(walked == before)
        #expect(walked.count == 8)
    }

    @Test(arguments: ["0", "201", "-1", "x", "1.5", "", "99999999999999999999"])
    func aPageHasOneToTwoHundredRows(size: String) throws {
        let answer = try StandIn().send("GET", "/public-api/backfills?page_size=\(size)")
        #expect(answer.status == 422)
        #expect(answer.violatedFields == ["page_size"])
    }

    @Test func aCursorOfAnotherSandboxOrMadeByHandIsRefused() throws {
        let standIn = try StandIn()
        let page = standIn.send("GET", "/public-api/backfills?page_size=1", key: StandIn.admin)
        let cursor = try #require(page["meta.pagination.next_cursor"]?.string)
        #expect(standIn.send("GET", "/public-api/backfills?cursor=\(cursor)", key: StandIn.admin).status == 200)
        #expect(standIn.send("GET", "/public-api/backfills?cursor=\(cursor)").status == 400)
        for edited in ["", "x", String(cursor.dropLast()), cursor + "A", "B" + cursor.dropFirst()] {
            let answer = standIn.send("GET", "/public-api/backfills?cursor=\(edited)", key: StandIn.admin)
            #expect(answer.status == 400)
            #expect(answer.code == "BAD_REQUEST")
        }
    }
}
