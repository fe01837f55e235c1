package import HTTPFront
package import Sandboxes

/// A request to the control plane whose sandbox's turn has come.
package struct ControlCall {
    package let request: HTTPRequest
    /// The decoded value of the path's parameter; empty when it has none.
    package let parameter: String
    package let sandbox: Sandbox
    /// What the caller may do there.
    package let right: SandboxRight
    /// Whether the request brings the admin token.
    package let isAdmin: Bool
    package let world: World
}
