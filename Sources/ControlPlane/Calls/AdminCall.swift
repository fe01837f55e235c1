package import HTTPFront

/// A request that only an admin may send.
package struct AdminCall: Sendable {
    package let request: HTTPRequest
    /// The decoded values of the path's parameters, in order.
    package let parameters: [String]
    /// The first of them; empty when there is none.
    package var parameter: String { parameters.first ?? "" }
    /// Whether the request brings the admin token. Without one, everybody is an admin in open mode.
    package let isAdmin: Bool
}
