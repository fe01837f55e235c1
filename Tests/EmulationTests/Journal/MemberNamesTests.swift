import Testing

@testable import Emulation

@Suite struct MemberNamesTests {
    private static func mayHoldSecret(_ text: String) -> Bool { MemberNames.mayHoldSecret(inJSON: Array(text.utf8)) }

    @Test(arguments: [
        #"{"api_key": 1}"#, #"{"a": [{"b": {"SecretKey" : 1}}]}"#, "{\"x-TOKEN\"\n\t: null}",
        #"{"a":"b","passWORD":"c"}"#,
        #"[{"a": ":"}, {"set-cookie":[]}]"#, #"{"a_p_i_k_e_y_": 1}"#, #"{"tok\u0065n": 1}"#,
        #"{"a": "\"", "token": 1}"#,
        #"{"": {"to-ken": 1}}"#, #"{"a": 1, "pass_word":1}"#,
    ])
    func noNameIsOverlooked(text: String) { #expect(Self.mayHoldSecret(text)) }

    @Test(arguments: [
        "", "{}", "[]", "null", #""token""#, #"{"a": "token"}"#, #"{"a": "token: b", "c": ["password", "secret:"]}"#,
        #"{"created_at": "2026-03-02T09:00:00Z", "target": 123, "tokens": 4, "": ":"}"#,
        #"{"ke":1, "key": 2, "pagination": {"ion": 3}}"#, #"{"é":1}"#,
    ])
    func otherTextIsPassedOver(text: String) { #expect(!Self.mayHoldSecret(text)) }

    @Test(arguments: [
        ("api_key", true), ("API-KEY", true), ("apikey", true), ("x.api.key", true), ("api_key_", true),
        ("token", true),
        ("access_token", true), ("Set-Cookie", true), ("password ", true), ("tokens", false), ("key", false),
        ("Idempotency-Key", false), ("token_count", false), ("cursor", false), ("", false), ("é", false), ("ke", false),
    ])
    func aNameIsASecretsByHowItEnds(name: String, isSecret: Bool) {
        #expect(Redaction.isSecret(name) == isSecret)
    }
}
