import TestSupport
import Testing

/// To Swift a Kelvin sign is a K, to a database it is not: what has a name answers to that name alone.
@Suite struct PlainNameTests {
    private static let kelvin = "%E2%84%AA"

    @Test(arguments: [
        ("/_understudy/scenarios", #"{"when": {}, "then": {"fail": 1}}"#),
        ("/_understudy/faults", #"{"match": {}, "response": {"fixedDelayMilliseconds": 0}}"#),
        ("/_understudy/snapshots", ""),
    ])
    func anotherLetterIsAnotherName(route: String, body: String) throws {
        let standIn = try StandIn()
        #expect(standIn.send("PUT", "\(route)/K", body: body).status == 201)
        #expect(standIn.send("DELETE", "\(route)/\(Self.kelvin)").status == 404)
        #expect(standIn.send("PUT", "\(route)/\(Self.kelvin)", body: body).status == 422)
        #expect(standIn.send("GET", route)["data"]?.array?.map { $0.object?["name"]?.string } == ["K"])
        #expect(standIn.send("DELETE", "\(route)/K").status < 300)
    }

    @Test func noSandboxIsFoundByAnotherLetter() throws {
        let standIn = try StandIn()
        let route = "/_understudy/admin/sandboxes"
        #expect(standIn.send("POST", route, key: nil, body: #"{"name": "K"}"#).status == 201)
        for method in ["GET", "DELETE"] {
            #expect(standIn.send(method, "\(route)/\(Self.kelvin)", key: nil).status == 404)
        }
        #expect(standIn.send("GET", "\(route)/K", key: nil).status == 200)
    }
}
