package import ControlPlane
package import Emulation
package import HTTPFront
import BacksideDocuments

import Sandboxes
import Time

/// The Backside API: agent runs and their journals, configs and provider keys, statistics.
package struct BacksideAPI: ControlledAPI {
    package let name = "backside"
    package let title = "Backside API"
    package let basePath = "/api/v1"

    package init() {}

    package var document: [UInt8] { Self.document }

    /// The OpenAPI document, as it is served.
    package static let document = ConstantBytes(
        understudy_openapi_backside_start(), count: understudy_openapi_backside_size
    ).array

    package var operations: [Operation] {
        [
            Operation("get_openapi", "GET", "/api/v1/openapi.json", .open(Self.openAPI)),
            Operation("enqueue_agent_run", "POST", "/api/v1/agents/{kind}/runs", .write(AgentRuns.enqueue)),
            Operation(
                "list_agent_runs", "GET", "/api/v1/agents/{kind}/runs", .read(AgentRuns.list), growsWith: .contents),
            Operation(
                "get_agent_run", "GET", "/api/v1/agents/{kind}/runs/{id}", .read(AgentRuns.get), growsWith: .contents),
            Operation("cancel_agent_run", "POST", "/api/v1/agents/{kind}/runs/{id}/cancel", .write(AgentRuns.cancel)),
            Operation(
                "list_agent_configs", "GET", "/api/v1/agent-configs", .read(AgentConfigs.list), growsWith: .contents),
            Operation("put_agent_config", "PUT", "/api/v1/agent-configs/{kind}", .write(AgentConfigs.put)),
            Operation("put_byok_key", "PUT", "/api/v1/agent-configs/{kind}/byok-key", .write(ProviderKeys.put)),
            Operation(
                "delete_byok_key", "DELETE", "/api/v1/agent-configs/{kind}/byok-key", .write(ProviderKeys.delete)),
            // Choice: a probe asks a provider, and so takes the scope to write (docs/FIDELITY.md, "Scopes").
            Operation("validate_key", "POST", "/api/v1/agent-configs/validate-key", .write(ProviderKeys.validate)),
            Operation(
                "get_agent_stats", "GET", "/api/v1/admin/stats/agents", .read(AgentStatistics.get),
                growsWith: .contents),
        ]
    }

    package var controlDocument: [UInt8]? {
        ConstantBytes(understudy_backside_control_plane_start(), count: understudy_backside_control_plane_size).array
    }

    package var controlEndpoints: [Endpoint] { RunEndpoints().endpoints }

    private static let openAPI: @Sendable (AnswerContext) -> HTTPResponse = { _ in HTTPResponse(200, json: document) }

    /// A minute's and a day's window by plan (documented).
    package func rateLimits(plan: String) -> [RateLimit] {
        let (minute, day) =
            switch RatePlan(rawValue: plan) ?? .scale {
            case .free: (30, 1_000)
            case .pro: (300, 50_000)
            case .scale: (1_500, 500_000)
            }
        return [RateLimit(requests: minute, seconds: 60), RateLimit(requests: day, seconds: 86_400)]
    }

    package func authenticate(_ request: HTTPRequest) -> Authentication {
        switch BearerToken.read(request) {
        case .missing: .refused(.credentialMissing)
        case .malformed(let reason): .refused(.credentialRefused(reason: reason))
        case .token(let token) where Self.isKey(token): .presented(.key(token), token: nil)
        case .token:
            .refused(.credentialRefused(reason: "it is no bsk_live_ or bsk_test_ key of 43 letters and digits"))
        }
    }

    /// `bsk_live_` or `bsk_test_` and 43 ASCII letters and digits (documented).
    static func isKey(_ token: String) -> Bool {
        guard token.hasPrefix("bsk_live_") || token.hasPrefix("bsk_test_") else { return false }
        let secret = token.utf8.dropFirst(9)
        return secret.count == 43
            && secret.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            }
    }

    /// Scopes are `domain:action`, none means all (documented). Choice: `agents:read` and `agents:write`
    /// (docs/FIDELITY.md, "Scopes").
    package func objection(to caller: Caller, doing operation: Operation) -> PipelineRefusal? {
        let needed = operation.writes ? "agents:write" : "agents:read"
        guard let scopes = caller.credential.scopes, !scopes.contains(needed) else { return nil }
        return .forbidden(reason: "This takes a key with the scope \(needed).")
    }

    package func respond(to refusal: PipelineRefusal, _ answer: AnswerContext) -> HTTPResponse {
        BacksideError(refusal).response
    }

    package func respond(to error: any Error, _ answer: AnswerContext) -> HTTPResponse? {
        let malformed = (error as? MalformedBody).map { BacksideRefusal.malformedBody(reason: $0.reason) }
        return (error as? BacksideRefusal ?? malformed).map { BacksideError($0).response }
    }
}
