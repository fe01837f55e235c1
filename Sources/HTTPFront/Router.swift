/// Finds what stands behind a method and a path. A pattern's `{name}` segments match any one segment.
package struct Router<Endpoint: Sendable>: Sendable {
    /// What a look-up gives.
    package enum Match {
        case found(Endpoint, parameters: [String])
        /// The path is known, the method is not: these are.
        case wrongMethod(allowed: [String])
        case nothing
    }

    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var parameter: Int?
        var endpoints: [(method: String, endpoint: Endpoint)] = []
    }

    private var nodes = [Node()]

    package init() {}

    /// Adds a route: method in upper case, pattern like `/runs/{id}/cancel`. HEAD comes with GET.
    package mutating func add(_ method: String, _ pattern: String, _ endpoint: Endpoint) {
        var current = 0
        for segment in pattern.split(separator: "/") {
            let isParameter = segment.hasPrefix("{")
            let known = isParameter ? nodes[current].parameter : nodes[current].literals[String(segment)]
            if let known {
                current = known
                continue
            }
            nodes.append(Node())
            if isParameter {
                nodes[current].parameter = nodes.count - 1
            } else {
                nodes[current].literals[String(segment)] = nodes.count - 1
            }
            current = nodes.count - 1
        }
        nodes[current].endpoints.append((method, endpoint))
    }

    /// Looks a raw, still encoded path up. Empty and dot segments mean nothing special: they match no literal, and
    /// an empty one matches no parameter either.
    package func match(_ method: String, _ path: String) -> Match {
        guard path.utf8.first == UInt8(ascii: "/") else { return .nothing }
        var current = 0
        var parameters: [String] = []
        if path.utf8.count > 1 {
            for raw in path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
                // What cannot be decoded names nothing, but is still a segment.
                let segment = PercentCoding.decode(raw) ?? "\u{FFFD}"
                if let literal = nodes[current].literals[segment] {
                    current = literal
                } else if let parameter = nodes[current].parameter, !segment.isEmpty {
                    current = parameter
                    parameters.append(segment)
                } else {
                    return .nothing
                }
            }
        }
        let endpoints = nodes[current].endpoints
        let wanted = method == "HEAD" ? "GET" : method
        if let found = endpoints.first(where: { $0.method == wanted }) {
            return .found(found.endpoint, parameters: parameters)
        }
        return endpoints.isEmpty ? .nothing : .wrongMethod(allowed: Self.allowed(endpoints.map(\.method)))
    }

    private static func allowed(_ methods: [String]) -> [String] {
        methods.flatMap { $0 == "GET" ? ["GET", "HEAD"] : [$0] }
    }
}
