import Understudy
import AnswerContract
import Backside
import ControlPlane
import Emulation
import JSON
import Neo
import TestSupport
import Testing

@Suite struct OpenAPITests {
    private static func routes(_ operations: [Operation]) -> Set<String> {
        Set(operations.map { "\($0.method) \($0.path) \($0.id)" })
    }

    private static func documented(_ contract: Contract) -> Set<String> {
        Set(contract.operations.map { "\($0.method) \($0.path) \($0.operation["operationId"]?.string ?? "")" })
    }

    @Test func everyRouteHasItsOperationAndEveryOperationItsRoute() throws {
        #expect(Self.routes(NeoAPI().operations) == Self.documented(.neo))
        #expect(Self.routes(BacksideAPI().operations) == Self.documented(.backside))
        #expect(
            try Set(StandIn().controlEndpoints.map { "\($0.route.method) \($0.route.path) \($0.route.id)" })
                == Self.documented(.controlPlane))
    }

    @Test func theControlPlaneNamesEveryOperationOfTheAPIs() throws {
        let schema = try #require(
            SchemaValidator.node(at: "#/components/schemas/OperationID", in: Contract.controlPlane.document))
        let ids = NeoAPI().operations.map(\.id) + BacksideAPI().operations.map(\.id)
        #expect(Set(schema.object?["enum"]?.array?.compactMap(\.string) ?? []) == Set(ids))
    }

    @Test func everyLinkLeadsToAnOperationAndNamesItsParameters() throws {
        for contract in [Contract.neo, .backside, .controlPlane] {
            let operations = Dictionary(
                uniqueKeysWithValues: contract.operations.map { ($0.operation["operationId"]?.string ?? "", $0.path) })
            for operation in contract.operations.map(\.operation) {
                for response in operation["responses"]?.object?.members ?? [] {
                    for link in response.value.object?["links"]?.object?.members ?? [] {
                        let id = try #require(link.value.object?["operationId"]?.string)
                        let path = try #require(operations[id], "\(id)")
                        let given = Set(link.value.object?["parameters"]?.object?.members.map(\.key) ?? [])
                        let needed = path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                            $0.dropFirst().dropLast()
                        }
                        #expect(needed.allSatisfy { given.contains(String($0)) }, "\(link.key) to \(id)")
                    }
                }
            }
        }
    }

    @Test func whatIsServedIsTheDocument() throws {
        let standIn = try StandIn()
        #expect(standIn.send("GET", "/public-api/openapi.json", key: nil).response.body == NeoAPI.document)
        #expect(standIn.send("GET", "/api/v1/openapi.json", key: nil).response.body == BacksideAPI.document)
        #expect(
            standIn.send("GET", "/_understudy/openapi.json", key: nil).response.body
                == ControlPlane.document(with: Understudy.apis))
    }

    @Test(arguments: ["neo", "backside", "control-plane"])
    func everyExampleFitsItsSchema(name: String) {
        let contract: Contract = name == "neo" ? .neo : name == "backside" ? .backside : .controlPlane
        var count = 0
        check(contract.document, contract.document, &count)
        #expect(count > 0)
    }

    /// Checks every `{schema, example(s)}` in the tree.
    private func check(_ node: JSONNode, _ document: JSONNode, _ count: inout Int) {
        if let object = node.object {
            if let schema = object["schema"] {
                let examples =
                    (object["examples"]?.object?.members.compactMap { $0.value.object?["value"] } ?? [])
                    + [object["example"]].compactMap { $0 }
                for example in examples {
                    count += 1
                    #expect(SchemaValidator(document: document).problems(of: example, under: schema) == [])
                }
            }
            for member in object.members { check(member.value, document, &count) }
        }
        for element in node.array ?? [] { check(element, document, &count) }
    }

    @Test(arguments: [
        (
            "PublicBackfill",
            [
                "id", "state", "target_workflow_id", "target_workflow_name", "target_workflow_autonomy_type",
                "entity_type", "filter_spec", "daily_execution_windows", "timezone", "max_in_flight", "total_estimated",
                "processed_count", "succeeded_count", "failed_count", "started_at", "completed_at", "created_by",
                "created_at", "error",
            ]
        ),
        ("CreateBackfillResponse", ["backfill", "cost_estimate"]), ("SuccessMeta", ["request_id", "timings_ms"]),
        ("BackfillCostEstimate", ["total_entities", "credits_per_entity", "total_credits_estimated"]),
        ("Pagination", ["next_cursor", "has_more"]), ("ErrorEnvelope", ["error", "meta"]),
        ("WorkflowTimeWindow", ["run_start_time", "run_end_time"]),
    ])
    func theDocumentedSchemasRequireWhatTheVendorRequires(name: String, required: [String]) throws {
        let schema = try #require(SchemaValidator.node(at: "#/components/schemas/\(name)", in: Contract.neo.document))
        #expect(schema.object?["required"]?.array?.compactMap(\.string) == required)
    }

    @Test func theValidatorFindsWhatDoesNotFit() throws {
        let schema = try #require(
            SchemaValidator.node(at: "#/components/schemas/PublicBackfill", in: Contract.neo.document))
        let problems = SchemaValidator(document: Contract.neo.document).problems(
            of: try JSONParser.parse(Array(#"{"id": 7, "state": "ODD", "timezone": null}"#.utf8)), under: schema)
        #expect(problems.contains { $0.contains("body.id") } && problems.contains { $0.contains("body.state") })
        #expect(problems.contains { $0.contains("body.error: is missing") })
    }
}
