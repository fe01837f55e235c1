import JSON
import TestSupport
import Testing

@Suite struct AgentTests {
    private func get(_ path: String) throws -> Answer { try StandIn().send("GET", "/public-api/agents\(path)") }

    private static let chat = """
        {"id":"188","name":"Helpdesk Chat","state":"ENABLED","autonomy_type":"CONVERSATIONAL","entity_type":"TICKET",\
        "trigger_type":"NONE","access":"ALL_USERS","audience":"END_USER","created_at":"2025-05-27T08:15:00.000000Z",\
        "updated_at":"2025-09-02T10:00:00.000000Z"
        """

    @Test func agentsAreListedByAscendingID() throws {
        let answer = try get("")
        #expect(answer.status == 200)
        let ids = answer["data"]?.array?.compactMap { $0.object?["id"]?.string }
        #expect(ids == ["123", "140", "157", "163", "171", "188", "204", "219", "236", "251"])
        #expect(answer["data.5"]?.compact == Self.chat + "}")
        #expect(answer["meta.pagination"]?.compact == #"{"has_more":false,"next_cursor":null}"#)
    }

    @Test func idsAreSortedAsNumbers() throws {
        let standIn = try StandIn(seed: .blank)
        let agents = ["9", "1000000000000", "10", "0"].map {
            #"{"id": "\#($0)", "name": "n", "autonomy_type": "AGENTIC", "entity_type": "TASK", "created_at": "-P1D"}"#
        }
        let document = #"{"agents": [\#(agents.joined(separator: ","))]}"#
        #expect(standIn.send("PUT", "/_understudy/sandbox/import", body: document).status == 200)
        let list = standIn.send("GET", "/public-api/agents")["data"]?.array
        #expect(list?.compactMap { $0.object?["id"]?.string } == ["0", "9", "10", "1000000000000"])
        #expect(standIn.send("GET", "/public-api/agents/0")["data.id"]?.string == "0")
        let parts = ["actions", "agent_settings", "toolbox", "integrations"]
        #expect(parts.allSatisfy { standIn.send("GET", "/public-api/agents/9")["data.\($0)"]?.isNull == true })
    }

    @Test func anAgentComesWithItsParts() throws {
        let answer = try get("/188")
        #expect(
            answer["data"]?.compact == Self.chat
                + #","actions":[],"agent_settings":{"greeting":"Hello! What can we do for you?","handover_after_turns":12,"#
                + #""language":"en"},"toolbox":{"tools":[{"name":"read_ticket","enabled":true},"#
                + #"{"name":"create_ticket","enabled":true},{"name":"search_articles","enabled":true}]},"#
                + #""integrations":null}"#)
        #expect(answer["meta.pagination"] == nil)
        let chained = try get("/123")
        #expect(chained["data.actions"]?.array?.count == 3)
        #expect(chained["data.toolbox"]?.isNull == true)
        #expect(chained["data.integrations"]?.compact == #"{"psa":{"connected":true,"provider":"example-psa"}}"#)
    }

    @Test func aConversationalAgentHasNoActions() throws {
        let standIn = try StandIn(seed: .blank)
        let document = """
            {"agents": [{"id": "1", "name": "n", "autonomy_type": "CONVERSATIONAL", "entity_type": "TICKET",
                "created_at": "2026-01-01T00:00:00Z", "actions": [{"name": "left over"}],
                "versions": [{"version_timestamp": "2026-01-01T00:00:00Z", "autonomy_type": "AGENTIC"},
                    {"version_timestamp": "2026-01-02T00:00:00Z", "actions": null}]}]}
            """
        #expect(standIn.send("PUT", "/_understudy/sandbox/import", body: document).status == 200)
        #expect(standIn.send("GET", "/public-api/agents/1")["data.actions"]?.compact == "[]")
        func actions(at time: String) -> String? {
            standIn.send("GET", "/public-api/agents/1/version-at?timestamp=\(time)")["data.actions"]?.compact
        }
        #expect(actions(at: "2026-01-01T12:00:00Z") == #"[{"name":"left over"}]"#)
        #expect(actions(at: "2026-01-02T12:00:00Z") == "[]")
    }

