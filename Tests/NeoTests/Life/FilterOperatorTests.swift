import Time
import Testing

@testable import Neo

@Suite struct FilterOperatorTests {
    /// Every operator against one value, and the JSON texts of the field's values that it matches; the rest of
    /// ``values`` it must not.
    struct Case: Sendable, CustomTestStringConvertible {
        let symbol: String
        let value: String?
        let matched: Set<String>

        init(_ symbol: String, _ value: String?, _ matched: Set<String>) {
            self.symbol = symbol
            self.value = value
            self.matched = matched
        }

        init(_ symbol: String, _ value: String?, allBut others: Set<String>) {
            self.init(symbol, value, FilterOperatorTests.values.subtracting(others))
        }

        var testDescription: String { "\(symbol) \(value ?? "")" }
    }

    static let absent = "absent"
    static let values: Set<String> = [
        absent, "null", "true", "false", "5", "5.0", "-7", "12", "1e400", #""5""#, #""12""#, #""007""#, #""New""#,
        #""Renewed""#, #""""#, #""2026-01-02""#, #""2026-01-02T01:00:00+01:00""#, #""2026-01-03T10:00:00Z""#, "[]",
        #"["new",5]"#, "[null,[5],{}]", #"{"g":5}"#,
    ]

    private static let nothing: Set<String> = [absent, "null"]
    private static let fives: Set<String> = ["5", "5.0", #""5""#, #"["new",5]"#]
    private static let news: Set<String> = [#""New""#, #"["new",5]"#]
    private static let day: Set<String> = [#""2026-01-02""#, #""2026-01-02T01:00:00+01:00""#]
    private static let nextDay = #""2026-01-03T10:00:00Z""#
    private static let unfit: Set<String> = [absent, "null", "[]", "[null,[5],{}]", #"{"g":5}"#]

    static let equality = [
        Case("=", "5", fives), Case("=", "5.00", fives), Case("=", "0.5e1", fives), Case("=", #""5""#, fives),
        Case("=", #""5.0""#, fives), Case("=", "1e400", ["1e400"]), Case("=", "10e399", ["1e400"]),
        Case("=", "7", []), Case("=", #""007""#, [#""007""#]), Case("=", "-7.0", ["-7"]),
        Case("=", #""NEW""#, news), Case("=", #""""#, [#""""#]), Case("=", "true", ["true"]),
        Case("=", #""TRUE""#, ["true"]), Case("=", "false", ["false"]), Case("=", #""2026-01-02""#, day),
        Case("=", #""2026-01-02T00:00:00Z""#, day), Case("=", #""2026-01-03t12:00:00.000+02:00""#, [nextDay]),
        Case("=", #""2026-02-30""#, []), Case("!=", "5", allBut: fives), Case("!=", #""new""#, allBut: news),
        Case("!=", "true", allBut: ["true"]), Case("!=", #""2026-01-02""#, allBut: day),
    ]

    static let texts = [
        Case("contains", #""NEW""#, [#""New""#, #""Renewed""#, #"["new",5]"#]),
        Case("contains", "5", ["5", "5.0", #""5""#, #"["new",5]"#]), Case("contains", "true", ["true"]),
        Case("contains", #""""#, allBut: unfit),
        Case("doesNotContain", #""new""#, allBut: [#""New""#, #""Renewed""#, #"["new",5]"#]),
        Case("doesNotContain", #""""#, unfit), Case("beginsWith", #""nEw""#, news),
        Case("beginsWith", #""2026-01-02""#, day), Case("beginsWith", "1", ["12", "1e400", #""12""#]),
        Case("beginsWith", #""""#, allBut: unfit), Case("doesNotBeginWith", #""new""#, allBut: news),
        Case("doesNotBeginWith", "1", allBut: ["12", "1e400", #""12""#]), Case("endsWith", #""WED""#, [#""Renewed""#]),
        Case("endsWith", "0", ["5.0", "1e400", #""2026-01-02T01:00:00+01:00""#]),
        Case("endsWith", #""""#, allBut: unfit),
    ]

    static let lists = [
        Case("in", #"["NEW",12]"#, [#""New""#, #"["new",5]"#, "12", #""12""#]),
        Case("in", #"" New , 12,, ""#, [#""New""#, #"["new",5]"#, "12", #""12""#]), Case("in", "[]", []),
        Case("in", #""""#, []), Case("in", #"[""]"#, [#""""#]),
        Case("in", #"["2026-01-02",true]"#, day.union(["true"])),
        Case("in", "[5.0]", fives), Case("notIn", #"["new",12]"#, allBut: [#""New""#, #"["new",5]"#, "12", #""12""#]),
        Case("notIn", #""5,2026-01-02""#, allBut: fives.union(day)), Case("notIn", "[]", allBut: []),
        Case("notIn", #""""#, allBut: []),
    ]

    static let nulls = [
        Case("null", nil, nothing), Case("null", #""whatever""#, nothing), Case("notNull", nil, allBut: nothing),
        Case("notNull", "[{}]", allBut: nothing),
    ]

    @Test(arguments: equality + texts + lists + nulls)
    func anOperatorMatchesExactlyTheseValues(of expected: Case) throws {
        let filter = try filter(rule(expected.symbol, expected.value))
        #expect(filter.warnings == [])
        #expect(try Self.values.filter { try filter.matches(ticket(Self.fields($0))) } == expected.matched)
    }

    private static func fields(_ value: String) -> String { value == absent ? "{}" : #"{"f":\#(value)}"# }

    /// A field's value, a rule's value, and how the first stands to the second: -1, 0 or 1.
    @Test(arguments: [
        ("4", "5", -1), ("5", "4.999", 1), ("5", "5.0", 0), (#""10""#, "9", 1), ("10", #""9""#, 1),
        (#""10""#, #""9""#, 1),
        ("-2", "-1", -1), ("-1", "0", -1), ("-0", "0", 0), ("-0.0e9", #""0""#, 0), ("0.001", "1e-3", 0),
        ("0.1", "0.09", 1),
        ("1e400", "2", 1), ("-1e400", "2", -1), ("1e-400", "0", 1), ("1e401", "1e400", 1),
        ("9007199254740993", "9007199254740992", 1), ("9223372036854775807", "9223372036854775808", -1),
        ("-9223372036854775808", "-9223372036854775809", 1), ("123456789012345678901", "123456789012345678902", -1),
        (#""123456789012345678901""#, #""123456789012345678902""#, -1), ("100000000000000000000", "1e20", 0),
        (#""2026-01-02""#, #""2026-01-01T23:59:59.999999Z""#, 1),
        (#""2026-01-02""#, #""2026-01-02T01:00:00+01:00""#, 0),
        (#""2026-01-02T00:00:00+02:00""#, #""2026-01-01T23:00:00Z""#, -1), (#""1969-12-31""#, #""1970-01-01""#, -1),
        (#""apple""#, #""Banana""#, -1), (#""Zebra""#, #""apple""#, 1), (#""a""#, #""ab""#, -1),
        (#""Ärger""#, #""ärger""#, 0),
        (#""ÉTÉ""#, #""été""#, 0), (#""ΣΟΦ""#, #""σοφ""#, 0), ("true", "false", 1), ("true", #""True""#, 0),
        (#""n/a""#, "5", 1), (#""""#, "5", -1), (#""007""#, "6", -1), (#""2026-13-01""#, #""2026-02-01""#, 1),
        (#""1e3""#, "1000", 1), (#"" 5""#, "5", -1),
    ])
    func theOrderOperatorsAgree(field: String, operand: String, order: Int) throws {
        let expected = [
            "<": order < 0, "<=": order <= 0, "=": order == 0, "!=": order != 0, ">=": order >= 0, ">": order > 0,
            "in": order == 0, "notIn": order != 0,
        ]
        let entity = try ticket(#"{"f":\#(field)}"#)
        for (symbol, answer) in expected {
            let value = symbol.hasSuffix("n") ? "[\(operand)]" : operand
            #expect(try filter(rule(symbol, value)).matches(entity) == answer, "\(field) \(symbol) \(value)")
        }
    }

    @Test(
        arguments: ["<", "<=", ">", ">="],
        ["{}", #"{"f":null}"#, #"{"f":[]}"#, #"{"f":{"g":5}}"#, #"{"f":[null,[5],{}]}"#])
    func whatHasNoScalarHasNoOrder(symbol: String, fields: String) throws {
        for value in ["5", #""5""#, #""2026-01-02""#, "true"] {
            #expect(try !filter(rule(symbol, value)).matches(ticket(fields)))
        }
    }

    @Test func anArrayIsAsItsBestElement() throws {
        let entity = try ticket(#"{"f":[1,50,"x"]}"#)
        #expect(try filter(rule(">", "49")).matches(entity))
        #expect(try filter(rule("<", "2")).matches(entity))
        #expect(try filter(rule("!=", "7")).matches(entity))
        #expect(try !filter(rule("!=", "50")).matches(entity))
    }

    @Test(arguments: [
        ("abab", "ababab", true), ("aab", "aaab", true), ("abcabd", "abcabcabd", true), ("aaaa", "aaa", false),
        ("ba", "aab", false), ("é", "CAFÉ", true), ("😀", "a😀b", true), ("ΟΦ", "σοφία", true),
    ])
    func aTextIsFoundWhereverItStands(pattern: String, text: String, found: Bool) throws {
        #expect(try filter(rule("contains", "\"\(pattern)\"")).matches(ticket(#"{"f":"\#(text)"}"#)) == found)
    }

    @Test func everyCapitalLetterIsItsSmallOne() throws {
        let capitals = (0...0x10FFFF).compactMap(Unicode.Scalar.init).filter { $0.properties.changesWhenLowercased }
        #expect(capitals.count > 1000)
        for scalar in capitals {
            let filter = try filter(rule("=", "\"x\(scalar)y\""))
            #expect(try filter.matches(ticket(#"{"f":"X\#(String(scalar).lowercased())Y"}"#)), "\(scalar)")
        }
    }
}
