package import Emulation
import HTTPFront
import JSON
package import Sandboxes

/// One route under `/_understudy`: what it is called in the OpenAPI document, who may use it and what answers it.
package struct Endpoint: Sendable {
    package let route: Route
    let handler: ControlHandler
    /// Whether it takes long in any sandbox, or nobody can tell before.
    let takesLong: Bool
    /// Whether it puts other contents in place, or writes beside the sandbox's database. That takes long where those
    /// are files, or large.
    let movesContents: Bool
    /// Whether its body may be, or hold, a whole seed, and be as large as one.
    let takesSeed: Bool

    /// An endpoint by its id in the OpenAPI document, its method and its whole path, with parameters in braces.
    package init(
        _ id: String, _ method: String, _ path: String, _ handler: ControlHandler, takesLong: Bool = false,
        movesContents: Bool = false, takesSeed: Bool = false
    ) {
        route = Route(id: id, method: method, path: path)
        self.handler = handler
        self.takesLong = takesLong
        self.movesContents = movesContents
        self.takesSeed = takesSeed
    }

    /// What it asks of whoever calls it.
    package var need: ControlNeed {
        switch handler {
        case .open: .nothing
        case .sandbox(let right, _), .journal(let right, _): .right(right)
        case .admin(let right, _): .server(right)
        }
    }
}

/// The endpoints of one topic, beside the functions that answer them. It holds what these need besides the call.
package protocol EndpointGroup: Sendable {
    var endpoints: [Endpoint] { get }
}

/// What an endpoint asks of whoever calls it.
package enum ControlNeed: Hashable, Sendable {
    /// Nothing: it belongs to no sandbox.
    case nothing
    /// A right in the sandbox that the request acts on.
    case right(SandboxRight)
    /// To act on all sandboxes: the admin token. Where everybody is an admin, a credential that comes along needs that
    /// right.
    case server(SandboxRight)
}

extension HTTPResponse {
    /// A response with the JSON that `write` writes.
    static func json(
        _ status: Int = 200, capacity: Int = 256, _ write: (inout JSONWriter) throws -> Void
    ) rethrows -> HTTPResponse {
        var writer = JSONWriter(capacity: capacity)
        try write(&writer)
        return HTTPResponse(status, json: writer.bytes)
    }

    /// A list, as the member `data`; `write` writes one of its elements.
    static func list<Element>(
        _ elements: some Sequence<Element>, capacity: Int = 1_024, _ write: (inout JSONWriter, Element) -> Void
    ) -> HTTPResponse {
        json(capacity: capacity) { writer in
            writer.beginObject()
            writer.key("data")
            writer.beginArray()
            for element in elements { write(&writer, element) }
            writer.endArray()
            writer.endObject()
        }
    }
}
