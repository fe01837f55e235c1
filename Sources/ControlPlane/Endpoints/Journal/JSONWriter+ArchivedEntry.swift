import Emulation
import HTTPFront
import JSON
import Time

extension JSONWriter {
    /// One entry of an HTTP Archive. Members of ours begin with an underscore, as the format wants it.
    mutating func archived(_ entry: JournalEntry) {
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
