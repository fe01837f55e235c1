import Sandboxes
import Time
import Testing

@Suite struct PathGlobTests {
    @Test(arguments: [
        ("/a/b", "/a/b", true), ("/a/b", "/a/b/", false), ("/a/b", "/a/B", false), ("", "", true), ("", "/", false),
        ("/a/*", "/a/b", true), ("/a/*", "/a/", true), ("/a/*", "/a/b/c", false), ("/a/*/c", "/a/b/c", true),
        ("/a/b*d", "/a/bcccd", true), ("/a/b*d", "/a/bd", true), ("/a/b*d", "/a/b/d", false),
        ("**", "", true), ("**", "/a/b/c", true), ("/a/**", "/a/b/c", true), ("/a/**", "/a/", true),
        ("/a/**", "/a", false), ("/a**", "/a", true), ("/**/c", "/a/b/c", true), ("/**/c", "/c", false),
        ("/**c", "/c", true), ("/**/b/*", "/a/b/b/c", true), ("/**/b/*", "/a/b/c/d", false), ("***", "/a/b", true),
        ("*/x", "/x", true), ("*/x", "a/x", true), ("*/x", "/a/x", false),
        ("/a?c", "/abc", true), ("/a?c", "/a/c", false), ("/a?c", "/ac", false), ("/a?", "/aé", true),
        ("/a?", "/a\u{1F600}", true), ("/[a]{b}", "/[a]{b}", true), ("/\\*", "/\\x", true), ("/a.c", "/abc", false),
        ("/**/*a*b**", "/x/aab/c", true), ("*a*a*a*", "aaab", true), ("*a*a*a*b", "aaaa", false),
    ])
    func aPatternMatchesTheWholePath(pattern: String, path: String, isMatch: Bool) {
        #expect(PathGlob(pattern).matches(path) == isMatch)
    }

    /// Against a matcher that tries everything, over all short patterns and paths of an alphabet with all that matters.
    @Test func itMatchesWhatTheSlowReferenceMatches() {
        let paths = Self.texts(over: ["a", "/", "b"], upTo: 4)
        for pattern in Self.texts(over: ["a", "/", "*", "?"], upTo: 4) {
            let glob = PathGlob(String(pattern))
            let wrong = paths.first { glob.matches(String($0)) != Self.matches(pattern[...], $0[...]) }
            #expect(wrong == nil, "\(String(pattern)) on \(wrong.map { String($0) } ?? "")")
        }
    }

    /// The end comes soon however many stars there are to try.
    @Test(arguments: ["*a", "**a", "*?a", "**/*a"])
    func aHostilePatternTakesNoLongerThanItIsLong(unit: String) {
        let pattern = String(repeating: unit, count: 40) + "x"
        #expect(!PathGlob(pattern).matches(String(repeating: "a", count: 2_000)))
        #expect(!PathGlob(pattern).matches(String(repeating: "/a", count: 1_000)))
    }

    /// Patterns of up to the longest, whose places take several words, against the reference.
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func longPatternsMatchWhatTheSlowReferenceMatches(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        func pick<T>(_ choices: [T]) -> T { choices[Int(random.next() % UInt64(choices.count))] }
        for _ in 0..<4 {
            let length = pick([63, 64, 65, 127, 128, 129, 200, 255, 256])
            let path = (0..<length).map { _ in pick(["a", "b", "/", "é"] as [Character]) }
            // Made of the path, so that many match; two stars at most, for which the reference tries everything.
            var pattern = path.map { character in pick([character, character, character, character == "/" ? "/" : "?"])
            }
            for _ in 0..<pick([0, 1, 1, 2]) {
                let start = Int(random.next() % UInt64(pattern.count))
                let end = min(pattern.count, start + pick([0, 1, 5, 80]))
                pattern.replaceSubrange(start..<end, with: pick([["*"], ["*", "*"]]))
            }
            if pick([true, false]) { pattern[pattern.count / 2] = "x" }
            let expected = Self.matches(pattern[...], path[...])
            #expect(
                PathGlob(String(pattern)).matches(String(path)) == expected, "\(String(pattern)) on \(String(path))")
        }
    }

    @Test func aPatternHas256CharactersAtMost() {
        #expect(PathGlob.isShort("/" + String(repeating: "é", count: 255)))
        #expect(!PathGlob.isShort("/" + String(repeating: "a", count: 256)))
    }

    @Test func whatIsNotDecidedWithinALongPathDoesNotMatch() {
        let long = "/" + String(repeating: "a", count: 2_047)
        #expect(PathGlob("/*").matches(long))
        #expect(!PathGlob("/*").matches(long + "a"))
        #expect(PathGlob("/a**").matches(long + "a"))
    }

    private static func texts(over alphabet: [Character], upTo length: Int) -> [[Character]] {
        var all: [[Character]] = [[]]
        var last: [[Character]] = [[]]
        for _ in 0..<length {
            last = last.flatMap { text in alphabet.map { text + [$0] } }
            all += last
        }
        return all
    }

    private static func matches(_ pattern: ArraySlice<Character>, _ path: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        let rest = pattern.dropFirst()
        switch first {
        case "*":
            let isAnything = rest.first == "*"
            let after = rest.drop { $0 == "*" }
            for count in 0...path.count {
                if matches(after, path.dropFirst(count)) { return true }
                if count < path.count, path[path.startIndex + count] == "/", !isAnything { return false }
            }
            return false
        case "?": return path.first.map { $0 != "/" } == true && matches(rest, path.dropFirst())
        default: return path.first == first && matches(rest, path.dropFirst())
        }
    }
}
