import JSON
import Testing

@Suite struct JSONParserTests {
    private func parse(_ text: String) throws(JSONSyntaxError) -> JSONNode { try JSONParser.parse(Array(text.utf8)) }

    private func echo(_ text: String) throws -> String {
        var writer = JSONWriter()
        writer.value(try parse(text))
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        "null", "true", "[]", "{}", "-0.5e+10", #""a\"b\\c""#, #"{"b":1,"a":[1,2.50,{"x":null}],"b":2}"#, #""é😀""#,
    ])
    func whatIsWrittenAgainIsWhatWasRead(text: String) throws {
        #expect(try echo(text) == text)
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "01", "1.", "-", "+1", "nul", "\"", "\"\u{1}\"", "[1] 2",
        #""\x""#, #""\u12""#, #""\ud800""#, #""\ud800\u0041""#, "1e", "'a'", "{\"a\":1,}", "NaN", "\u{FEFF}{}",
    ])
    func textThatIsNoJSONIsRefused(text: String) {
        #expect(throws: JSONSyntaxError.self) { try parse(text) }
    }

    @Test func bytesThatAreNoUTF8AreRefused() {
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x22, 0xC0, 0x80, 0x22]) }
    }

    @Test func nestingIsBounded() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try parse(nested(JSONParser.maximumDepth))
        #expect(throws: JSONSyntaxError.self) { try parse(nested(JSONParser.maximumDepth + 1)) }
        #expect(throws: JSONSyntaxError.self) { try parse(String(repeating: "[", count: 1_000_000)) }
    }

    @Test(
        arguments: [
            ("5", 5), ("5.0", 5), ("5e0", 5), ("0.5e1", 5), ("-0", 0), ("1e3", 1000), ("5.5", nil),
            ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min), ("9223372036854775808", nil),
            ("1e400", nil), ("1e-400", nil), ("0e999999999999999999999", nil), ("0.0", 0),
            ("1e18", 1_000_000_000_000_000_000),
            ("1e-9223372036854775808", nil), ("1e9223372036854775807", nil), ("0e-9223372036854775808", nil),
        ] as [(String, Int64?)])
    func aWholeNumberIsAnIntegerHoweverItIsSpelled(text: String, expected: Int64?) throws {
        #expect(try parse(text).integer == expected)
    }

    @Test func theLastOfTwoMembersWithOneNameCounts() throws {
        #expect(try parse(#"{"a":1,"a":2}"#).object?["a"]?.integer == 2)
    }

    @Test func aValueKnowsItsPlaceInTheText() throws {
        let text = Array(#"{ "a" : { "z":1,  "b": [ ] } , "c":0}"#.utf8)
        let range = try #require(JSONParser.parse(text).object?["a"]?.range)
        #expect(String(decoding: text[range], as: UTF8.self) == #"{ "z":1,  "b": [ ] }"#)
    }

    @Test(
        arguments: [
            #"{"a":1}"#, #" { "b" : "}\"," , "a" : [ {"a":2}, "]" ] } "#, #"{"a":1,"a":{"x":[]}}"#,
            #"{"\u0061":7,"b":[]}"#,
            #"{"aa":1,"b":{"a":2}}"#, "{}", #"{"a":"","b":null,"c":-1.5e3}"#, #"{"b":"\\","a":true}"#, "[1]", "7",
            #"{"a":"\u00e9é"}"#,
        ])
    func aMemberReadAloneIsThatOfTheWhole(text: String) throws {
        let bytes = Array(text.utf8)
        let whole = try JSONParser.parse(bytes).object
        for names: Set in [["a"], ["b"], ["c"], [""], ["a", "b", "c"], []] {
            var members = JSONMembers(named: names)
            // What was read of another object is forgotten.
            try Array(#"{"a":9,"b":9,"c":9,"":9}"#.utf8).withUnsafeBufferPointer { try members.read($0) }
            try bytes.withUnsafeBufferPointer { try members.read($0) }
            for name in names {
                #expect(members[name].map { "\($0.value)" } == whole?[name].map { "\($0.value)" }, "\(name)")
            }
            #expect(members["d"] == nil)
        }
    }
}
