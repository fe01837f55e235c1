import Testing

/// One way to spoil the good seed, and what is then said.
package struct Spoiling: Sendable, CustomTestStringConvertible {
    package let old: String
    package let new: String
    package let problems: [String]

    package init(_ old: String, _ new: String, _ problems: String...) {
        self.old = old
        self.new = new
        self.problems = problems
    }

    package var testDescription: String { "\(old) → \(new)" }
}
