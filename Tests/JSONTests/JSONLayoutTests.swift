import JSON
import Testing

@Suite struct JSONLayoutTests {
    private func text(_ text: String, depth: Int = 128, width: Int = 120) throws -> String {
        let layout = JSONLayout(expandedDepth: depth, lineWidth: width)
        return String(decoding: layout.text(of: try JSONParser.parse(Array(text.utf8))), as: UTF8.self)
    }

    private static let value =
        #"{"list":[{"id":1,"tags":[]},{"id":2,"tags":["x","y"]}],"none":{},"clock":{"now":"noon"}}"#

    @Test func whatIsShortStandsOnOneLine() throws {
        let line =
            #"{"list": [{"id": 1, "tags": []}, {"id": 2, "tags": ["x", "y"]}], "none": {}, "clock": {"now": "noon"}}"#
        #expect(try text(Self.value) == line + "\n")
    }

    @Test func whatIsLongHasALineForEach() throws {
        #expect(
            try text(Self.value, width: 32) == """
                {
                  "list": [
                    {"id": 1, "tags": []},
                    {
                      "id": 2,
                      "tags": ["x", "y"]
                    }
                  ],
                  "none": {},
                  "clock": {"now": "noon"}
                }

                """)
    }

    @Test func whatLiesDeepStandsOnOneLineHoweverLong() throws {
        #expect(
            try text(Self.value, depth: 2, width: 20) == """
                {
                  "list": [
                    {"id": 1, "tags": []},
                    {"id": 2, "tags": ["x", "y"]}
                  ],
                  "none": {},
                  "clock": {
                    "now": "noon"
                  }
                }

                """)
    }

    @Test(arguments: [(9, "{\n  \"a\": 1\n}\n"), (10, "{\"a\": 1}\n")])
    func aLineKeepsRoomForAComma(width: Int, expected: String) throws {
        #expect(try text(#"{"a":1}"#, width: width - 1) == expected)
    }

    @Test(
        arguments: [
            "null", "-0.50e+3", "1E5", "[]", "{}", #""\"\\\/\b\f\n\r\t\u0000\u001f\u20ac\ud83d\ude00é""#,
            #"{"\n\"":[true,false]}"#,
            #"{"b":[[[1,2],{"c":{}}],"long, long, long"],"a":1,"b":2}"#,
        ], [0, 8, 20, 120])
    func numbersEscapesAndOrderKeepTheirMeaning(_ value: String, width: Int) throws {
        func compact(_ text: String) throws -> [UInt8] {
            var writer = JSONWriter()
            writer.value(try JSONParser.parse(Array(text.utf8)))
            return writer.bytes
        }
        for depth in 0...4 {
            let text = try text(value, depth: depth, width: width)
            #expect(try compact(text) == compact(value))
            #expect(try self.text(text, depth: depth, width: width) == text)
        }
    }

    @Test func theDeepestValueIsWritten() throws {
        let depth = JSONParser.maximumDepth
        let deep = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(try text(deep, width: 0).split(separator: "\n").count == 2 * depth - 1)
    }
}
