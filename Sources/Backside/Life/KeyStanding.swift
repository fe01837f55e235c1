package import Time

/// How a kind of agent stands with the tenant's own provider key. The key itself is no part of it: nothing needs it
/// again.
package struct KeyStanding: Hashable, Sendable {
    /// Where the key stands (documented).
    package enum Status: String, CaseIterable, Sendable {
        /// There has never been a key.
        case inactive
        case active
        /// The provider has refused the key during a run.
        case authFailed = "auth_failed"
        case revoked
    }

    /// What can happen to a key.
    package enum Event: Hashable, Sendable {
        /// A key was sent to be kept, and probed.
        case probed(KeyProbe)
        /// The tenant took it back.
        case revoked
        /// The provider refused it during a run.
        case refused(reason: String)
    }

    package let status: Status
    /// Why it is not active, where somebody has said so.
    package let reason: String?
    /// When the key that was kept last was probed.
    package let lastProbedAt: Instant?

    package init(_ status: Status, reason: String? = nil, lastProbedAt: Instant? = nil) {
        self.status = status
        self.reason = reason
        self.lastProbedAt = lastProbedAt
    }

    /// The standing after something has happened at that instant.
    ///
    /// Choice: a key that the probe refuses changes nothing, whatever the fault; revoking works in every status
    /// (docs/FIDELITY.md, "Provider keys").
    package func after(_ event: Event, at instant: Instant) -> KeyStanding {
        switch (event, status) {
        case (.probed(.valid), _): KeyStanding(.active, lastProbedAt: instant)
        case (.probed(.invalid), _), (.revoked, .revoked): self
        case (.revoked, .inactive), (.revoked, .active), (.revoked, .authFailed):
            KeyStanding(.revoked, lastProbedAt: lastProbedAt)
        case (.refused(let reason), .active): KeyStanding(.authFailed, reason: reason, lastProbedAt: lastProbedAt)
        case (.refused, .inactive), (.refused, .authFailed), (.refused, .revoked): self
        }
    }
}