    @Test func versionsAreSummariesNewestFirst() throws {
        let now = """
            "entity_type":"TICKET","trigger_type":"TRIGGERED"
            """
        let created = """
            "audience":"MSP","created_at":"2025-02-10T09:00:00.000000Z"
            """
        let chained = """
            "autonomy_type":"CHAINED_ACTIONS"
            """
        func version(_ name: String, _ state: String, _ access: String, _ time: String) -> String {
            """
            {"id":"123","name":"\(name)","state":"\(state)",\(chained),\(now),"access":"\(access)",\(created),\
            "updated_at":"\(time)","version_timestamp":"\(time)"}
            """
        }
        let versions = try get("/123/versions")["data"]?.array?.map(\.compact)
        #expect(
            versions == [
                version("Ticket Triage", "ENABLED", "ALL_USERS", "2025-06-17T08:45:00.000000Z"),
                version("Ticket Triage (pilot)", "ENABLED", "SPECIFIC_USERS", "2025-03-04T13:30:00.000000Z"),
                version("Ticket Sorter", "DISABLED", "ADMINS_ONLY", "2025-02-10T09:00:00.000000Z"),
            ])
        let single = try get("/171/versions")
        #expect(single["data"]?.array?.count == 1)
        #expect(single["data.0.version_timestamp"]?.string == single["data.0.created_at"]?.string)
        #expect(single["meta.pagination"] == nil)
    }

    @Test(arguments: [
        ("2025-02-10T09:00:00Z", "Ticket Sorter"), ("2025-03-04T13:29:59.999999Z", "Ticket Sorter"),
        ("2025-03-04T13:30:00%2B00:00", "Ticket Triage (pilot)"),
        ("2025-03-04T13:30:00+00:00", "Ticket Triage (pilot)"),
        ("2025-03-04T14:30:00+01:00", "Ticket Triage (pilot)"), ("2025-03-04T08:29:59-05:00", "Ticket Sorter"),
        ("2025-03-04+13:30:00+00:00", "Ticket Triage (pilot)"), ("2025-06-17T08:45:00Z", "Ticket Triage"),
        ("2026-03-02T09:00:00Z", "Ticket Triage"), ("9999-12-31T23:59:59Z", "Ticket Triage"),
        ("x&timestamp=2025-06-17T08:45:00Z", "Ticket Triage"),
    ])
    func anAgentIsShownAsItWas(timestamp: String, name: String) throws {
        let answer = try get("/123/version-at?timestamp=\(timestamp)")
        #expect(answer.status == 200)
        #expect(answer["data.name"]?.string == name)
        #expect(answer["data.updated_at"]?.string == answer["data.version_timestamp"]?.string)
    }

    @Test func theLatestVersionIsTheAgentOfToday() throws {
        let latest = try get("/140/version-at?timestamp=2030-01-01T00:00:00Z")["data"]?.object?.members ?? []
        let today = try get("/140")["data"]?.object?.members ?? []
        func texts(_ members: some Sequence<(key: String, value: JSONNode)>) -> [String] {
            members.map { "\($0.key) \($0.value.compact)" }
        }
        #expect(texts(latest.dropLast()) == texts(today))
        #expect(latest.last?.key == "version_timestamp")
        let first = try get("/140/version-at?timestamp=2025-04-01T00:00:00Z")
        #expect(first["data.toolbox"]?.compact == #"{"tools":[{"name":"read_ticket","enabled":true}]}"#)
        #expect(first["data.version_timestamp"]?.string == "2025-03-18T11:20:00.000000Z")
        #expect(first["data.created_at"]?.string == "2025-03-18T11:20:00.000000Z")
    }

    @Test(arguments: ["2025-02-10T08:59:59.999999Z", "0001-01-01T00:00:00Z"])
    func beforeItExistedThereIsNoAgent(timestamp: String) throws {
        let answer = try get("/123/version-at?timestamp=\(timestamp)")
        #expect(answer.status == 404)
        #expect(answer.code == "NOT_FOUND")
    }

    @Test(arguments: [
        "", "?timestamp", "?timestamp=", "?timestamp=now", "?timestamp=2025-02-10", "?timestamp=2025-02-30T00:00:00Z",
        "?timestamp=2025-02-10T09:00:00", "?timestamp=1739178000", "?timestamp=%FF",
        "?timestamp=2025-02-10T09:00:00%2000",
        "?Timestamp=2025-02-10T09:00:00Z", "?timestamp=2025-02-10T09:00:00Z%20",
    ])
    func aTimestampMustBeOne(query: String) throws {
        let answer = try get("/123/version-at\(query)")
        #expect(answer.status == 422)
        #expect(answer.code == "validation_error")
        #expect(answer.violatedFields == ["timestamp"])
    }

    @Test(arguments: [
        "999", "0123", "+123", "-1", "123.0", "1e2", "abc", "%31%32%33x", "%00", "12%203", "9223372036854775808",
        "00000000-0000-4000-8000-00000000ba01", "١٢٣",
    ])
    func anIDThatIsNobodysIsNotFound(id: String) throws {
        for path in ["", "/versions", "/version-at?timestamp=2026-01-01T00:00:00Z"] {
            let answer = try get("/\(id)\(path)")
            #expect(answer.status == 404)
            #expect(answer.code == "NOT_FOUND")
        }
    }

    @Test func headAnswersWhereverGetDoes() throws {
        let standIn = try StandIn()
        let paths = ["", "/123", "/123/versions", "/123/version-at?timestamp=2026-01-01T00:00:00Z"]
        for path in paths { #expect(standIn.send("HEAD", "/public-api/agents\(path)").status == 200) }
        #expect(standIn.send("POST", "/public-api/agents").response.field("Allow") == "GET, HEAD")
        #expect(standIn.send("GET", "/public-api/agents/123/version-at", key: nil).status == 401)
        #expect(standIn.send("GET", "/public-api/agents", key: DemoSeed.viewerKey).status == 200)
    }
}
