import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

/// The operations on the tenant's own provider keys. A key is probed and forgotten: only that there was one is kept.
enum ProviderKeys {
    /// `PUT /api/v1/agent-configs/{kind}/byok-key`: may be the kind's first call. A bad key is a 400 with what the
    /// probe says of it as the body (documented), and changes nothing.
    static let put: @Sendable (Call) throws -> HTTPResponse = { call in
        let kind = try AgentConfigs.existingKind(call)
        let probe = KeyProbe(key: try key(in: call.request.body))
        guard probe == .valid else { return answer(400, probe) }
        return AgentConfigs.answer(try call.world.activateKey(ofKind: kind, at: call.now), call)
    }

    /// `DELETE /api/v1/agent-configs/{kind}/byok-key`: `revoked` sticks until a good key is put (documented).
    static let delete: @Sendable (Call) throws -> HTTPResponse = { call in
        guard let config = try call.world.agentConfig(kind: try AgentConfigs.existingKind(call)) else {
            throw BacksideRefusal.notFound(what: "agent config")
        }
        return AgentConfigs.answer(try call.world.changeKey(of: config, by: .revoked, at: call.now), call)
    }

    /// `POST /api/v1/agent-configs/validate-key`: always a 200 (documented), and nothing is kept.
    static let validate: @Sendable (Call) throws -> HTTPResponse = { call in
        answer(200, KeyProbe(key: try key(in: call.request.body)))
    }

    private static func key(in bytes: [UInt8]) throws -> String {
        var fields = FieldReader(try RequestBody(bytes).object)
        guard let key = fields.string("api_key", fields.required("api_key")) else {
            throw BacksideRefusal.invalid(fields.violations)
        }
        return key
    }

    private static func answer(_ status: Int, _ probe: KeyProbe) -> HTTPResponse {
        var writer = JSONWriter(capacity: 128)
        writer.beginObject()
        writer.key("status")
        switch probe {
        case .valid: writer.string("valid")
        case .invalid(let fault):
            writer.string("invalid")
            writer.key("category")
            writer.string(fault.category)
            writer.key("message")
            writer.string(fault.message)
        }
        writer.endObject()
        return HTTPResponse(status, json: writer.bytes)
    }
}

extension KeyProbe.Fault {
    /// The documented word.
    fileprivate var category: String {
        switch self {
        case .unknown: "invalid_key"
        case .revokedOrExpired: "revoked_or_expired"
        case .insufficientPermissions: "insufficient_permissions"
        case .quotaExhausted: "quota_exhausted"
        case .providerUnavailable: "provider_unavailable"
        case .rateLimited: "rate_limited"
        }
    }

    /// Choice: our words, which never hold any of the key (docs/FIDELITY.md, "Provider keys").
    fileprivate var message: String {
        switch self {
        case .unknown: "The provider does not know this key."
        case .revokedOrExpired: "The key was revoked or has expired."
        case .insufficientPermissions: "The key may not use the models that agents need."
        case .quotaExhausted: "The key's quota is used up."
        case .providerUnavailable: "The provider cannot be reached at the moment."
        case .rateLimited: "The provider limits this key's rate at the moment."
        }
    }
}
