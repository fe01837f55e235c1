/// A fault with its counts.
package struct SeedFault: Hashable, Sendable {
    package let name: String
    package let rule: FaultRule
    package let matched: Int64
    package let used: Int64
}

extension SeedFault {
    init(_ fields: inout SeedFields) {
        name = fields.text("name")
        if let objection = FaultRule.objection(toName: name), fields.isSound("name") {
            fields.refuse("name", objection)
        }
        rule = FaultRule(&fields)
        matched = fields.integer("matched", in: SeedFields.amount, default: 0)
        used = fields.integer("used", in: SeedFields.amount, default: 0)
        guard fields.isSound("match", "matched", "used") else { return }
        let (skip, times) = (rule.match.skip, rule.match.times)
        if let times, used > times { fields.refuse("used", "must not be more than its times, which is \(times)") }
        if used > max(0, matched - skip) { fields.refuse("used", "must not be more than matched without skip") }
    }
}

extension SeedDocument {
    /// Refuses faults that name an API or an operation that does not exist, which the reader cannot know.
    package func requireFaults(within vocabulary: FaultVocabulary) throws(SeedRefusal) {
        let problems = faults.enumerated().flatMap { index, fault in
            vocabulary.objections(to: fault.rule.match).map {
                SeedProblem(place: "faults[\(index)].match.\($0.member)", message: $0.message)
            }
        }
        if !problems.isEmpty { throw SeedRefusal(problems: Array(problems.prefix(SeedSource.maximumProblems))) }
    }
}
