import HTTPFront
import JSON

extension HTTPResponse {
    /// A response with the JSON that `write` writes.
    static func json(
        _ status: Int = 200, capacity: Int = 256, _ write: (inout JSONWriter) throws -> Void
    ) rethrows -> HTTPResponse {
        var writer = JSONWriter(capacity: capacity)
        try write(&writer)
        return HTTPResponse(status, json: writer.bytes)
    }

    /// A list, as the member `data`; `write` writes one of its elements.
    static func list<Element>(
        _ elements: some Sequence<Element>, capacity: Int = 1_024, _ write: (inout JSONWriter, Element) -> Void
    ) -> HTTPResponse {
        json(capacity: capacity) { writer in
            writer.beginObject()
            writer.key("data")
            writer.beginArray()
            for element in elements { write(&writer, element) }
            writer.endArray()
            writer.endObject()
        }
    }
}
