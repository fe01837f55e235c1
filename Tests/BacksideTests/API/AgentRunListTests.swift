import JSON
import TestSupport
import Testing

@Suite struct AgentRunListTests {
    private static func ids(_ answer: Answer) -> [String] {
        answer["data"]?.array?.compactMap { $0.object?["id"]?.string } ?? []
    }

    @Test func pagesNeitherSkipNorRepeatWhatWasMadeAtOneInstant() throws {
        let client = try RunClient()
        let made = try (0..<7).map { _ in try client.enqueue() }
        var found: [String] = []
        var query = "?limit=3"
        for _ in 0..<3 {
            let page = client.standIn.send("GET", client.path + query, key: client.key)
            found += Self.ids(page)
            #expect(page["has_more"]?.bool == (found.count < 7))
            #expect(page["data.0.steps"] == nil)
            query = "?limit=3&cursor=\(page["next_cursor"]?.string ?? "")"
        }
        #expect(found == made.reversed())
    }

    @Test func whatIsMadeAtOneInstantIsToldApartByMicrosecondsAndClaimedTogether() throws {
        let client = try RunClient()
        let made = try (0..<3).map { _ in try client.enqueue() }
        #expect(
            made.map { client.get($0)["created_at"]?.string?.suffix(8) }
                == ["000000Z", "000001Z", "000002Z"].map {
                    ".\($0)"
                })
        client.advance(seconds: 1)
        #expect(made.map(client.look) == ["running o", "running o", "running o"])
    }

    @Test func aSeedsRunFromTheFutureHoldsNoneBack() throws {
        let future = [(1, "+PT0.000001S"), (2, "+P2000D")].map { number, time in
            #"{"id": "00000000-0000-4000-8000-00000000000\#(number)", "agent_kind": "contact_deduper", "status": "queued", "created_at": "\#(time)"}"#
        }
        let seed = #"{"base": "blank", "clock": {"mode": "manual"}, "runs": [\#(future.joined(separator: ", "))]}"#
        let client = try RunClient(seed: .json(Array(seed.utf8)))
        let made = try (0..<3).map { _ in try client.enqueue() }
        #expect(
            made.map { client.get($0)["created_at"]?.string }
                == ["000000", "000002", "000003"].map { "2026-03-02T09:00:00.\($0)Z" })
        client.advance(seconds: 1)
        #expect(made.map(client.look) == ["running o", "running o", "running o"])
    }

    @Test func aListIsOfOneKindAndPerhapsOfOneStatus() throws {
        var client = try RunClient()
        client.key = DemoSeed.backsideKey
        func count(_ query: String) -> Int? {
            client.standIn.send("GET", client.path + query, key: client.key)["data"]?.array?.count
        }
        #expect(count("") == 7)
        #expect(count("?status=succeeded") == 2)
        #expect(count("?status=queued") == 1)
        #expect(count("?status=waiting") == 0)
        #expect(count("?status=unheard-of") == 0)
        #expect(count("?status=") == 0)
        #expect(count("?limit=1") == 1)
        #expect(count("?limit=100000") == 7)
        #expect(count("?limit=99999999999999999999999") == 7)
        #expect(count("?cursor=2026-01-01T00:00:00Z") == 0)
        #expect(count("?cursor=9999-12-31T23:59:59.999999Z&unknown=x") == 7)
        #expect(count("?cursor=2026-01-01T00:00:00%2B01:00") == 0)
        #expect(count("?cursor=2026-12-31T00:00:00+01:00") == 7)
    }

    @Test(arguments: [
        "?limit=0", "?limit=-1", "?limit=", "?limit=x", "?limit=1.5", "?limit=+1", "?limit=-99999999999999999999",
        "?cursor=", "?cursor=x", "?cursor=2026-01-01", "?cursor=1767225600", "?limit=x&cursor=y",
    ])
    func whatIsNoPageIsRefused(query: String) throws {
        let client = try RunClient()
        let answer = client.standIn.send("GET", client.path + query, key: client.key)
        #expect(answer.status == 400)
        #expect(answer.code == "bad_request")
    }

    @Test func anUnknownKindIsNotThere() throws {
        var client = try RunClient()
        client.kind = "nobody"
        let id = DemoSeed.succeededRun
        for (method, path) in [
            ("GET", client.path), ("POST", client.path), ("GET", "\(client.path)/\(id)"),
            ("POST", "\(client.path)/\(id)/cancel"),
        ] {
            let answer = client.standIn.send(method, path, key: client.key)
            #expect(answer.status == 404)
            #expect(answer.code == "not_found")
        }
    }
}
