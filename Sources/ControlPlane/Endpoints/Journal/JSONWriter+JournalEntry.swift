import Emulation
import HTTPFront
import JSON
import Time

extension JSONWriter {
    mutating func entry(_ entry: JournalEntry) {
        beginObject()
        key("request_id")
        string(entry.requestID)
        key("time")
        instant(entry.time)
        key("api")
        string(entry.api)
        key("operation")
        string(entry.operation)
        key("method")
        string(entry.method)
        key("path")
        string(entry.path)
        key("query")
        string(entry.query)
        key("request_headers")
        headers(entry.requestFields)
        key("request_body")
        string(entry.requestBody.text)
        key("status")
        integer(entry.status)
        key("response_headers")
        headers(entry.responseFields)
        key("response_body")
        string(entry.responseBody.text)
        key("milliseconds")
        double(entry.milliseconds)
        key("fault")
        string(entry.fault)
        endObject()
    }

    /// By name; the values of a name that comes more than once are joined, as HTTP allows.
    private mutating func headers(_ fields: [HTTPField]) {
        beginObject()
        var written: Set<String> = []
        for field in fields where written.insert(field.name.lowercased()).inserted {
            let name = field.name.lowercased()
            key(anyText: field.name)
            string(fields.filter { $0.name.lowercased() == name }.map(\.value).joined(separator: ", "))
        }
        endObject()
    }
}

extension JournalBody {
    /// The body as text, with a mark behind what was cut off; bytes that are no UTF-8 are replacement characters. Nil
    /// when there is none.
    var text: String? {
        guard size > 0 else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return isTruncated ? "\(text)…[truncated: \(size) bytes in all]" : text
    }
}
