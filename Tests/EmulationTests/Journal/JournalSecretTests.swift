import Emulation
import HTTPFront
import JSON
import TestSupport
import Testing

@Suite struct JournalSecretTests {
    private static let secret = "s3cr3t-bytes-of-a-key"

    private static let routes = ["/_understudy/requests", "/_understudy/requests.har", "/_understudy/conformance"]

    /// Looks for the secret in all that the journal holds and shows.
    private static func expectNothing(_ standIn: StandIn, _ key: String?, sourceLocation: SourceLocation) throws {
        for route in routes {
            let text = standIn.send("GET", route, key: key).text
            #expect(!text.contains(secret), sourceLocation: sourceLocation)
        }
        let id = try #require(standIn.send("GET", routes[0], key: key)["data.0.request_id"]?.string)
        #expect(
            !standIn.send("GET", "\(routes[0])/\(id)", key: key).text.contains(secret), sourceLocation: sourceLocation)
    }

    @Test(arguments: [
        #"{"api_key": "SECRET"}"#, #"{"a": [{"api_key": "SECRET"}]}"#,
        #"{"filter_spec": {"b": {"API_KEY": "SECRET"}}}"#,
        #"{"api\u005fkey": "SECRET"}"#, #"{"api_key": {"value": ["SECRET"]}}"#,
        #"{"api_key": "1", "api_key": "SECRET"}"#,
        #"{"apiKey": "SECRET"}"#, #"{"token": "SECRET"}"#, #"{"access_token": "SECRET"}"#,
        #"{"client-secret": "SECRET"}"#,
        #"{"Password": "SECRET"}"#, #"[{"x-api-key": "SECRET"}]"#,
        // No JSON: replaced whole.
        #"{"api_key": "SECRET""#, "api_key=SECRET&a=1", "api%5Fkey=SECRET", #"{"api\u005fkey": "SECRET""#,
        "password: SECRET", #"{"token": "SECRET"}}"#, "SECRET is the Api-Key",
    ])
    func noSecretOfABodyIsKept(template: String) throws {
        let standIn = try StandIn()
        let body = template.replacing("SECRET", with: Self.secret)
        standIn.send("POST", "/public-api/backfills", body: body)
        try Self.expectNothing(standIn, StandIn.neoKey, sourceLocation: #_sourceLocation)
        let kept = standIn.send("GET", Self.routes[0])["data.0.request_body"]?.string
        #expect(kept?.contains("[redacted]") == true)
    }

    @Test func theRestOfTheBodyStaysAsItWas() throws {
        let standIn = try StandIn()
        standIn.send("POST", "/public-api/backfills", body: #"{ "a":1, "api_key" : "k", "b": {"token":7},"c":"é" }"#)
        let kept = standIn.send("GET", Self.routes[0])["data.0.request_body"]?.string
        #expect(kept == #"{ "a":1, "api_key" : "[redacted]", "b": {"token":"[redacted]"},"c":"é" }"#)
    }

    @Test(arguments: [
        #"{"tokens": 5, "max_tokens": 7, "keys": ["a"], "key": "b", "note": "the token is secret"}"#,
        #"{"whiskey": 1, "broken": "#, "",
    ])
    func whatIsNoSecretIsKept(body: String) throws {
        let standIn = try StandIn()
        standIn.send("POST", "/public-api/backfills", body: body)
        let kept = standIn.send("GET", Self.routes[0])["data.0.request_body"]
        #expect((kept?.string ?? "") == body)
    }

    /// A filter is echoed as it came, so an answer can hold what a request held.
    @Test(arguments: [
        "api_key", #"api\u005fkey"#, "clientSecret", "PASSWORD", "refresh-token", "pass_word", "Pass Word", "api_k_ey",
        "x-authori_zation",
    ])
    func noSecretOfAnAnswerIsKept(name: String) throws {
        let standIn = try StandIn()
        let filter = #"{"\#(name)": "\#(Self.secret)"}"#
        let padding = String(repeating: "x", count: 61)
        let answer = standIn.send(
            "POST", "/public-api/backfills",
            body: createBody(["filter_spec": #"{"p": "\#(padding)", "f": \#(filter)}"#]))
        #expect(answer.status == 201)
        #expect(answer.text.contains(Self.secret))
        try Self.expectNothing(standIn, StandIn.neoKey, sourceLocation: #_sourceLocation)
        let kept = standIn.send("GET", Self.routes[0])["data.0.response_body"]?.string
        #expect(kept == answer.text.replacing(Self.secret, with: "[redacted]"))
    }

    /// What a fault's header calls its body is its writer's word, not ours.
    @Test(arguments: [
        "api_key=SECRET&a=1", "{'api_key': 'SECRET'}", #"{"api_key" "SECRET"}"#, #"{"api_key": "SECRET"}"#,
    ])
    func noSecretOfAFaultsBodyIsKept(template: String) throws {
        let standIn = try StandIn()
        var body = JSONWriter()
        body.string(template.replacing("SECRET", with: Self.secret))
        standIn.send(
            "PUT", "/_understudy/faults/f",
            body:
                #"{"match": {"api": "neo"}, "response": {"status": 200, "headers": {"Content-Type": "application/json"}, "#
                + #""body": \#(String(decoding: body.bytes, as: UTF8.self))}}"#)
        #expect(standIn.send("GET", "/public-api/agents").text.contains(Self.secret))
        // The fault itself came as a text in JSON, of which no name is a secret's.
        #expect(standIn.send("DELETE", Self.routes[0]).status < 300)
        #expect(standIn.send("GET", "/public-api/agents").status == 200)
        try Self.expectNothing(standIn, StandIn.neoKey, sourceLocation: #_sourceLocation)
    }

    @Test func noSecretOfAHeaderIsKept() throws {
        let standIn = try StandIn()
        let key = "neo_sk_test_\(Self.secret.filter { $0 != "-" })"
        let names = ["Proxy-Authorization", "Cookie", "X-API-Key", "x-auth-token", "Client-Secret"]
        standIn.send(
            "GET", "/public-api/backfills", key: key,
            fields: names.map { HTTPField($0, Self.secret) } + [HTTPField("Idempotency-Key", "kept")])
        try Self.expectNothing(standIn, key, sourceLocation: #_sourceLocation)
        let listed = standIn.send("GET", Self.routes[0], key: key)
        #expect(!listed.text.contains(key.dropFirst(12)))
        let headers = listed["data.0.request_headers"]?.object
        for name in names + ["Authorization"] { #expect(headers?[name]?.string == "[redacted]") }
        #expect(headers?["Idempotency-Key"]?.string == "kept")
    }

    @Test(arguments: ["api_key", "api%5Fkey", "access_token", "%61pi_key"])
    func noSecretOfAQueryIsKept(name: String) throws {
        let standIn = try StandIn()
        standIn.send("GET", "/public-api/backfills?a=1&\(name)=\(Self.secret)&page_size=5&b")
        try Self.expectNothing(standIn, StandIn.neoKey, sourceLocation: #_sourceLocation)
        let kept = standIn.send("GET", Self.routes[0])["data.0.query"]?.string
        #expect(kept == "a=1&\(name)=[redacted]&page_size=5&b")
    }

    @Test func theEntryItselfHoldsNoByteOfIt() throws {
        let standIn = try StandIn()
        standIn.send(
            "POST", "/public-api/backfills?token=\(Self.secret)", body: #"{"api_key": "\#(Self.secret)"}"#,
            fields: [HTTPField("Cookie", Self.secret)])
        let sandbox = try #require(try standIn.directory.resolve(.key(StandIn.neoKey))).sandbox
        let entry = try #require(RequestJournals.existing(of: sandbox)?.entries().first)
        let fields = entry.requestFields + entry.responseFields
        let texts = [entry.path, entry.query] + fields.flatMap { [$0.name, $0.value] }
        let bodies = [entry.requestBody, entry.responseBody].map { String(decoding: $0.bytes, as: UTF8.self) }
        for text in texts + bodies {
            #expect(!text.contains(Self.secret))
            #expect(!text.contains(StandIn.neoKey))
        }
    }
}
