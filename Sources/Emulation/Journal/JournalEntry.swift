package import HTTPFront
package import Time

/// One request and its answer, as a sandbox's journal keeps them: nothing secret is in here.
package final class JournalEntry: Sendable {
    /// Grows with every entry of every journal.
    let sequence: UInt64
    /// What the journal's limits count it as.
    let bytes: Int

    /// When the request arrived, by the machine's clock.
    package let time: Instant
    package let api: String
    /// The operation's id; nil when path and method lead to none.
    package let operation: String?
    package let method: String
    /// 0 when the connection was broken before the client could see one.
    package let status: Int
    package let milliseconds: Double
    /// The rule that forced the answer, if one did.
    package let fault: String?
    /// How the answer breaks the API's OpenAPI document; always empty without `--check-contract`.
    package let complaints: [String]

    private let record: JournalRecord
    private let requestBodySize: Int
    private let responseBodySize: Int

    /// What the entry takes beside its record.
    private static let overhead = 256

    init(
        sequence: UInt64, time: Instant, api: String, request: HTTPRequest, answered: Answered, complaints: [String]
    ) {
        let response = answered.response
        self.sequence = sequence
        self.api = api
        self.complaints = complaints
        self.time = time
        operation = answered.route?.id
        let later = (response.delivery?.delayMilliseconds ?? 0) + (response.delivery?.dribble?.milliseconds ?? 0)
        milliseconds = ((answered.milliseconds + later) * 1_000).rounded() / 1_000
        method = request.method
        fault = response.field("X-Understudy-Fault")
        let delivered = Self.delivered(response)
        status = delivered ? response.status : 0
        let hasBody = delivered && request.method != "HEAD" && response.delivery?.breakage == nil
        let requestBody = Redaction.requestBody(of: request)
        let responseBody = hasBody ? Redaction.responseBody(of: response) : []
        requestBodySize = requestBody.count
        responseBodySize = responseBody.count
        record = JournalRecord(
            requestID: answered.answer.requestID, path: request.path, query: Redaction.query(request.query),
            requestBody: JournalBody.beginning(of: requestBody), responseBody: JournalBody.beginning(of: responseBody),
            requestFields: request.fields, responseFields: delivered ? response.fields : [])
        bytes = record.size + Self.overhead
    }

    package var requestID: String { record.text(0) }
    /// As it was sent, still percent-encoded.
    package var path: String { record.text(1) }
    /// As path patterns see it.
    var decodedPath: String {
        let path = path
        return PercentCoding.decode(path.utf8[...]) ?? path
    }
    package var query: String { record.text(2) }
    package var requestBody: JournalBody { JournalBody(bytes: Array(record.piece(3)), size: requestBodySize) }
    package var responseBody: JournalBody { JournalBody(bytes: Array(record.piece(4)), size: responseBodySize) }
    package var requestFields: [HTTPField] { record.fields(from: 5).request }
    package var responseFields: [HTTPField] { record.fields(from: 5).response }

    /// Whether the client got to see a status at all.
    private static func delivered(_ response: HTTPResponse) -> Bool {
        switch response.delivery?.breakage {
        case nil, .malformedChunk: true
        case .empty, .randomThenClose, .reset: false
        }
    }
}

/// A body as a journal keeps it: its first 64 KiB.
package struct JournalBody: Sendable, Hashable {
    package static let limit = 64 << 10

    package let bytes: [UInt8]
    /// How long the whole body is.
    package let size: Int

    /// As much of a body as is kept.
    static func beginning(of body: [UInt8]) -> ArraySlice<UInt8> {
        body.count > limit ? body[..<characterBoundary(in: body)] : body[...]
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
