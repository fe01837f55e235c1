import ControlPlane
import JSON
import TestSupport
import Testing

/// The journal as an HTTP Archive: what the format requires, stated here a second time.
@Suite struct ArchiveTests {
    private static func standIn() throws -> StandIn {
        let standIn = try StandIn()
        standIn.send("GET", "/public-api/backfills?page_size=5&q=a%20b+c")
        standIn.send("POST", "/public-api/backfills", body: createBody())
        standIn.send("HEAD", "/public-api/agents")
        standIn.send("GET", "/public-api/nowhere")
        return standIn
    }

    /// The members that HAR 1.2 requires of each of its objects, and what kind they are of.
    private static let required: [(place: String, members: String)] = [
        ("", "log:object"), ("log", "version:string creator:object entries:array"),
        ("log.creator", "name:string version:string"),
        ("entry", "startedDateTime:string time:number request:object response:object cache:object timings:object"),
        (
            "entry.request",
            "method:string url:string httpVersion:string cookies:array headers:array queryString:array headersSize:number bodySize:number"
        ),
        (
            "entry.response",
            "status:number statusText:string httpVersion:string cookies:array headers:array content:object redirectURL:string headersSize:number bodySize:number"
        ),
        ("entry.response.content", "size:number mimeType:string"),
        ("entry.timings", "send:number wait:number receive:number"),
    ]

    private static func kind(_ node: JSONNode?) -> String? {
        node.map { String($0.value.kindName.split(separator: " ").last ?? "") }
    }

    @Test func itHasAllThatTheFormatRequires() throws {
        let answer = try Self.standIn().send("GET", "/_understudy/requests.har")
        let entries = try #require(answer["log.entries"]?.array)
        #expect(entries.count == 4)
        for (place, members) in Self.required {
            let isOfEntry = place.hasPrefix("entry")
            let objects =
                isOfEntry
                ? entries.map { Self.node(at: place.dropFirst(6), in: $0) }
                : [Self.node(at: place[...], in: answer.json)]
            for object in objects {
                for member in members.split(separator: " ") {
                    let parts = member.split(separator: ":").map(String.init)
                    #expect(Self.kind(object?.object?[parts[0]]) == parts[1], "\(place).\(parts[0])")
                }
            }
        }
        for entry in entries {
            for list in ["request.headers", "request.queryString", "response.headers"] {
                for pair in Self.node(at: list[...], in: entry)?.array ?? [] {
                    #expect(pair.object?.members.map(\.key) == ["name", "value"])
                }
            }
        }
    }

    private static func node(at path: Substring, in root: JSONNode?) -> JSONNode? {
        path.split(separator: ".").reduce(root) { $0?.object?[String($1)] }
    }

    @Test func anEntryIsTheRequestAndItsAnswer() throws {
        let answer = try Self.standIn().send("GET", "/_understudy/requests.har")
        #expect(answer["log.version"]?.string == "1.2")
        #expect(answer["log.creator.name"]?.string == "Understudy")
        let first = "log.entries.0"
        #expect(answer["\(first).startedDateTime"]?.string == "2026-03-02T09:00:00.000000Z")
        #expect(
            answer["\(first).request.url"]?.string
                == "http://127.0.0.1:4080/public-api/backfills?page_size=5&q=a%20b+c")
        #expect(
            answer["\(first).request.queryString"]?.compact
                == #"[{"name":"page_size","value":"5"},{"name":"q","value":"a b c"}]"#)
        #expect(answer["\(first).request.postData"] == nil)
        #expect(answer["\(first).time"]?.compact == answer["\(first).timings.wait"]?.compact)
        let second = "log.entries.1"
        #expect(answer["\(second).request.postData.text"]?.string == createBody())
        #expect(answer["\(second).request.bodySize"]?.integer == Int64(createBody().utf8.count))
        #expect(answer["\(second).response.status"]?.integer == 201)
        #expect(answer["\(second).response.statusText"]?.string == "Created")
        #expect(answer["\(second).response.content.mimeType"]?.string == "application/json")
        #expect(answer["\(second).response.content.text"]?.string?.hasPrefix(#"{"data":"#) == true)
        #expect(answer["log.entries.2.response.content.text"] == nil)
        #expect(answer["log.entries.3._operation"]?.isNull == true)
    }

    @Test func aLimitTakesTheNewest() throws {
        let answer = try Self.standIn().send("GET", "/_understudy/requests.har?limit=2")
        let methods = answer["log.entries"]?.array?.compactMap {
            Self.node(at: "request.method", in: $0)?.string
        }
        #expect(methods == ["HEAD", "GET"])
    }
}
