package import JSON
package import Time

/// One rule that a request's body or query breaks, with the path of the field it names.
package struct Violation: Sendable, Hashable, CustomStringConvertible {
    package let field: String
    package let message: String

    package init(field: String, message: String) {
        self.field = field
        self.message = message
    }

    package var description: String { field.isEmpty ? message : "\(field) \(message)" }
}

/// The violations of one request, of many the first hundred.
package struct Violations: Sendable, Hashable {
    // Choice: how many are listed (docs/FIDELITY.md, "Error codes").
    package static let most = 100

    private var kept: [Violation] = []
    private var leftOut = 0

    package init() {}

    package mutating func add(_ field: String, _ message: @autoclosure () -> String) {
        if kept.count < Self.most {
            kept.append(Violation(field: field, message: message()))
        } else {
            leftOut += 1
        }
    }

    /// All that are kept, and how many more there are as the last.
    package var list: [Violation] {
        leftOut == 0 ? kept : kept + [Violation(field: "", message: "and \(leftOut) more")]
    }
}

extension JSONWriter {
    /// The member `errors` of an error's details: what each of the violations is about.
    package mutating func errors(_ violations: [Violation]) {
        key("errors")
        beginArray()
        for violation in violations {
            beginObject()
            key("field")
            string(violation.field)
            key("message")
            string(violation.message)
            endObject()
        }
        endArray()
    }
}

/// Reads fields one after the other and keeps every violation, in the order in which they are read.
package struct FieldReader {
    package let object: JSONObject
    private var found = Violations()

    package init(_ object: JSONObject) { self.object = object }

    /// The first hundred, and how many more there are.
    package var violations: [Violation] { found.list }

    package mutating func report(_ field: String, _ message: @autoclosure () -> String) { found.add(field, message()) }

    /// The field's value; a violation when it is left out.
    package mutating func required(_ field: String) -> JSONNode? {
        let node = object[field]
        if node == nil { report(field, "is required") }
        return node
    }

    /// A whole number within bounds; `5.0` is one, `"5"` and `true` are not.
    package mutating func integer(_ field: String, _ node: JSONNode?, in bounds: ClosedRange<Int64>) -> Int64? {
        guard let node else { return nil }
        guard case .number = node.value else {
            report(field, "must be an integer, not \(node.value.kindName)")
            return nil
        }
        guard let value = node.integer, bounds.contains(value) else {
            report(field, Self.describe(bounds))
            return nil
        }
        return value
    }

    package mutating func string(_ field: String, _ node: JSONNode?) -> String? {
        guard let node else { return nil }
        if node.string == nil { report(field, "must be a string, not \(node.value.kindName)") }
        return node.string
    }

    /// Reports every field that is not one of these: a misspelling shows.
    package mutating func refuseAll(but known: [String]) {
        for member in object.members where !known.contains(member.key) {
            report(member.key, "is not one of \(known.joined(separator: ", "))")
        }
    }

    /// A number within bounds.
    package mutating func number(_ field: String, _ node: JSONNode?, above low: Double, atMost high: Double) -> Double?
    {
        guard let node else { return nil }
        guard case .number(let number) = node.value else {
            report(field, "must be a number, not \(node.value.kindName)")
            return nil
        }
        guard let value = number.double, value > low, value <= high else {
            report(field, "must be a number above \(low), at most \(high)")
            return nil
        }
        return value
    }

    /// An RFC 3339 timestamp.
    package mutating func instant(_ field: String, _ node: JSONNode?) -> Instant? {
        guard let text = string(field, node) else { return nil }
        let instant = Instant(rfc3339: text)
        if instant == nil { report(field, "must be an RFC 3339 timestamp, like 2026-03-02T09:00:00Z") }
        return instant
    }

    private static func describe(_ bounds: ClosedRange<Int64>) -> String {
        switch (bounds.lowerBound, bounds.upperBound) {
        case (.min, .max): "must be a 64-bit integer"
        case (let low, .max): "must be a 64-bit integer, at least \(low)"
        case (let low, let high): "must be an integer from \(low) to \(high)"
        }
    }
}
