package import HTTPFront
package import JSON

/// A request's body: a JSON object, with its own text at hand.
package struct RequestBody {
    private let bytes: [UInt8]
    /// The whole body.
    package let root: JSONNode
    package let object: JSONObject

    /// That of a request.
    package init(_ request: HTTPRequest) throws(MalformedBody) {
        try self.init(request.body) { () throws(JSONSyntaxError) in try request.json() }
    }

    /// Reads it, nested so many levels at most.
    package init(_ bytes: [UInt8], maximumDepth: Int = JSONParser.maximumDepth) throws(MalformedBody) {
        try self.init(bytes) { () throws(JSONSyntaxError) in
            try JSONParser.parse(bytes, maximumDepth: maximumDepth)
        }
    }

    private init(_ bytes: [UInt8], parse: () throws(JSONSyntaxError) -> JSONNode) throws(MalformedBody) {
        self.bytes = bytes
        let root: JSONNode
        do throws(JSONSyntaxError) { root = try parse() } catch {
            throw MalformedBody(reason: "\(error.message), at byte \(error.offset)")
        }
        guard case .object(let object) = root.value else { throw MalformedBody(reason: "it is \(root.value.kindName)") }
        self.root = root
        self.object = object
    }

    /// A value's text exactly as the client sent it.
    package func text(of node: JSONNode) -> String { String(decoding: bytes[node.range], as: UTF8.self) }
}

/// A body that is no JSON object; the reason is for the message.
package struct MalformedBody: Error {
    package let reason: String
}
