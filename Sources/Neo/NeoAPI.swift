package import ControlPlane
package import Emulation
package import HTTPFront
import NeoDocuments
import JSON

import Sandboxes
import Time

/// The Neo public API: backfills, and the agents and executions around them.
package struct NeoAPI: ControlledAPI {
    package let name = "neo"
    package let title = "Neo API"
    package let basePath = "/public-api"

    package init() {}

    package let example: (path: String, body: String)? = (
        "/public-api/backfills",
        #"{"target_workflow_id": 123, "entity_type": "ticket", "filter_spec": {}, "daily_execution_windows": {}, "max_in_flight": 5}"#
    )

    package var document: [UInt8] { Self.document }

    /// The OpenAPI document, as it is served.
    package static let document = ConstantBytes(
        understudy_openapi_neo_start(), count: understudy_openapi_neo_size
    ).array

    package var operations: [Operation] {
        [
            Operation("public_api.health_get", "GET", "/public-api/health", .open(Self.health)),
            Operation("public_api.openapi_get", "GET", "/public-api/openapi.json", .open(Self.openAPI)),
            Operation(
                "public_api.backfills_get", "GET", "/public-api/backfills", .read(Backfills.list),
                growsWith: .contents),
            Operation(
                "public_api.backfills_post", "POST", "/public-api/backfills", .write(Backfills.create),
                growsWith: .searched { $0.hasManyEntities }),
            Operation(
                "public_api.backfills_get_by_id", "GET", "/public-api/backfills/{backfill_id}", .read(Backfills.get)),
            Operation(
                "public_api.backfills_rerun_failed_post", "POST", "/public-api/backfills/{backfill_id}/rerun-failed",
                .write(Backfills.rerunFailed), growsWith: .contents),
            Operation(
                "public_api.backfills_verify_post", "POST", "/public-api/backfills/verify", .read(Backfills.verify),
                growsWith: .searched { $0.hasManyEntities }),
            signal(.pause), signal(.resume), signal(.cancel),
            Operation("public_api.agents_get", "GET", "/public-api/agents", .read(Agents.list), growsWith: .contents),
            Operation("public_api.agents_get_by_id", "GET", "/public-api/agents/{agent_id}", .read(Agents.get)),
            Operation(
                "public_api.agents_versions_get", "GET", "/public-api/agents/{agent_id}/versions",
                .read(Agents.versions), growsWith: .contents),
            Operation(
                "public_api.agents_version_at_get", "GET", "/public-api/agents/{agent_id}/version-at",
                .read(Agents.versionAt), growsWith: .contents),
            Operation(
                "public_api.executions_get", "GET", "/public-api/executions", .read(Executions.list),
                growsWith: .contents),
            Operation(
                "public_api.executions_get_by_id", "GET", "/public-api/executions/{execution_id}",
                .read(Executions.get)),
        ]
    }

    private func signal(_ kind: BackfillSignal.Kind) -> Operation {
        Operation(
            "public_api.backfills_\(kind.rawValue)_post", "POST",
            "/public-api/backfills/{backfill_id}/\(kind.rawValue)",
            .write(Backfills.signal(kind)))
    }

    private static let health: @Sendable (AnswerContext) -> HTTPResponse = { answer in
        Envelope.success(200, answer) { writer in
            writer.beginObject()
            writer.key("status")
            writer.string("ok")
            writer.endObject()
        }
    }

    package var controlDocument: [UInt8]? {
        ConstantBytes(understudy_neo_control_plane_start(), count: understudy_neo_control_plane_size).array
    }

    package var controlEndpoints: [Endpoint] { BackfillEndpoints().endpoints }

    private static let openAPI: @Sendable (AnswerContext) -> HTTPResponse = { _ in HTTPResponse(200, json: document) }

    /// 1,200 requests in 60 seconds, a tenant (documented).
    package func rateLimits(plan: String) -> [RateLimit] { [RateLimit(requests: 1_200, seconds: 60)] }

    package func authenticate(_ request: HTTPRequest) -> Authentication {
        switch BearerToken.read(request) {
        case .missing: .refused(.credentialMissing)
        case .malformed(let reason): .refused(.credentialRefused(reason: reason))
        case .token(let token): NeoCredential.authenticate(token)
        }
    }

    package func objection(to caller: Caller, doing operation: Operation) -> PipelineRefusal? {
        // Choice: a Viewer only reads (docs/FIDELITY.md, "Roles"), and so does whoever has a role of another API.
        guard operation.writes, NeoRole(rawValue: caller.credential.role) ?? .viewer == .viewer else { return nil }
        return .forbidden(reason: "The role \(caller.credential.role) may not do this; it takes User or Admin.")
    }

    package func respond(to refusal: PipelineRefusal, _ answer: AnswerContext) -> HTTPResponse {
        Envelope.failure(NeoError(refusal), answer)
    }

    package func respond(to error: any Error, _ answer: AnswerContext) -> HTTPResponse? {
        let malformed = (error as? MalformedBody).map { NeoRefusal.malformedBody(reason: $0.reason) }
        return (error as? NeoRefusal ?? malformed).map { Envelope.failure(NeoError($0), answer) }
    }
}
