import TestSupport
import Testing

@Suite struct JournalFilterTests {
    private static let path = "/_understudy/requests"

    /// Five requests, a second apart, the first at nine.
    private static func standIn() throws -> StandIn {
        let standIn = try StandIn()
        for (method, target) in [
            ("GET", "/public-api/backfills"), ("POST", "/public-api/backfills"), ("GET", "/public-api/backfills/7"),
            ("PUT", "/public-api/backfills/7"), ("GET", "/public-api/agents/123"),
        ] {
            standIn.send(method, target, body: method == "POST" ? createBody() : nil)
            standIn.pass(seconds: 1)
        }
        return standIn
    }

    @Test(arguments: [
        ("", 5), ("api=neo", 5), ("api=backside", 0), ("method=GET", 3), ("method=get", 3), ("status=404", 1),
        ("status=4xx", 2), ("status=2XX", 3), ("status=0", 0), ("path=/public-api/backfills", 2),
        ("path=/public-api/backfills/*", 2), ("path=/public-api/**", 5), ("path=%2Fpublic-api%2F*%2F7", 2),
        ("operation=public_api.backfills_post", 1), ("since=2026-03-02T09:00:03Z", 2),
        ("since=2026-03-02T10:00:03.000001%2B01:00", 1), ("method=GET&status=200&since=2026-03-02T09:00:01Z", 1),
        ("method=PUT&method=POST", 1),
    ])
    func filtersNarrowListCountAndDelete(query: String, count: Int64) throws {
        let standIn = try Self.standIn()
        #expect(standIn.send("GET", "\(Self.path)/count?\(query)")["count"]?.integer == count)
        #expect(standIn.send("GET", "\(Self.path)?\(query)")["data"]?.array?.count == Int(count))
        #expect(standIn.send("GET", "\(Self.path).har?\(query)")["log.entries"]?.array?.count == Int(count))
        #expect(standIn.send("DELETE", "\(Self.path)?\(query)")["count"]?.integer == count)
        #expect(standIn.send("GET", "\(Self.path)/count")["count"]?.integer == 5 - count)
    }

    @Test func aListHasAtMostItsLimit() throws {
        let standIn = try Self.standIn()
        let listed = standIn.send("GET", "\(Self.path)?limit=2")["data"]?.array?.compactMap {
            $0.object?["path"]?.string
        }
        #expect(listed == ["/public-api/agents/123", "/public-api/backfills/7"])
        for _ in 0..<100 { standIn.send("GET", "/public-api/backfills") }
        #expect(standIn.send("GET", Self.path)["data"]?.array?.count == 100)
        #expect(standIn.send("GET", "\(Self.path)?limit=1000")["data"]?.array?.count == 105)
    }

    @Test(arguments: [
        ("api=neoo", "api"), ("api=", "api"), ("operation=create", "operation"), ("method=", "method"),
        ("method=G%20T", "method"), ("path=backfills", "path"),
        ("path=/" + String(repeating: "a", count: 256), "path"), ("path=", "path"), ("status=4x", "status"),
        ("status=40x", "status"), ("status=999", "status"), ("status=%C2%B2xx", "status"), ("since=yesterday", "since"),
        ("since=2026-03-02T10:00:03+01:00", "since"), ("limit=0", "limit"), ("limit=1001", "limit"),
        ("limit=ten", "limit"), ("metod=GET", "metod"), ("count=1", "count"), ("timeout=1", "timeout"), ("x", "x"),
    ])
    func aFilterThatMakesNoSenseIsRefused(query: String, field: String) throws {
        let standIn = try Self.standIn()
        for target in ["\(Self.path)?\(query)", "\(Self.path).har?\(query)"] {
            let answer = standIn.send("GET", target)
            #expect(answer.status == 422)
            #expect(answer.code == "invalid_request")
            #expect(answer.violatedFields == [field])
        }
        #expect(standIn.send("DELETE", "\(Self.path)?\(query)").status == 422)
        #expect(standIn.send("GET", "\(Self.path)/count")["count"]?.integer == 5)
    }

    @Test func anUnknownNameIsToldTheKnownOnes() throws {
        let answer = try Self.standIn().send("GET", "\(Self.path)?api=neoo")
        #expect(answer["error.message"]?.string == "api must be one of neo, backside")
    }
}
