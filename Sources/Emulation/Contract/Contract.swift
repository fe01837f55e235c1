package import HTTPFront
package import JSON

/// An OpenAPI document as the judge of answers and requests.
package struct Contract: Sendable {
    /// One operation of the document.
    package struct Operation: Sendable {
        package let method: String
        /// The path with its parameters in braces.
        package let path: String
        package let operation: JSONObject
        /// What the path says of all its operations' parameters.
        let sharedParameters: [JSONNode]

        package var id: String? { operation["operationId"]?.string }
    }

    package let document: JSONNode
    package let operations: [Operation]

    private static let methods: Set = ["get", "put", "post", "delete", "patch"]

    package init(_ bytes: [UInt8]) {
        let root = (try? JSONParser.parse(bytes)) ?? JSONNode(.null)
        document = root
        operations =
            root.object?["paths"]?.object?.members.flatMap { path, item in
                item.object?.members.filter { Self.methods.contains($0.key) }.compactMap { method, operation in
                    operation.object.map {
                        Operation(
                            method: method.uppercased(), path: path, operation: $0,
                            sharedParameters: item.object?["parameters"]?.array ?? [])
                    }
                } ?? []
            } ?? []
    }

    /// What is wrong with an answer: a status that its operation does not have, a missing header, a body that does not
    /// fit.
    package func complaints(about response: HTTPResponse, to request: HTTPRequest) -> [String] {
        let method = request.method == "HEAD" ? "GET" : request.method
        let found = operations.first { $0.method == method && Self.path(request.path, fits: $0.path) }
        let allowed: JSONNode?
        if let found {
            allowed = found.operation["responses"]?.object?["\(response.status)"]
            if allowed == nil { return ["the operation \(found.method) \(found.path) has no such status"] }
        } else {
            // No operation: a path or a method that is not emulated.
            allowed = Self.sharedResponses[response.status].flatMap {
                document.object?["components"]?.object?["responses"]?.object?[$0]
            }
            if allowed == nil { return response.status == 401 ? [] : ["no component describes this answer"] }
        }
        guard let description = resolved(allowed) else { return ["its description is missing"] }
        return headerComplaints(response, description) + bodyComplaints(response, description)
    }

    /// What a path or method may answer that has no operation, by the name of its component.
    private static let sharedResponses = [
        404: "NotFound", 405: "MethodNotAllowed", 413: "PayloadTooLarge", 429: "RateLimited", 431: "HeadersTooLarge",
        500: "InternalError",
    ]

    private static func path(_ path: String, fits template: String) -> Bool {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        let wanted = template.split(separator: "/", omittingEmptySubsequences: false)
        return segments.count == wanted.count
            && zip(segments, wanted).allSatisfy {
                $1.hasPrefix("{") ? !$0.isEmpty : PercentCoding.decode($0.utf8[...]) == String($1)
            }
    }

    func resolved(_ node: JSONNode?) -> JSONObject? {
        guard let object = node?.object else { return nil }
        guard let reference = object["$ref"]?.string else { return object }
        return resolved(SchemaValidator.node(at: reference, in: document))
    }

    private func headerComplaints(_ response: HTTPResponse, _ description: JSONObject) -> [String] {
        (description["headers"]?.object?.members ?? []).compactMap { name, header in
            guard resolved(header)?["required"]?.bool == true else { return nil }
            let isThere = response.fields.contains { $0.name.lowercased() == name.lowercased() }
            return isThere ? nil : "the header \(name) is missing"
        }
    }

    private func bodyComplaints(_ response: HTTPResponse, _ description: JSONObject) -> [String] {
        guard let content = description["content"]?.object else { return [] }
        let type = response.field("Content-Type")?.split(separator: ";").first.map(String.init) ?? ""
        guard let schema = content[type]?.object?["schema"] else {
            return ["its content type \(type) is not described"]
        }
        guard type == "application/json" else { return [] }
        guard let body = try? JSONParser.parse(response.body) else { return ["its body is no JSON"] }
        return SchemaValidator(document: document).problems(of: body, under: schema)
    }
}
