import Emulation
import HTTPFront
import JSON
import Simulation

extension ControlPlane {
    /// `GET /_understudy/requests.har`: the journal as an HTTP Archive 1.2, oldest first, as its readers expect.
    func archive(_ call: JournalCall) throws -> HTTPResponse {
        let query = try JournalQuery(call.request.query, taking: [.limit], apis: apis)
        let entries = call.journal.entries(query.filter).prefix(query.limit).reversed()
        var writer = JSONWriter(capacity: 2048 * (entries.count + 1))
        writer.beginObject()
        writer.key("log")
        writer.beginObject()
        writer.key("version")
        writer.string("1.2")
        writer.key("creator")
        writer.beginObject()
        writer.key("name")
        writer.string("Understudy")
        writer.key("version")
        writer.string(configuration.version)
        writer.endObject()
        writer.key("entries")
        writer.beginArray()
        for entry in entries { writer.archived(entry) }
        writer.endArray()
        writer.endObject()
        writer.endObject()
        return HTTPResponse(200, json: writer.bytes)
    }
}

extension JSONWriter {
    /// One entry of an HTTP Archive. Members of ours begin with an underscore, as the format wants it.
    fileprivate mutating func archived(_ entry: JournalEntry) {
        beginObject()
        key("startedDateTime")
        instant(entry.time)
        key("time")
        double(entry.milliseconds)
        key("request")
        archivedRequest(entry)
        key("response")
        archivedResponse(entry)
        key("cache")
        beginObject()
        endObject()
        key("timings")
        beginObject()
        key("send")
        integer(0)
        key("wait")
        double(entry.milliseconds)
        key("receive")
        integer(0)
        endObject()
        key("_request_id")
        string(entry.requestID)
        key("_operation")
        string(entry.operation)
        key("_fault")
        string(entry.fault)
        endObject()
    }

    private mutating func archivedRequest(_ entry: JournalEntry) {
        let host = Self.value(of: "host", in: entry.requestFields) ?? "localhost"
        beginObject()
        key("method")
        string(entry.method)
        key("url")
        string("http://\(host)\(entry.path)\(entry.query.isEmpty ? "" : "?")\(entry.query)")
        key("httpVersion")
        string("HTTP/1.1")
        // Cookies are never kept.
        key("cookies")
        pairs([])
        key("headers")
        pairs(entry.requestFields.map { ($0.name, $0.value) })
        key("queryString")
        pairs(QueryItems.read(entry.query))
        if let text = entry.requestBody.text {
            key("postData")
            beginObject()
            key("mimeType")
            string(Self.value(of: "content-type", in: entry.requestFields) ?? "")
            key("text")
            string(text)
            endObject()
        }
        key("headersSize")
        integer(-1)
        key("bodySize")
        integer(entry.requestBody.size)
        endObject()
    }

    private mutating func archivedResponse(_ entry: JournalEntry) {
        let body = entry.responseBody
        beginObject()
        key("status")
        integer(entry.status)
        key("statusText")
        string(ReasonPhrase.of(entry.status))
        key("httpVersion")
        string("HTTP/1.1")
        key("cookies")
        pairs([])
        key("headers")
        pairs(entry.responseFields.map { ($0.name, $0.value) })
        key("content")
        beginObject()
        key("size")
        integer(body.size)
        key("mimeType")
        string(Self.value(of: "content-type", in: entry.responseFields) ?? "")
        if String(validating: body.bytes, as: UTF8.self) == nil {
            key("text")
            string(Base64.encode(body.bytes))
            key("encoding")
            string("base64")
        } else if let text = body.text {
            key("text")
            string(text)
        }
        endObject()
        key("redirectURL")
        string(Self.value(of: "location", in: entry.responseFields) ?? "")
        key("headersSize")
        integer(-1)
        key("bodySize")
        integer(body.size)
        endObject()
    }

    private mutating func pairs(_ pairs: [(name: String, value: String)]) {
        beginArray()
        for pair in pairs {
            beginObject()
            key("name")
            string(pair.name)
            key("value")
            string(pair.value)
            endObject()
        }
        endArray()
    }

    private static func value(of name: String, in fields: [HTTPField]) -> String? {
        fields.first { $0.name.lowercased() == name }?.value
    }
}

/// Base64 with padding (RFC 4648).
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var encoded: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                let index = Int(bits >> UInt32(18 - 6 * place)) & 63
                encoded.append(place <= group.count ? alphabet[index] : UInt8(ascii: "="))
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}

/// What stands beside a status on the status line.
enum ReasonPhrase {
    private static let known = [
        200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 400: "Bad Request", 401: "Unauthorized",
        402: "Payment Required", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict",
        413: "Content Too Large", 422: "Unprocessable Content", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 500: "Internal Server Error", 502: "Bad Gateway",
        503: "Service Unavailable", 504: "Gateway Timeout",
    ]

    /// Empty for one that we do not answer with ourselves.
    static func of(_ status: Int) -> String { known[status] ?? "" }
}
