import Time
import Testing

@testable import Neo

@Suite struct FilterWarningTests {
    /// One thing that cannot be read, as the third rule of a filter under `conditions`, and what is said of it.
    @Test(arguments: [
        (#"{"field":"f","operator":"like","value":1}"#, #"unknown operator "like""#),
        (#"{"field":"f","operator":"IN","value":"a"}"#, #"unknown operator "IN""#),
        (#"{"operator":"=","value":1}"#, "no field"),
        (#"{"field":7,"operator":"="}"#, "field must be a string, not a number"),
        (#"{"field":"","operator":"=","value":1}"#, "field is empty"), (#"{"field":"f","value":1}"#, "no operator"),
        (#"{"field":"f","operator":null}"#, "operator must be a string, not null"),
        ("5", "must be an object, not a number"),
        ("{}", "no field"), (#"{"field":"f","operator":"="}"#, #"the operator "=" needs a value"#),
        (
            #"{"field":"f","operator":"=","value":null}"#,
            #"the operator "=" takes a string, a number or a boolean, not null"#
        ),
        (
            #"{"field":"f","operator":"contains","value":["a"]}"#,
            #"the operator "contains" takes a string, a number or a boolean, not an array"#
        ),
        (
            #"{"field":"f","operator":"<","value":{}}"#,
            #"the operator "<" takes a string, a number or a boolean, not an object"#
        ),
        (#"{"field":"f","operator":"notIn"}"#, #"the operator "notIn" needs a value"#),
        (
            #"{"field":"f","operator":"in","value":5}"#,
            #"the operator "in" takes an array or a string with commas, not a number"#
        ),
        (
            #"{"field":"f","operator":"in","value":[1,null]}"#,
            #"the operator "in" takes strings, numbers and booleans, but value[1] is null"#
        ),
        (
            #"{"field":"f","operator":"=","value":1e9999999999}"#,
            #"the operator "=" cannot take the number "1e9999999999", which is out of range"#
        ),
        (
            #"{"field":"f","operator":"in","value":[1e-9999999999]}"#,
            #"the operator "in" cannot take the number "1e-9999999999", which is out of range"#
        ),
        (#"{"combinator":"xor","rules":[]}"#, #"unknown combinator "xor""#),
        (#"{"combinator":1,"rules":[]}"#, "combinator must be a string, not a number"),
        (#"{"combinator":"and"}"#, "rules must be an array, not left out"),
        (#"{"rules":{}}"#, "rules must be an array, not an object"),
        (#"{"rules":[],"not":1}"#, "not must be a boolean, not a number"),
    ])
    func whatCannotBeReadMatchesNothingAndIsNamed(rule: String, problem: String) throws {
        let good = #"{"field":"f","operator":"notNull"}"#
        let spec = #"{"conditions":{"combinator":"and","rules":[\#(good),\#(good),\#(rule)]}}"#
        let filter = try filter(spec)
        #expect(filter.warnings == ["conditions.rules[2]: \(problem)"])
        #expect(try !filter.matches(ticket(#"{"f":1}"#)))
    }

    @Test(arguments: [
        (#"{"combinator":"xor","rules":[]}"#, #"filter_spec: unknown combinator "xor""#),
        (#"{"rules":[5]}"#, "rules[0]: must be an object, not a number"),
        (#"{"rules":[{"rules":[{"rules":7}]}]}"#, "rules[0].rules[0]: rules must be an array, not a number"),
        (#"{"conditions":{"rules":1}}"#, "conditions: rules must be an array, not a number"),
        (
            #"{"ticket_conditions":{"conditions":{"rules":[{"rules":[{},5]}]}}}"#,
            "ticket_conditions.conditions.rules[0].rules[0]: no field"
        ), ("[]", "filter_spec: must be an object, not an array"),
    ])
    func aWarningNamesItsPlace(spec: String, warning: String) throws {
        let filter = try filter(spec)
        #expect(filter.warnings.first == warning)
        #expect(try !filter.matches(ticket("{}")))
    }

    @Test func everythingWrongIsSaidAtOnceInTheOrderOfTheDocument() throws {
        let spec = #"{"combinator":"xor","not":"no","rules":[{},{"rules":[{"field":"f"}],"combinator":"nor"},5]}"#
        #expect(
            try filter(spec).warnings == [
                #"filter_spec: unknown combinator "xor""#, "filter_spec: not must be a boolean, not a string",
                "rules[0]: no field", #"rules[1]: unknown combinator "nor""#, "rules[1].rules[0]: no operator",
                "rules[2]: must be an object, not a number",
            ])
    }

    @Test(arguments: [(19, 19), (20, 20), (21, 21), (999, 21)])
    func warningsAreBounded(count: Int, lines: Int) throws {
        let rules = [String](repeating: "{}", count: count).joined(separator: ",")
        let warnings = try filter(#"{"rules":[\#(rules)]}"#).warnings
        #expect(warnings.count == lines)
        #expect(warnings.last == (count > 20 ? "and \(count - 20) more" : "rules[\(count - 1)]: no field"))
    }

    @Test func aWarningQuotesAtMostFortyScalars() throws {
        let long = String(repeating: "é", count: 41)
        let cut = String(repeating: "é", count: 40)
        #expect(try filter(rule(long, "1")).warnings == ["rules[0]: unknown operator \"\(cut)…\""])
        #expect(try filter(rule(cut, "1")).warnings == ["rules[0]: unknown operator \"\(cut)\""])
        #expect(try filter(rule("e" + String(repeating: "\u{301}", count: 100_000), "1")).warnings[0].utf8.count < 200)
    }
}
