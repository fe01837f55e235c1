import BacksideAPI
import ControlPlane
package import HTTPFront
package import JSON
import NeoAPI

/// The OpenAPI documents as judges of what the server answers.
package struct Contract {
    package let document: JSONNode
    /// Path templates with their methods and operations.
    package let operations: [(method: String, path: String, operation: JSONObject)]

    package static let neo = Contract(NeoAPI.document)
    package static let backside = Contract(BacksideAPI.document)
    package static let controlPlane = Contract(ControlPlane.document)

    init(_ bytes: [UInt8]) {
        let root = (try? JSONParser.parse(bytes)) ?? JSONNode(.null)
        document = root
        let methods: Set = ["get", "put", "post", "delete", "patch"]
        operations =
            root.object?["paths"]?.object?.members.flatMap { path, item in
                item.object?.members.filter { methods.contains($0.key) }.compactMap { method, operation in
                    operation.object.map { (method.uppercased(), path, $0) }
                } ?? []
            } ?? []
    }

    /// What is wrong with an answer: a status that its operation does not have, a missing header, a body that does not fit.
    package static func complaints(about response: HTTPResponse, to request: HTTPRequest) -> [String] {
        let contract =
            "\(request.path)/".hasPrefix("/public-api/")
            ? neo
            : "\(request.path)/".hasPrefix("/api/v1/") ? backside : controlPlane
        return contract.complaints(about: response, to: request)
    }

    private func complaints(about response: HTTPResponse, to request: HTTPRequest) -> [String] {
        let method = request.method == "HEAD" ? "GET" : request.method
        let found = operations.first { $0.method == method && Self.path(request.path, fits: $0.path) }
        let allowed: JSONNode?
        if let found {
            allowed = found.operation["responses"]?.object?["\(response.status)"]
            if allowed == nil { return ["the operation \(found.method) \(found.path) has no such status"] }
        } else {
            // No operation: a path or a method that is not emulated.
            let name = [404: "NotFound", 405: "MethodNotAllowed", 413: "PayloadTooLarge", 431: "HeadersTooLarge"][
                response.status]
            allowed = name.flatMap { document.object?["components"]?.object?["responses"]?.object?[$0] }
            if allowed == nil { return response.status == 401 ? [] : ["no component describes this answer"] }
        }
        guard let description = resolved(allowed) else { return ["its description is missing"] }
        return headerComplaints(response, description) + bodyComplaints(response, description)
    }

    private static func path(_ path: String, fits template: String) -> Bool {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        let wanted = template.split(separator: "/", omittingEmptySubsequences: false)
        return segments.count == wanted.count
            && zip(segments, wanted).allSatisfy {
                $1.hasPrefix("{") ? !$0.isEmpty : PercentCoding.decode($0.utf8) == String($1)
            }
    }

    private func resolved(_ node: JSONNode?) -> JSONObject? {
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
