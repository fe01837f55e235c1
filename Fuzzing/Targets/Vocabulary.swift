import Understudy
import Backside
import ControlPlane
import JSON
import Neo
import Sandboxes
import Time

/// Words and values that mean something to the code under test.
enum Vocabulary {
    /// Values at the edges of what is allowed.
    static let scalars = [
        "null", "true", "false", "0", "1", "-1", "2", "50", "200", "201", "1000000", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "1e308", "1e999999999", "-0", "-0.0", "0.5", "1E-400", "5.0",
        "1e2", "\"\"", "\"-P1D\"", "\"+PT90S\"", "\"-P0D\"", "\"P99999999999W\"", "\"2026-03-02T09:00:00Z\"",
        "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.999999Z\"", "\"2024-02-29T23:59:60+14:00\"",
        "\"2026-03-02\"",
        "\"America/New_York\"", "\"Europe/Berlin\"", "\"Pacific/Apia\"", "\"UTC\"", "\"22:00\"", "\"06:00:00Z\"",
        "\"00:00:00\"", "\"23:59:59.999\"", "\"*/5 0-6 1,15 JAN MON-FRI\"", "[]", "{}", "[null]", "\"t1\"", "\"b1\"",
        "\"00000000-0000-4000-8000-000000000000\"", "\"3c90c3cc-0d44-4b50-8888-8dd25736052a\"", "\"and\"", "\"or\"",
        "\"contains\"", "\"in\"", "\"notIn\"", "\"null\"", "\"beginsWith\"", "\"doesNotEndWith\"", "\">=\"", "\"!=\"",
        "\"{id}\"", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"e\\u0301\"",
    ]

    /// The names and short texts of the OpenAPI documents and of the smaller built-in seed.
    static let words: [String] = {
        var found: Set<String> = ["rules", "combinator", "not", "field", "operator", "value", "conditions"]
        for bytes in [
            NeoAPI.document, BacksideAPI.document, ControlPlane.document(with: Understudy.apis),
            Understudy.modules.bytes(of: .demo),
        ] {
            if let node = try? JSONParser.parse(bytes) { collect(node, into: &found) }
        }
        return found.sorted()
    }()

    static func word(_ random: inout SeededRandom) -> String { words.randomElement(using: &random) ?? "" }

    private static func collect(_ node: JSONNode, into found: inout Set<String>) {
        switch node.value {
        case .string(let text): if text.utf8.count <= 24, !text.contains(" ") { found.insert(text) }
        case .array(let elements): for element in elements { collect(element, into: &found) }
        case .object(let object):
            for member in object.members {
                if member.key.utf8.count <= 40 { found.insert(member.key) }
                collect(member.value, into: &found)
            }
        case .null, .bool, .number: return
        }
    }
}
