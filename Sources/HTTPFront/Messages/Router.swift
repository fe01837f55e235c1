/// Finds what stands behind a method and a path. A pattern's `{name}` segments match any one segment.
package struct Router<Endpoint: Sendable>: Sendable {
    /// What a look-up gives.
    package enum Match: Sendable {
        case found(Endpoint, parameters: [String])
        /// The path is known, the method is not: these are.
        case wrongMethod(allowed: [String])
        case nothing
    }

    private var tree = RouteTree()
    private var endpoints: [Endpoint] = []

    package init() {}

    /// Adds a route: method in upper case, pattern like `/runs/{id}/cancel`. HEAD comes with GET.
    package mutating func add(_ method: String, _ pattern: String, _ endpoint: Endpoint) {
        tree.add(pattern, RouteTree.Leaf(method: method, number: endpoints.count))
        endpoints.append(endpoint)
    }

    /// Looks a raw, still encoded path up. Empty and dot segments mean nothing special: they match no literal, and
    /// an empty one matches no parameter either.
    package func match(_ method: String, _ path: String) -> Match {
        guard let (leaves, parameters) = tree.find(path), !leaves.isEmpty else { return .nothing }
        let wanted = method == "HEAD" ? "GET" : method
        if let found = leaves.first(where: { $0.method == wanted }) {
            return .found(endpoints[found.number], parameters: parameters)
        }
        return .wrongMethod(allowed: leaves.flatMap { $0.method == "GET" ? ["GET", "HEAD"] : [$0.method] })
    }
}

/// The patterns as a tree of their segments. It knows endpoints by number only: what is generic is not compiled for its
/// users in other modules, and the look-up is in every request's path.
private struct RouteTree: Sendable {
    struct Leaf: Sendable {
        let method: String
        let number: Int
    }

    private struct Node: Sendable {
        var literals: [(text: [UInt8], node: Int)] = []
        var parameter: Int?
        var leaves: [Leaf] = []

        func literal(_ text: some Sequence<UInt8>) -> Int? { literals.first { $0.text.elementsEqual(text) }?.node }
    }

    private var nodes = [Node()]

    mutating func add(_ pattern: String, _ leaf: Leaf) {
        var current = 0
        for segment in pattern.split(separator: "/") {
            let isParameter = segment.hasPrefix("{")
            if let known = isParameter ? nodes[current].parameter : nodes[current].literal(segment.utf8) {
                current = known
                continue
            }
            nodes.append(Node())
            if isParameter {
                nodes[current].parameter = nodes.count - 1
            } else {
                nodes[current].literals.append((Array(segment.utf8), nodes.count - 1))
            }
            current = nodes.count - 1
        }
        nodes[current].leaves.append(leaf)
    }

    /// What stands at a raw path, and the decoded parameters on the way there.
    func find(_ path: String) -> (leaves: [Leaf], parameters: [String])? {
        var path = path
        return path.withUTF8 { find($0) }
    }

    private func find(_ path: UnsafeBufferPointer<UInt8>) -> (leaves: [Leaf], parameters: [String])? {
        guard path.first == UInt8(ascii: "/") else { return nil }
        var current = 0
        var parameters: [String] = []
        var rest = path.dropFirst()
        while !rest.isEmpty || current > 0 {
            let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            let segment = UnsafeBufferPointer(rebasing: rest[..<end])
            // Nearly all segments stand for themselves, and need no text to be made of them.
            if let literal = nodes[current].literal(segment) {
                current = literal
            } else {
                // What cannot be decoded names nothing, but is still a segment.
                let text = PercentCoding.decode(segment) ?? "\u{FFFD}"
                if let literal = nodes[current].literal(text.utf8) {
                    current = literal
                } else if let parameter = nodes[current].parameter, !text.isEmpty {
                    current = parameter
                    parameters.append(text)
                } else {
                    return nil
                }
            }
            if end == rest.endIndex { break }
            rest = rest[(end + 1)...]
        }
        return (nodes[current].leaves, parameters)
    }
}
