import HTTPFront
import JSON
import SQLite
import Sandboxes
import TestSupport
import Testing

/// A stand-in whose one sandbox in use was filled by the test, and the Backside API's answers from it.
struct ConfigScene {
    static let kinds = "/api/v1/agent-configs"
    /// Two kinds that exist, neither with a config.
    static let bare = #""agent_scripts": {"a": \#(script), "b": \#(script)}"#
    private static let script = #"{"steps": [], "outcome": {"status": "succeeded"}}"#

    let standIn: StandIn
    let key = StandIn.backsideKey

    /// Imports a seed with those members.
    init(_ members: String = Self.bare) throws {
        standIn = try StandIn()
        let imported = standIn.send(
            "PUT", "/_understudy/sandbox/import", key: key,
            body: #"{"understudy": 1, "clock": {"mode": "manual", "now": "2026-03-02T09:00:00Z"}, \#(members)}"#)
        try #require(imported.status == 200, "\(imported.text)")
    }

    @discardableResult
    func send(
        _ method: String, _ path: String, _ body: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) -> Answer {
        standIn.send(method, path, key: key, body: body, sourceLocation: sourceLocation)
    }

    /// Everything in the sandbox; it may nest deeper than the judge of answers reads.
    var export: String {
        let fields = [HTTPField("Authorization", "Bearer \(key)"), HTTPField("Host", "localhost")]
        return Answer(
            standIn.application.respond(to: HTTPRequest("GET", "/_understudy/sandbox/export", fields: fields))
        ).text
    }

    func advance(seconds: Int) {
        #expect(send("POST", "/_understudy/clock/advance", #"{"seconds": \#(seconds)}"#).status == 200)
    }

    /// The bytes of the sandbox's database.
    func database() throws -> [UInt8] {
        let known = try #require(try standIn.directory.resolve(.key(key)))
        let image = try known.sandbox.withWorld { try $0.database.image() }
        let reader = try Database()
        let row = try reader.statement("SELECT ? AS bytes")
        row.bind(image, at: 1)
        defer { row.reset() }
        _ = try row.step()
        return Array(row.bytes("bytes"))
    }
}

extension Answer {
    /// The members of an object, but for some.
    func members(without names: String...) -> String {
        let members = json?.object?.members.filter { !names.contains($0.key) } ?? []
        return JSONNode(.object(JSONObject(members: members))).compact
    }
}
