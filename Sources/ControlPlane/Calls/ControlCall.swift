package import HTTPFront
package import Sandboxes

/// A request to the control plane whose sandbox's turn has come.
package struct ControlCall {
    package let request: HTTPRequest
    /// The decoded values of the path's parameters, in order.
    package let parameters: [String]
    /// The first of them; empty when there is none.
    package var parameter: String { parameters.first ?? "" }
    package let sandbox: Sandbox
    /// What the caller may do there.
    package let right: SandboxRight
    /// Whether the request brings the admin token.
    package let isAdmin: Bool
    package let world: World
}
