package import Time

/// What the directory knows of a credential: never the credential itself.
///
/// A class, because every request passes one around.
package final class Credential: Sendable {
    package let label: String
    /// The name of a module's role; empty where no module has any.
    package let role: String
    /// Nil allows everything.
    package let scopes: [String]?
    package let expiresAt: Instant?
    package let revoked: Bool
    /// The credential with its middle hidden, for people to recognise it by.
    package let masked: String
    /// Whether a token that leads to the same sandbox may as little as any, whatever it says of itself.
    let bindsTokens: Bool

    package init(
        label: String, role: String, scopes: [String]? = nil, expiresAt: Instant? = nil, revoked: Bool = false,
        masked: String, bindsTokens: Bool = false
    ) {
        self.label = label
        self.role = role
        self.scopes = scopes
        self.expiresAt = expiresAt
        self.revoked = revoked
        self.masked = masked
        self.bindsTokens = bindsTokens
    }

    /// The same credential with what is given in its place: of scopes and expiry, an inner nil takes them away.
    package func changed(
        label: String? = nil, role: String? = nil, scopes: [String]?? = nil, expiresAt: Instant?? = nil,
        revoked: Bool? = nil
    ) -> Credential {
        Credential(
            label: label ?? self.label, role: role ?? self.role, scopes: scopes ?? self.scopes,
            expiresAt: expiresAt ?? self.expiresAt, revoked: revoked ?? self.revoked, masked: masked,
            bindsTokens: bindsTokens)
    }

    /// Whether both let their holders do the same, under the same label.
    package func hasStanding(of other: Credential) -> Bool {
        label == other.label && role == other.role && scopes == other.scopes && expiresAt == other.expiresAt
            && revoked == other.revoked
    }

    /// The label of a credential that nobody named. Choice: docs/FIDELITY.md, "Credentials".
    package static let unnamedLabel = "api-key"

    /// A token's kind, which ends with the last `_` or `-`, and its last four characters: `key_test_…cret`.
    package static func mask(_ token: String) -> String {
        let kind = token.lastIndex { $0 == "_" || $0 == "-" }.map { token[...$0] } ?? ""
        return "\(kind)…\(token.count >= 20 ? String(token.suffix(4)) : "")"
    }
}

/// What the holder of a credential may do with a sandbox by the control plane. Each right includes those before it.
package enum SandboxRight: Int, CaseIterable, Comparable, Sendable {
    case read
    case moveClock
    /// All that changes the sandbox and its work, but what ``administer`` is for.
    case write
    /// Credentials, and what replaces everything: reset, import, restore.
    case administer

    package static func < (left: SandboxRight, right: SandboxRight) -> Bool { left.rawValue < right.rawValue }
}

/// A well-formed credential as an API has read it off a request.
package enum PresentedCredential: Sendable, Hashable {
    /// An API key: it picks its sandbox itself.
    case key(String)
    /// A token that names its tenant.
    case tenant(String)

    /// What the directory looks up.
    var digest: Digest {
        switch self {
        case .key(let token): Digest(of: token)
        case .tenant(let id): Digest(of: "tenant \(id.lowercased())")
        }
    }
}

extension SeedCredential {
    /// What the directory keeps of it; relative times count from the clock's start.
    func credential(start: Instant) -> Credential {
        Credential(
            label: label, role: role, scopes: scopes, expiresAt: expiresAt?.resolved(start: start), revoked: revoked,
            masked: Credential.mask(token))
    }
}
