import Emulation
import Testing

@Suite struct PathGlobTests {
    @Test(arguments: [
        ("/a/b", "/a/b", true), ("/a/b", "/a/b/", false), ("/a/b", "/a/B", false), ("/a/b", "/a", false),
        ("/", "/", true), ("/a/", "/a/", true), ("/a/", "/a", false),
        // A star stays in its segment.
        ("/a/*", "/a/b", true), ("/a/*", "/a/", false), ("/a/*", "/a", false), ("/a/*", "/a/b/c", false),
        ("/a/*/c", "/a/b/c", true), ("/a/*/c", "/a/c", false), ("/*/*", "/a/b", true),
        ("/a*", "/a", true), ("/a*", "/abc", true), ("/a*", "/a/b", false), ("/*c", "/abc", true),
        ("/a*c*e", "/abcde", true), ("/a*c*e", "/abcdef", false), ("/a*b", "/aabab", true), ("/***", "/a", true),
        // A question mark is one character.
        ("/a?c", "/abc", true), ("/a?c", "/ac", false), ("/a?c", "/a/c", false), ("/??", "/ab", true),
        // Two stars alone in a segment are any number of segments.
        ("/a/**", "/a", true), ("/a/**", "/a/", true), ("/a/**", "/a/b/c", true), ("/a/**", "/ab", false),
        ("/a/**/z", "/a/z", true), ("/a/**/z", "/a/b/c/z", true), ("/a/**/z", "/a/b/c", false),
        ("/**/b/**/d", "/a/b/c/b/c/d", true), ("**", "/anything/at/all", true), ("**/runs/*", "/api/v1/runs/1", true),
        ("/a**b", "/axxb", true), ("/a**b", "/a/b", false),
        // What is encoded stays so.
        ("/a%20b", "/a%20b", true), ("/a b", "/a%20b", false), ("/a.b", "/axb", false),
    ])
    func aPatternMatchesPaths(pattern: String, path: String, matches: Bool) throws {
        #expect(try #require(PathGlob(pattern)).matches(path) == matches)
    }

    @Test(arguments: ["", "*", "a", "a/b", "*/b", "?", "***"])
    func whatCouldMatchNoPathIsNoPattern(text: String) {
        #expect(PathGlob(text) == nil)
    }

    @Test func aHostilePatternEndsSoon() throws {
        let stars = try #require(PathGlob("/" + String(repeating: "a*", count: 2_000) + "b"))
        #expect(!stars.matches("/" + String(repeating: "a", count: 8_000)))
        let many = try #require(PathGlob(String(repeating: "/**/a", count: 500) + "/b"))
        #expect(!many.matches(String(repeating: "/a", count: 2_000)))
    }
}
