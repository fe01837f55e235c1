extension RawConnection {
    /// Sends a whole request and gives its answer.
    package func request(
        _ method: String, _ target: String, fields: [(String, String)] = [], body: String? = nil
    ) throws -> RawAnswer? {
        try send(Self.request(method, target, fields: fields, body: body))
        return try answer(toHead: method == "HEAD")
    }

    /// A whole request, as bytes of text.
    package static func request(
        _ method: String, _ target: String, fields: [(String, String)] = [], body: String? = nil
    ) -> String {
        var fields = [("Host", "127.0.0.1")] + fields
        if let body { fields.append(("Content-Length", String(body.utf8.count))) }
        let block = fields.map { "\($0.0): \($0.1)\r\n" }.joined()
        return "\(method) \(target) HTTP/1.1\r\n\(block)\r\n\(body ?? "")"
    }
}
