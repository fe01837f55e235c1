/// Whether a text is a cron expression as the Backside API takes it: five fields, or six with seconds first.
///
/// Nothing is scheduled by it: it is stored and echoed. Choice: names, ranges, steps and lists in the way of most
/// crons, but neither `@daily` nor `L`, `W` and `#`, and no range that runs backwards (docs/FIDELITY.md, "Agent
/// configs").
package enum CronExpression {
    private static let seconds = Field(range: 0...59)
    private static let fiveFields = [
        Field(range: 0...59), Field(range: 0...23), Field(range: 1...31, isDay: true),
        Field(
            range: 1...12,
            names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"], firstName: 1),
        Field(range: 0...7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"], firstName: 0, isDay: true),
    ]
    /// Enough for six fields that list every value they can have.
    private static let longest = 1_024

    /// Whether every field holds a list of `*`, values and ranges, each perhaps with a step, within its bounds.
    package static func isValid(_ text: String) -> Bool {
        guard text.utf8.count <= longest else { return false }
        let words = text.split { $0 == " " || $0 == "\t" }
        let fields = words.count == 6 ? [seconds] + fiveFields : fiveFields
        return words.count == fields.count && zip(words, fields).allSatisfy { $1.accepts($0) }
    }

    /// What one of the fields may hold.
    private struct Field {
        var range: ClosedRange<Int>
        var names: [String] = []
        var firstName = 0
        /// Of the month or of the week: one of the two may be a `?`, which leaves the choice to the other.
        var isDay = false

        func accepts(_ word: Substring) -> Bool {
            if isDay, word == "?" { return true }
            return word.split(separator: ",", omittingEmptySubsequences: false).allSatisfy(acceptsPart)
        }

        private func acceptsPart(_ part: Substring) -> Bool {
            let halves = part.split(separator: "/", omittingEmptySubsequences: false)
            guard let span = halves.first, halves.count <= 2 else { return false }
            if halves.count == 2 {
                guard let step = number(halves[1]), step >= 1, step <= range.upperBound else { return false }
            }
            if span == "*" { return true }
            let ends = span.split(separator: "-", omittingEmptySubsequences: false).map(value)
            switch ends.count {
            case 1: return ends[0] != nil
            case 2:
                guard let first = ends[0], let last = ends[1] else { return false }
                return first <= last
            default: return false
            }
        }

        private func value(_ word: Substring) -> Int? {
            // Outside ASCII there are letters that become one of a name's in upper case, such as the long s.
            if word.utf8.allSatisfy({ $0 < 0x80 }), let index = names.firstIndex(of: word.uppercased()) {
                return firstName + index
            }
            guard let value = number(word), range.contains(value) else { return nil }
            return value
        }

        private func number(_ word: Substring) -> Int? {
            guard (1...2).contains(word.utf8.count), word.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            return Int(word)
        }
    }
}
