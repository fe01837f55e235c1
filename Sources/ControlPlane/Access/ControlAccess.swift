import Sandboxes

/// A sandbox, and what the caller may do there.
struct ControlAccess: Sendable {
    let sandbox: Sandbox
    let right: SandboxRight
    /// Whether the caller brings the admin token.
    let isAdmin: Bool
}
