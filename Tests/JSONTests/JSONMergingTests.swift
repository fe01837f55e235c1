import JSON
import Testing

@Suite struct JSONMergingTests {
    private func parse(_ text: String) throws -> JSONNode { try JSONParser.parse(Array(text.utf8)) }

    private func compact(_ node: JSONNode) -> String {
        var writer = JSONWriter()
        writer.value(node)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func merged(_ first: String, _ second: String) throws -> String {
        try compact(parse(first).merged(with: parse(second)))
    }

    @Test(arguments: [
        (#"{"a":1,"b":2}"#, #"{"c":3,"a":4}"#, #"{"a":4,"b":2,"c":3}"#),
        (#"{"a":{"x":1,"y":[1]}}"#, #"{"a":{"y":[1,2],"z":null}}"#, #"{"a":{"x":1,"y":[1,1,2],"z":null}}"#),
        (#"[{"a":1}]"#, #"[{"a":2}]"#, #"[{"a":1},{"a":2}]"#),
        (#"{"a":[1]}"#, #"{"a":{"0":2}}"#, #"{"a":{"0":2}}"#),
        (#"{"a":{"b":1}}"#, #"{"a":null}"#, #"{"a":null}"#),
        ("1.50", "true", "true"),
        ("[]", "[]", "[]"),
    ])
    func membersAreMergedElementsFollowAndAllElseIsReplaced(first: String, second: String, both: String) throws {
        #expect(try merged(first, second) == both)
    }

    @Test func ofMembersWithOneNameTheLastCounts() throws {
        let both = try parse(#"{"a":[1],"a":[2]}"#).merged(with: parse(#"{"a":[3],"a":[4]}"#))
        #expect(both.object?["a"].map(compact) == "[2,4]")
    }

    private static let values = [
        "null", "-0.50e+3", #""a\"\u0001é😀""#, "[]", "[1,[2,{}]]", "{}",
        #"{"b":{"d":[1.0],"c":"x"},"a":[null,{"e":1}]}"#,
        #"{"a":{"f":2},"g":[3],"b":{"c":"y","h":{}}}"#,
    ]

    @Test(arguments: values)
    func anEmptyOfItsKindChangesNothing(_ text: String) throws {
        let node = try parse(text)
        let empty = node.object != nil ? "{}" : node.array != nil ? "[]" : text
        #expect(try compact(node.merged(with: parse(empty))) == compact(node))
        #expect(try compact(parse(empty).merged(with: node)) == compact(node))
    }

    /// Of one kind at each place: a value of another kind in between would make one forget what came before it.
    private static let kindred = [
        "{}", #"{"a":[1],"b":{"c":1}}"#, #"{"b":{"d":[null],"c":2},"a":[]}"#, #"{"e":"x","a":[2,{}],"b":{"d":[3]}}"#,
    ]

    /// So it does not matter whether additions are merged with each other first.
    @Test(arguments: kindred, kindred)
    func mergingIsAssociative(_ first: String, _ second: String) throws {
        for third in Self.kindred {
            let (a, b, c) = try (parse(first), parse(second), parse(third))
            #expect(compact(a.merged(with: b).merged(with: c)) == compact(a.merged(with: b.merged(with: c))))
        }
    }

    @Test(arguments: values.filter { $0.hasPrefix("{") }, values.filter { $0.hasPrefix("{") })
    func theFirstsMembersKeepTheirPlacesAndNewOnesFollow(_ first: String, _ second: String) throws {
        let before = try #require(parse(first).object).members.map(\.key)
        let others = try #require(parse(second).object).members.map(\.key)
        let after = try #require(parse(first).merged(with: parse(second)).object).members.map(\.key)
        #expect(after == before + others.filter { !before.contains($0) })
    }

    @Test func additionsAreMergedInTheirOrder() throws {
        let text = JSONDocument.merged(
            Array(#"{"tags": ["a"], "paths": {}}"#.utf8),
            with: [Array(#"{"tags": ["b"]}"#.utf8), Array(#"{"tags": ["c"], "paths": {"/": 1.0}}"#.utf8)])
        #expect(String(decoding: text, as: UTF8.self) == #"{"tags": ["a", "b", "c"], "paths": {"/": 1.0}}"# + "\n")
    }

    @Test func nestingStaysWhatItWas() throws {
        let depth = JSONParser.maximumDepth
        let deep = String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)
        #expect(try merged(deep, deep) == deep)
    }
}
