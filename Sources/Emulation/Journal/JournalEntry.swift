package import HTTPFront
package import Simulation

/// One request and its answer, as a sandbox's journal keeps them: nothing secret is in here.
package final class JournalEntry: Sendable {
    /// Grows with every entry of every journal.
    let sequence: UInt64
    /// What the journal's limits count it as.
    let bytes: Int

    package let requestID: String
    /// When the request arrived, by the machine's clock.
    package let time: Instant
    package let api: String
    /// The operation's id; nil when path and method lead to none.
    package let operation: String?
    package let method: String
    /// As it was sent, still percent-encoded.
    package let path: String
    package let query: String
    package let requestFields: [HTTPField]
    package let requestBody: JournalBody
    /// 0 when the connection was broken before the client could see one.
    package let status: Int
    package let responseFields: [HTTPField]
    package let responseBody: JournalBody
    package let milliseconds: Double
    /// The rule that forced the answer, if one did.
    package let fault: String?
    /// How the answer breaks the API's OpenAPI document; always empty without `--check-contract`.
    package let complaints: [String]

    /// What stands beside the bytes that are counted one by one: the object itself and its arrays.
    private static let overhead = 512

    init(
        sequence: UInt64, opening: JournalOpening, api: String, request: HTTPRequest, response: HTTPResponse,
        requestID: String, milliseconds: Double, complaints: [String]
    ) {
        self.sequence = sequence
        self.requestID = requestID
        self.api = api
        self.milliseconds = milliseconds
        self.complaints = complaints
        time = opening.time
        operation = opening.operation
        method = request.method
        path = request.path
        query = Redaction.query(request.query)
        requestFields = Redaction.fields(request.fields)
        requestBody = JournalBody(Redaction.requestBody(request.body))
        let delivered = Self.delivered(response)
        fault = response.field("X-Understudy-Fault")
        status = delivered ? response.status : 0
        responseFields = delivered ? Redaction.fields(response.fields) : []
        let hasBody = delivered && request.method != "HEAD" && response.delivery?.breakage == nil
        responseBody = JournalBody(hasBody ? Redaction.responseBody(response.body) : [])
        bytes =
            Self.overhead + path.utf8.count + query.utf8.count + Self.size(requestFields) + Self.size(responseFields)
            + requestBody.bytes.capacity + responseBody.bytes.capacity
    }

    /// Whether the client got to see a status at all.
    private static func delivered(_ response: HTTPResponse) -> Bool {
        switch response.delivery?.breakage {
        case nil, .malformedChunk: true
        case .empty, .randomThenClose, .reset: false
        }
    }

    private static func size(_ fields: [HTTPField]) -> Int {
        fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 32 }
    }
}

/// A body as a journal keeps it: its first 64 KiB.
package struct JournalBody: Sendable, Hashable {
    package static let limit = 64 << 10

    package let bytes: [UInt8]
    /// How long the whole body is.
    package let size: Int

    init(_ body: [UInt8]) {
        size = body.count
        bytes = body.count > Self.limit ? Array(body[..<Self.characterBoundary(in: body)]) : body
    }

    package var isTruncated: Bool { bytes.count < size }

    /// Where the last whole UTF-8 character ends that fits.
    private static func characterBoundary(in body: [UInt8]) -> Int {
        var end = limit
        // Bytes 0b10…… go on with a character; one has three of them at most.
        while end > limit - 3, body[end] & 0xC0 == 0x80 { end -= 1 }
        return body[end] & 0xC0 == 0x80 ? limit : end
    }
}
