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
        let parts = value.utf8.split(separator: UInt8(ascii: " "))
        guard parts.count == 2, isScheme(parts[0]) else {
            return .malformed(reason: "the Authorization header is not of the form Bearer <token>")
        }
        return .token(String(Substring(parts[1])))
    }

    /// Whether the word is `bearer`, its letters in any case.
    private static func isScheme(_ word: Substring.UTF8View) -> Bool {
        word.count == 6 && zip(word, "bearer".utf8).allSatisfy { $0 | 0x20 == $1 }
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
