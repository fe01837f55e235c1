import Emulation
import HTTPFront
import JSON
import TestSupport
import Testing

@Suite struct PreferTests {
    private static let agents = "/public-api/agents"

    @Test(
        arguments: [
            (["code=429"], 429, nil), (["delay=250"], nil, 250), (["code=503, delay=250"], 503, 250),
            (["code=503", "delay=250"], 503, 250), (["code=503,delay=0"], 503, 0), (["CODE = 429 ; x=y"], 429, nil),
            ([#"code="429""#], 429, nil), (["return=minimal, code=404"], 404, nil),
            ([#"wait="1,code=500", code=404"#], 404, nil), ([#"a="\",code=500", code=404"#], 404, nil),
            (["respond-async; delay=3, code=404"], 404, nil), (["code=404, code=500"], 404, nil),
            (["code=404", "code=500"], 404, nil), (["code=abc, code=500"], nil, nil), (["code=200"], 200, nil),
            (["code=599, delay=600000"], 599, 600_000), (["code=99"], nil, nil), (["code=199"], nil, nil),
            (["code=600"], nil, nil), (["code"], nil, nil), (["code="], nil, nil), (["code=4 29"], nil, nil),
            (["code=+429"], nil, nil), (["code=429.0"], nil, nil), (["delay=-1, code=500"], 500, nil),
            (["delay=600001"], nil, nil), (["delay=99999999999999999999"], nil, nil), (["delay=1.5"], nil, nil),
            ([""], nil, nil), ([",,;;=,,"], nil, nil), ([#"code="429"#], 429, nil), ([",code=429,"], 429, nil),
            (["x code=429"], nil, nil), (["return=minimal"], nil, nil), ([], nil, nil),
        ] as [([String], Int?, Int?)])
    func aPreferenceIsReadAsRFC7240HasIt(values: [String], code: Int?, delay: Int?) {
        let request = HTTPRequest("GET", Self.agents, fields: values.map { HTTPField("pReFer", $0) })
        let preferences = Preferences(request)
        #expect(preferences?.code == code)
        #expect(preferences?.delay == delay)
        #expect((preferences == nil) == (code == nil && delay == nil))
    }

    @Test func aRequestAsksForItself() throws {
        let standIn = try StandIn()
        let answer = standIn.send("GET", Self.agents, fields: [HTTPField("Prefer", "code=429")])
        #expect(answer.status == 429)
        #expect(answer.code == "RATE_LIMITED")
        #expect(answer.response.field("Preference-Applied") == "code=429")
        #expect(answer.response.field("X-Understudy-Fault") == "prefer")
        #expect(answer.response.field("Retry-After") == "1")
        let late = standIn.send("GET", Self.agents, fields: [HTTPField("Prefer", "delay=250")])
        #expect(late.status == 200)
        #expect(late.response.delivery == Delivery(delayMilliseconds: 250))
        #expect(late.response.field("Preference-Applied") == "delay=250")
        let both = standIn.send("GET", Self.agents, fields: [HTTPField("Prefer", "delay=250, code=503")])
        #expect(both.status == 503)
        #expect(both.response.delivery == Delivery(delayMilliseconds: 250))
        #expect(both.response.field("Preference-Applied") == "code=503, delay=250")
        let plain = standIn.send("GET", Self.agents)
        #expect(plain.status == 200)
        #expect(plain.response.field("X-Understudy-Fault") == nil)
        #expect(plain.response.field("Preference-Applied") == nil)
    }

    @Test func whatIsPreferredComesBeforeFaultsAndUsesNoneUp() throws {
        let standIn = try StandIn()
        standIn.send("PUT", "/_understudy/faults/f", body: #"{"match": {"times": 1}, "response": {"status": 500}}"#)
        #expect(standIn.send("GET", Self.agents, fields: [HTTPField("Prefer", "delay=1")]).status == 200)
        #expect(standIn.send("GET", Self.agents, fields: [HTTPField("Prefer", "code=nonsense")]).status == 500)
        #expect(standIn.send("GET", "/_understudy/faults/f")["used"]?.integer == 1)
    }

    @Test func onlyWhoIsLetInMayPrefer() throws {
        let standIn = try StandIn()
        let wish = [HTTPField("Prefer", "code=503")]
        #expect(standIn.send("GET", Self.agents, key: nil, fields: wish).status == 401)
        #expect(standIn.send("GET", Self.agents, key: "nonsense", fields: wish).status == 401)
        #expect(standIn.send("GET", "/public-api/health", fields: wish).status == 200)
        #expect(standIn.send("GET", "/_understudy/sandbox", fields: wish).status == 200)
    }

    @Test func itMayBeSwitchedOff() throws {
        let standIn = try StandIn { $0.honorsPrefer = false }
        let answer = standIn.send("GET", Self.agents, fields: [HTTPField("Prefer", "code=503, delay=9")])
        #expect(answer.status == 200)
        #expect(answer.response.delivery == nil)
        #expect(answer.response.field("Preference-Applied") == nil)
        // Faults are not.
        standIn.send("PUT", "/_understudy/faults/f", body: #"{"match": {}, "response": {"status": 500}}"#)
        #expect(standIn.send("GET", Self.agents).status == 500)
    }
}
