package import HTTPFront
package import Sandboxes
package import Simulation

/// What stands in the `Authorization` header.
package enum BearerToken {
    case missing
    case malformed(reason: String)
    case token(String)

    package static func read(_ request: HTTPRequest) -> BearerToken {
        guard let value = request.field("authorization"), !value.isEmpty else { return .missing }
        let parts = value.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            return .malformed(reason: "the Authorization header is not of the form Bearer <token>")
        }
        return .token(String(parts[1]))
    }
}

extension Credential {
    /// Why the credential opens nothing at that instant; nil when it does.
    package func refusal(at now: Instant) -> PipelineRefusal? {
        if revoked { return .credentialRefused(reason: "it was revoked") }
        if let expiresAt, expiresAt <= now {
            return .credentialRefused(
                reason: "it expired at \(expiresAt.rfc3339); the sandbox's clock says \(now.rfc3339)")
        }
        return nil
    }
}
