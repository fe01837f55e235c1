package import HTTPFront

/// A request that only an admin may send.
package struct AdminCall: Sendable {
    package let request: HTTPRequest
    /// The decoded value of the path's parameter; empty when it has none.
    package let parameter: String
    /// Whether the request brings the admin token. Without one, everybody is an admin in open mode.
    package let isAdmin: Bool
}
