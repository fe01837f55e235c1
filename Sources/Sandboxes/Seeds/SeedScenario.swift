/// A scenario with its use count.
package struct SeedScenario: Equatable, Sendable {
    package let name: String
    package let rule: ScenarioRule
    package let used: Int64
}

extension SeedScenario {
    init(_ fields: inout SeedFields) {
        name = fields.text("name")
        if !PlainName.isOne(name), fields.isSound("name") { fields.refuse("name", PlainName.message) }
        rule = ScenarioRule(&fields)
        used = fields.integer("used", in: SeedFields.amount, default: 0)
        if let times = rule.times, used > times, fields.isSound("when", "used") {
            fields.refuse("used", "must not be more than its times, which is \(times)")
        }
    }
}

extension SeedChecks {
    func checkScenarios(_ draft: SeedDraft) {
        for item in draft.scenarios {
            let problem = item.value.rule.subject.problem(in: draft)
            if let problem { refuse(item, "\(problem.object).\(problem.member)", problem.message) }
        }
    }
}
