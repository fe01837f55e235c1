package import JSON

/// A kind of work that scenarios can be for: whose it is, and what happens to it. A value of it is what one scenario
/// says.
package protocol ScenarioSubject: Sendable {
    /// What the work is called in transitions: `parcel`.
    static var resource: String { get }
    /// The same in sentences: `parcels`.
    static var plural: String { get }
    /// The members of `when` that choose among it.
    static var selectors: [String] { get }
    /// The members of `then` that happen to it.
    static var effects: [String] { get }

    /// A scenario for all of it, to which nothing happens.
    init()
    /// Reads the selectors, and reports what is wrong with them.
    mutating func readWhen(_ fields: inout SeedFields)
    /// Reads the effects, and reports what is wrong with them or contradicts itself.
    mutating func readThen(_ fields: inout SeedFields)
    /// Reads a rule that was stored.
    init(when: JSONObject, then: JSONObject)
    /// What is wrong with what it names: there is no such thing in the sandbox, or in the seed.
    func problem(in world: World) throws -> ScenarioProblem?
    func problem(in draft: SeedDraft) -> ScenarioProblem?
}

// One that names nothing that could be missing.
extension ScenarioSubject {
    package func problem(in world: World) throws -> ScenarioProblem? { nil }
    package func problem(in draft: SeedDraft) -> ScenarioProblem? { nil }
}

/// What is wrong with something that a scenario names.
package struct ScenarioProblem {
    /// `when` or `then`.
    package let object: String
    package let member: String
    package let message: String

    package init(_ object: String, _ member: String, _ message: String) {
        self.object = object
        self.member = member
        self.message = message
    }
}

/// What a scenario says: which work it is for, and what happens to that.
package struct ScenarioRule: Sendable {
    let subject: any ScenarioSubject
    /// After so many it is used up; nil is never.
    let times: Int64?
    /// `{"when", "then"}` as it was written, without white space.
    package let text: String

    var resource: String { type(of: subject).resource }
}

extension ScenarioRule: Equatable {
    /// The text says all of it.
    package static func == (left: ScenarioRule, right: ScenarioRule) -> Bool { left.text == right.text }
}

// Choice: what contradicts itself (docs/FIDELITY.md, "Scenarios").
extension ScenarioRule {
    /// Reads a rule and reports everything that is wrong with it, but for whether what it names exists.
    init(_ fields: inout SeedFields) {
        for name in ["when", "then"] where fields.object[name] == nil { fields.refuse(name, "is missing") }
        let subjects = fields.source.modules.scenarioSubjects
        let type = Self.subject(of: fields, among: subjects)
        var subject = type?.init()
        times =
            fields.object("when") { when in
                subject?.readWhen(&when)
                Self.refuseOtherSelectors(of: type, in: &when, subjects)
                return when.node("times") == nil ? nil : when.integer("times", in: 1 ... .max)
            } ?? nil
        let isEmpty = fields.object["then"]?.object?.members.isEmpty == true
        _ = fields.object("then") { then in
            subject?.readThen(&then)
            Self.refuseOtherEffects(of: type, in: &then, subjects)
        }
        if isEmpty { fields.refuse("then", "must say what happens") }
        if subject == nil { fields.refuse("when", "cannot be for anything: no API here has scenarios") }
        self.subject = subject ?? NoSubject()
        let members = ["when", "then"].compactMap { name in fields.object[name].map { (key: name, value: $0) } }
        text = JSONNode(.object(JSONObject(members: members))).compact
    }

    /// What a rule is for: the last subject that it chooses by, else the last that something happens to, else the
    /// first.
    private static func subject(
        of fields: SeedFields, among subjects: [any ScenarioSubject.Type]
    ) -> (any ScenarioSubject.Type)? {
        let when = Set(fields.object["when"]?.object?.members.map(\.key) ?? [])
        let then = Set(fields.object["then"]?.object?.members.map(\.key) ?? [])
        return subjects.last { !when.isDisjoint(with: $0.selectors) }
            ?? subjects.last { !then.isDisjoint(with: $0.effects) } ?? subjects.first
    }

    private static func refuseOtherSelectors(
        of type: (any ScenarioSubject.Type)?, in when: inout SeedFields, _ subjects: [any ScenarioSubject.Type]
    ) {
        guard let type, let own = type.selectors.first(where: { when.object[$0] != nil }) else { return }
        for other in subjects where other.resource != type.resource {
            for name in other.selectors where when.node(name) != nil {
                when.refuse(own, "contradicts \(name)")
            }
        }
    }

    private static func refuseOtherEffects(
        of type: (any ScenarioSubject.Type)?, in then: inout SeedFields, _ subjects: [any ScenarioSubject.Type]
    ) {
        guard let type else { return }
        for other in subjects where other.resource != type.resource {
            for name in other.effects where !type.effects.contains(name) && then.node(name) != nil {
                then.refuse(name, "happens to \(other.plural), and this scenario is for \(type.plural)")
            }
        }
    }

    /// Reads a stored rule again.
    init(stored text: String, for resource: String, modules: Modules) throws {
        guard let root = try JSONParser.parse(Array(text.utf8), maximumDepth: SeedReader.maximumDepth).object,
            let when = root["when"]?.object, let then = root["then"]?.object,
            let type = modules.scenarioSubjects.first(where: { $0.resource == resource })
        else { throw SandboxDamaged(reason: "a scenario cannot be read") }
        times = when["times"]?.integer
        subject = type.init(when: when, then: then)
        self.text = text
    }
}

/// Stands in a rule that is refused.
private struct NoSubject: ScenarioSubject {
    static let resource = ""
    static let plural = ""
    static let selectors: [String] = []
    static let effects: [String] = []

    init() {}
    init(when: JSONObject, then: JSONObject) {}
    mutating func readWhen(_ fields: inout SeedFields) {}
    mutating func readThen(_ fields: inout SeedFields) {}
}
