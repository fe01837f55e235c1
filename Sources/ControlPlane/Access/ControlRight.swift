package import Sandboxes

/// What a caller may do with a sandbox by the control plane. Each right includes those before it.
package enum ControlRight: Int, CaseIterable, Comparable, Sendable {
    case read
    case moveClock
    /// All that changes the sandbox and its work, but what ``administer`` is for.
    case write
    /// Credentials, and what replaces everything: reset, import, restore.
    case administer

    package static func < (left: ControlRight, right: ControlRight) -> Bool { left.rawValue < right.rawValue }

    /// What a credential gives its holder.
    ///
    /// Choice: of role and scopes the one that gives less counts, whichever API takes the key; a revoked key keeps the
    /// clock (docs/FIDELITY.md, "Rights").
    package init(of credential: Credential) {
        let right: ControlRight =
            if credential.role == .viewer {
                .read
            } else if let scopes = credential.scopes {
                scopes.contains { $0.hasSuffix(":write") } ? .write : .read
            } else {
                credential.role == .admin ? .administer : .write
            }
        self = credential.revoked ? min(right, .moveClock) : right
    }

    /// The right as a word of a sentence.
    var verb: String {
        switch self {
        case .read: "read"
        case .moveClock: "move the clock"
        case .write: "write"
        case .administer: "administer"
        }
    }

    /// Who has it.
    private var holders: String {
        switch self {
        case .read: "any credential of the sandbox"
        case .moveClock, .write:
            "a credential with the role Admin or User and, if it has scopes, one that ends in :write"
        case .administer: "a credential with the role Admin and without scopes"
        }
    }

    /// Refuses a caller with fewer rights.
    package func require(of caller: ControlRight) throws(ControlRefusal) {
        guard caller < self else { return }
        throw .forbidden(
            reason: "This takes the right to \(verb): \(holders). The caller has the right to \(caller.verb).")
    }
}

/// What an endpoint asks of whoever calls it.
package enum ControlNeed: Hashable, Sendable {
    /// Nothing: it belongs to no sandbox.
    case nothing
    /// A right in the sandbox that the request acts on.
    case right(ControlRight)
    /// To act on all sandboxes: the admin token. Where everybody is an admin, a credential that comes along needs that
    /// right.
    case server(ControlRight)
}
