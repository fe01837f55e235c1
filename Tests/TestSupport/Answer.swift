import HTTPFront
import JSON

/// A response, with its JSON at hand.
package struct Answer {
    package let status: Int
    package let response: HTTPResponse
    package let json: JSONNode?

    package init(_ response: HTTPResponse) {
        status = response.status
        self.response = response
        json = try? JSONParser.parse(response.body)
    }

    package var text: String { String(decoding: response.body, as: UTF8.self) }

    /// The value at a path like `data.backfill.id` or `error.details.errors.0.field`.
    package subscript(path: String) -> JSONNode? {
        path.split(separator: ".").reduce(json) { node, step in
            if let index = Int(step), let array = node?.array {
                return array.indices.contains(index) ? array[index] : nil
            }
            return node?.object?[String(step)]
        }
    }

    /// The violations of a 422: field by field, in order.
    package var violatedFields: [String] {
        self["error.details.errors"]?.array?.compactMap { $0.object?["field"]?.string } ?? []
    }

    package var warnings: [String] { self["meta.warnings"]?.array?.compactMap(\.string) ?? [] }
    package var code: String? { self["error.code"]?.string }
}
