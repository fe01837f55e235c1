import AnswerContract
import Emulation
import HTTPFront
import JSON
import TestSupport
import Testing

@Suite struct ForcedAnswerTests {
    private static let run = "/api/v1/agents/contact_deduper/runs/00000000-0000-4000-8000-000000000000"

    private static func answer(
        _ response: String, neo: Bool = true, _ method: String = "GET", body: String? = nil
    ) throws -> Answer {
        let standIn = try StandIn()
        let key = neo ? StandIn.neoKey : StandIn.backsideKey
        let put = standIn.send(
            "PUT", "/_understudy/faults/chosen", key: key, body: #"{"match": {}, "response": \#(response)}"#)
        #expect(put.status == 201, "\(put.text)")
        return standIn.send(method, neo ? "/public-api/agents" : run, key: key, body: body)
    }

    @Test(arguments: [
        (400, "BAD_REQUEST"), (401, "UNAUTHORIZED"), (403, "FORBIDDEN"), (404, "NOT_FOUND"), (409, "CONFLICT"),
        (413, "PAYLOAD_TOO_LARGE"), (418, "HTTP_418"), (422, "validation_error"), (429, "RATE_LIMITED"),
        (500, "INTERNAL_ERROR"), (502, "BAD_GATEWAY"), (503, "SERVICE_UNAVAILABLE"), (504, "GATEWAY_TIMEOUT"),
        (599, "HTTP_599"),
    ])
    func aForcedErrorIsInNeosEnvelope(status: Int, code: String) throws {
        let answer = try Self.answer(#"{"status": \#(status)}"#)
        #expect(answer.status == status)
        #expect(answer.code == code)
        #expect(answer.response.field("X-Understudy-Fault") == "chosen")
        #expect(answer.response.delivery == nil)
        let schema = try #require(
            SchemaValidator.node(at: "#/components/schemas/ErrorEnvelope", in: Contract.neo.document))
        let validator = SchemaValidator(document: Contract.neo.document)
        #expect(validator.problems(of: try #require(answer.json), under: schema) == [])
        #expect(answer.response.field("WWW-Authenticate") == (status == 401 ? "Bearer" : nil))
        #expect(answer.response.field("Retry-After") == ([429, 503].contains(status) ? "1" : nil))
        #expect(answer.response.field("X-RateLimit-Remaining") == (status == 429 ? "0" : nil))
        #expect(answer.violatedFields == (status == 422 ? ["body"] : []))
    }

    @Test(arguments: [
        (400, "bad_request"), (401, "unauthorized"), (402, "payment_required"), (404, "not_found"), (409, "conflict"),
        (422, "validation_error"), (429, "rate_limited"), (500, "internal_error"), (503, "service_unavailable"),
    ])
    func aForcedErrorIsInBacksidesShape(status: Int, code: String) throws {
        let answer = try Self.answer(#"{"status": \#(status)}"#, neo: false)
        #expect(answer.status == status)
        #expect(answer.code == code)
        #expect(answer["error"]?.object?.members.map(\.key) == ["code", "message"])
        #expect((answer["payment_options"] != nil) == (status == 402))
        #expect(answer.response.field("Retry-After") == ([429, 503].contains(status) ? "1" : nil))
        #expect(answer.response.field("X-Understudy-Fault") == "chosen")
    }

    @Test(arguments: [200, 204, 302, 399])
    func aForcedSuccessIsEmpty(status: Int) throws {
        let answer = try Self.answer(#"{"status": \#(status)}"#)
        #expect(answer.status == status)
        #expect(answer.response.body.isEmpty)
        #expect(answer.response.fields == [HTTPField("X-Understudy-Fault", "chosen")])
    }

    @Test func aForcedAnswerSaysWhatItIsTold() throws {
        let text = try Self.answer(#"{"status": 502, "body": "<h1>Bad \"gateway\"</h1>"}"#)
        #expect(text.text == #"<h1>Bad "gateway"</h1>"#)
        #expect(text.response.field("Content-Type") == "text/plain; charset=utf-8")
        let json = try Self.answer(#"{"status": 200, "jsonBody": {"a": [1.50, null], "a": "b"}}"#)
        #expect(json.text == #"{"a":[1.50,null],"a":"b"}"#)
        #expect(json.response.field("Content-Type") == "application/json")
        let null = try Self.answer(#"{"status": 200, "jsonBody": null}"#)
        #expect(null.text == "null")
    }

    @Test func chosenHeadersTakeThePlaceOfUsualOnes() throws {
        let answer = try Self.answer(
            #"{"status": 429, "headers": {"retry-after": "120", "content-type": "application/problem+json", "Set-Cookie": "a=b"}}"#
        )
        let fields = answer.response.fields.map { "\($0.name.lowercased()): \($0.value)" }
        #expect(fields.filter { $0.hasPrefix("retry-after") } == ["retry-after: 120"])
        #expect(fields.filter { $0.hasPrefix("content-type") } == ["content-type: application/problem+json"])
        #expect(fields.contains("set-cookie: a=b"))
        #expect(answer.code == "RATE_LIMITED")
    }

    @Test(arguments: [
        ("EMPTY_RESPONSE", Delivery.Breakage.empty), ("MALFORMED_RESPONSE_CHUNK", .malformedChunk),
        ("RANDOM_DATA_THEN_CLOSE", .randomThenClose), ("CONNECTION_RESET_BY_PEER", .reset),
    ])
    func aConnectionBreaks(word: String, breakage: Delivery.Breakage) throws {
        let answer = try Self.answer(#"{"fault": "\#(word)"}"#)
        #expect(answer.response.delivery == Delivery(breakage: breakage))
        #expect(answer.response.field("X-Understudy-Fault") == "chosen")
        let late = try Self.answer(#"{"fault": "\#(word)", "fixedDelayMilliseconds": 30}"#)
        #expect(late.response.delivery == Delivery(delayMilliseconds: 30, breakage: breakage))
    }

    @Test(arguments: [
        (#"{"fixedDelayMilliseconds": 250}"#, Delivery(delayMilliseconds: 250)),
        (
            #"{"chunkedDribbleDelay": {"numberOfChunks": 5, "totalDuration": 1000}}"#,
            Delivery(dribble: .init(chunks: 5, milliseconds: 1_000))
        ),
        (
            #"{"fixedDelayMilliseconds": 5, "chunkedDribbleDelay": {"numberOfChunks": 1, "totalDuration": 0}}"#,
            Delivery(delayMilliseconds: 5, dribble: .init(chunks: 1, milliseconds: 0))
        ),
        (
            #"{"delayDistribution": {"type": "uniform", "lower": 40, "upper": 40}}"#,
            Delivery(delayMilliseconds: 40)
        ),
        (
            #"{"delayDistribution": {"type": "lognormal", "median": 1000, "sigma": 5, "maxValue": 0}}"#, nil
        ),
    ])
    func theRealAnswerComesLate(response: String, delivery: Delivery?) throws {
        let answer = try Self.answer(response)
        #expect(answer.status == 200)
        #expect(answer["data"]?.array?.isEmpty == false)
        #expect(answer.response.delivery == delivery)
        #expect(answer.response.field("X-Understudy-Fault") == "chosen")
        #expect(answer.response.field("X-RateLimit-Remaining") == "1199")
        let request = HTTPRequest("GET", "/public-api/agents")
        #expect(Contract.complaints(about: answer.response, to: request) == [])
    }

    @Test func aForcedAnswerMayComeLateToo() throws {
        let answer = try Self.answer(#"{"status": 503, "fixedDelayMilliseconds": 70}"#)
        #expect(answer.status == 503)
        #expect(answer.response.delivery == Delivery(delayMilliseconds: 70))
    }
}
