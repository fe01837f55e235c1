import Emulation
import HTTPFront
import JSON

/// The two envelopes of the Neo API (documented): `{data, meta}` and `{error, meta}`. Nothing else writes them.
enum Envelope {
    /// `data` is what the closure writes; `meta.pagination` is there only on lists, `meta.warnings` only when there is
    /// something to warn of.
    static func success(
        _ status: Int, _ answer: AnswerContext, warnings: [String] = [], pagination: Pagination? = nil,
        data: (inout JSONWriter) -> Void
    ) -> HTTPResponse {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("data")
        data(&writer)
        writer.key("meta")
        writer.beginObject()
        writer.key("request_id")
        writer.string(answer.requestID)
        writer.key("timings_ms")
        writer.beginObject()
        writer.key("total")
        writer.double(answer.elapsedMilliseconds)
        writer.endObject()
        if let pagination {
            writer.key("pagination")
            writer.beginObject()
            writer.key("has_more")
            writer.bool(pagination.hasMore)
            writer.key("next_cursor")
            writer.string(pagination.nextCursor)
            writer.endObject()
        }
        if !warnings.isEmpty {
            writer.key("warnings")
            writer.beginArray()
            for warning in warnings { writer.string(warning) }
            writer.endArray()
        }
        writer.endObject()
        writer.endObject()
        return HTTPResponse(status, json: writer.bytes)
    }

    static func failure(_ error: NeoError, _ answer: AnswerContext) -> HTTPResponse {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("error")
        writer.beginObject()
        writer.key("code")
        writer.string(error.code)
        writer.key("message")
        writer.string(error.message)
        if let details = error.details {
            writer.key("details")
            writer.beginObject()
            details(&writer)
            writer.endObject()
        }
        writer.endObject()
        writer.key("meta")
        writer.beginObject()
        writer.key("request_id")
        writer.string(answer.requestID)
        writer.endObject()
        writer.endObject()
        return HTTPResponse(error.status, json: writer.bytes, fields: error.fields)
    }
}
