import ControlPlane
import HTTPFront
import Testing
import Understudy

/// A server with an admin's token, and the token itself.
package enum Admin {
    package static let token = "an-admin-token-of-the-tests"
    package static let sandboxes = "/_understudy/admin/sandboxes"

    package static func naming(_ sandbox: String) -> [HTTPField] { [HTTPField("X-Understudy-Sandbox", sandbox)] }

    package static func standIn(_ change: (inout Understudy.Configuration) -> Void = { _ in }) throws -> StandIn {
        try StandIn {
            $0.adminToken = AdminToken(token)
            change(&$0)
        }
    }
}

extension StandIn {
    /// Makes a sandbox as the admin; its name and its fresh keys.
    package func makeSandbox(_ body: String = "{}") throws -> (name: String, neo: String, backside: String) {
        let made = send("POST", Admin.sandboxes, key: Admin.token, body: body)
        #expect(made.status == 201, "\(made.text)")
        return (
            try #require(made["name"]?.string), try #require(made["credentials.0.token"]?.string),
            try #require(made["credentials.1.token"]?.string)
        )
    }

    /// The name of the sandbox that a request with that key acts on; nil when it acts on none.
    package func sandbox(of key: String?, naming name: String? = nil) -> String? {
        send("GET", "/_understudy/sandbox", key: key, fields: name.map(Admin.naming) ?? [])["name"]?.string
    }
}
