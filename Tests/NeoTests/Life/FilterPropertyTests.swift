import JSON
import Time
import Testing

@testable import Neo

/// Random filters against random entities, answered once by the filter and once by a slow reading of the rules as they
/// are written down, over values small enough for doubles.
@Suite struct FilterPropertyTests {
    @Test(arguments: 0..<100 as Range<UInt64>)
    func itMatchesWhatTheRulesSay(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let entities = try (0..<10).map { _ in
            let fields = Self.fields(&random)
            return (fields: fields, entity: try ticket(fields))
        }
        for _ in 0..<10 {
            let text = Self.group(depth: 0, &random)
            let spec = try JSONParser.parse(Array(text.utf8))
            let filter = EntityFilter(spec: spec)
            #expect(filter.warnings.isEmpty != text.contains("like"), "\(text)")
            for (fields, entity) in entities {
                let expected = NaiveFilter.holds(spec, entity) == true
                #expect(filter.matches(entity) == expected, "\(text) of \(fields)")
            }
        }
    }

    private static let scalars = [
        "0", "1", "2.0", "2", "-3", "10", "1e1", "true", "false", #""""#, #""2""#, #""10""#, #""010""#, #""New""#,
        #""new""#,
        #""NEWER""#, #""ÄNEW""#, #""2026-01-02""#, #""2026-01-02T00:00:00Z""#, #""2026-01-02T01:30:00+01:00""#,
        #""2025-12-31""#,
    ]
    private static let scalarOperators = [
        "=", "!=", ">", ">=", "<", "<=", "contains", "doesNotContain", "beginsWith", "doesNotBeginWith", "endsWith",
    ]

    private static func pick<T>(_ choices: [T], _ random: inout SeededRandom) -> T {
        choices[Int.random(in: choices.indices, using: &random)]
    }

    private static func list(_ random: inout SeededRandom) -> String {
        let elements = (0..<Int.random(in: 0...3, using: &random)).map { _ in pick(scalars, &random) }
        return "[\(elements.joined(separator: ","))]"
    }

    private static func value(_ random: inout SeededRandom) -> String {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: "null"
        case 1: list(&random)
        case 2: #"{"a":1}"#
        default: pick(scalars, &random)
        }
    }

    private static func fields(_ random: inout SeededRandom) -> String {
        let names = ["a", "b", "c"].filter { _ in Int.random(in: 0..<5, using: &random) > 0 }
        let members = names.map { #""\#($0)":\#(value(&random))"# }
        return #"{\#((members + [#""o":{"a":\#(value(&random))}"#]).joined(separator: ","))}"#
    }

    private static func group(depth: Int, _ random: inout SeededRandom) -> String {
        let rules = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            depth < 3 && Int.random(in: 0..<3, using: &random) == 0 ? group(depth: depth + 1, &random) : rule(&random)
        }
        let not = pick(["", "", #","not":true"#, #","not":false"#], &random)
        return #"{"combinator":"\#(pick(["and", "or"], &random))","rules":[\#(rules.joined(separator: ","))]\#(not)}"#
    }

    private static func rule(_ random: inout SeededRandom) -> String {
        let field = #""field":"\#(pick(["a", "b", "c", "o.a", "a.a", "o", "none"], &random))""#
        switch Int.random(in: 0..<12, using: &random) {
        case 0: return #"{\#(field),"operator":"like","value":1}"#
        case 1: return #"{\#(field),"operator":"\#(pick(["null", "notNull"], &random))"}"#
        case 2...4: return #"{\#(field),"operator":"\#(pick(["in", "notIn"], &random))","value":\#(list(&random))}"#
        default:
            let symbol = pick(scalarOperators, &random)
            return #"{\#(field),"operator":"\#(symbol)","value":\#(pick(scalars, &random))}"#
        }
    }
}

/// The rules of filters, read anew for every entity; nil is what a rule that cannot be read answers.
private enum NaiveFilter {
    static func holds(_ node: JSONNode, _ entity: EntityFields) -> Bool? {
        guard let object = node.object else { return nil }
        guard let rules = object["rules"]?.array else { return rule(object, entity) }
        let answers = rules.map { holds($0, entity) }
        let decisive = object["combinator"]?.string == "or"
        let answer: Bool? =
            if answers.isEmpty { true } else if answers.contains(decisive) { decisive } else if answers.contains(nil) {
                nil
            } else { !decisive }
        return object["not"]?.bool == true ? answer.map { !$0 } : answer
    }

    private static func rule(_ rule: JSONObject, _ entity: EntityFields) -> Bool? {
        guard let field = rule["field"]?.string, let symbol = rule["operator"]?.string else { return nil }
        let value = value(field, entity)
        let operands = rule["value"]?.array?.map(\.value) ?? rule["value"].map { [$0.value] } ?? []
        func some(_ test: (JSONValue, JSONValue) -> Bool) -> Bool {
            let values = if case .array(let nodes) = value { nodes.map(\.value) } else { [value] }
            return values.contains { value in
                text(value) != nil && operands.contains { test(value, $0) }
            }
        }
        let isNull = if case .null = value { true } else { false }
        switch symbol {
        case "null": return isNull
        case "notNull": return !isNull
        case "=", "in": return some { order($0, $1) == 0 }
        case "!=", "notIn": return !some { order($0, $1) == 0 }
        case "<": return some { order($0, $1) < 0 }
        case "<=": return some { order($0, $1) <= 0 }
        case ">": return some { order($0, $1) > 0 }
        case ">=": return some { order($0, $1) >= 0 }
        case "contains": return some { contains($0, $1) }
        case "doesNotContain": return !some { contains($0, $1) }
        case "beginsWith": return some { (text($0) ?? "").hasPrefix(text($1) ?? "") }
        case "doesNotBeginWith": return !some { (text($0) ?? "").hasPrefix(text($1) ?? "") }
        case "endsWith": return some { (text($0) ?? "").hasSuffix(text($1) ?? "") }
        default: return nil
        }
    }

    private static func value(_ field: String, _ entity: EntityFields) -> JSONValue {
        let names = field.split(separator: ".").map(String.init)
        var value = names.first.flatMap { entity.filterValue(named: $0) }
        for name in names.dropFirst() {
            guard case .object(let object) = value else { return .null }
            value = object[name]?.value
        }
        return value ?? .null
    }

    private static func contains(_ value: JSONValue, _ operand: JSONValue) -> Bool {
        let (text, pattern) = (text(value) ?? "", text(operand) ?? "")
        return text.indices.contains { text[$0...].hasPrefix(pattern) } || pattern.isEmpty
    }

    private static func order(_ value: JSONValue, _ operand: JSONValue) -> Int {
        if let left = number(value), let right = number(operand) { return left < right ? -1 : (left > right ? 1 : 0) }
        if let left = date(value), let right = date(operand) { return left < right ? -1 : (left > right ? 1 : 0) }
        let (left, right) = (text(value) ?? "", text(operand) ?? "")
        return left < right ? -1 : (left > right ? 1 : 0)
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .bool(let bool): "\(bool)"
        case .number(let number): number.text.lowercased()
        case .string(let string): string.lowercased()
        case .null, .array, .object: nil
        }
    }

    private static func number(_ value: JSONValue) -> Double? {
        switch value {
        case .number(let number): number.double
        case .string(let string): string.hasPrefix("0") && string.count > 1 ? nil : Double(string)
        case .null, .bool, .array, .object: nil
        }
    }

    private static func date(_ value: JSONValue) -> Instant? {
        guard case .string(let string) = value else { return nil }
        return Instant(rfc3339: string) ?? Instant(rfc3339: string + "T00:00:00Z")
    }
}
