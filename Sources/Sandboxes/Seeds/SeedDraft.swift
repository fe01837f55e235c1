import JSON
import Time

/// A document that has been read but not yet checked across its lists: its items know where they came from.
package struct SeedDraft {
    /// False when its base is missing, so that references into that cannot be judged.
    var isWhole = true
    /// How many of its credentials are those of its base.
    var inheritedCredentials = 0
    private(set) var description: String?
    private(set) var randomSeed: Int64?
    private(set) var randomPosition: Int64?
    private(set) var clock: SeedClock?
    private(set) var rateLimitPlan: String?
    private(set) var credentials: [SeedItem<SeedCredential>] = []
    private(set) var parts: [any SeedPartDraft]
    private(set) var scenarios: [SeedItem<SeedScenario>] = []
    private(set) var faults: [SeedItem<SeedFault>] = []

    init(_ modules: Modules) { parts = modules.all.map { $0.seedDraft.init() } }

    /// Reads a document's members over what is here: lists are appended to, other members replaced.
    mutating func read(_ fields: inout SeedFields) {
        let plans = fields.source.modules.ratePlans
        _ = fields.integer("understudy", in: 1...1, default: 1)
        if fields.node("description") != nil { description = fields.text("description") }
        if fields.node("random_seed") != nil { randomSeed = fields.integer("random_seed", in: .min ... .max) }
        if fields.node("random_position") != nil {
            randomPosition = fields.integer("random_position", in: SeedFields.amount)
        }
        if let clock = fields.object("clock", SeedClock.init) { self.clock = clock }
        if !plans.isEmpty, fields.node("rate_limit_plan") != nil {
            rateLimitPlan = fields.choice("rate_limit_plan", plans)
        }
        credentials += fields.list("credentials") { fields, _ in SeedCredential(&fields) }
        for index in parts.indices { parts[index].read(&fields) }
        scenarios += fields.list("scenarios") { fields, _ in SeedScenario(&fields) }
        faults += fields.list("faults") { fields, _ in SeedFault(&fields) }
    }

    /// A module's part.
    package func part<Part: SeedPartDraft>(_ type: Part.Type) -> Part? { parts.lazy.compactMap { $0 as? Part }.first }

    func document(relativeTimes: ClosedRange<Int64>?) -> SeedDocument {
        let head = SeedHead(
            description: description, randomSeed: randomSeed, randomPosition: randomPosition, clock: clock,
            rateLimitPlan: rateLimitPlan, credentials: credentials.map(\.value),
            inheritedCredentials: inheritedCredentials, relativeTimes: relativeTimes)
        return SeedDocument(
            head: head, parts: parts.map(\.part), scenarios: scenarios.map(\.value), faults: faults.map(\.value))
    }
}

extension SeedClock {
    init(_ fields: inout SeedFields) {
        let modes = SandboxClock.Mode.allCases.map(\.rawValue)
        mode = fields.node("mode") == nil ? nil : SandboxClock.Mode(rawValue: fields.choice("mode", modes))
        now = fields.instantOrNull("now")
        speed = fields.speedOrNull("speed")
        start = fields.instantOrNull("start")
    }
}

extension SeedFields {
    /// A timestamp that depends on nothing else.
    fileprivate mutating func instantOrNull(_ name: String) -> Instant? {
        guard let node = nullable(name) else { return nil }
        let instant = node.string.flatMap { Instant(rfc3339: $0) }
        if instant == nil { refuse(name, "must be an RFC 3339 timestamp") }
        return instant
    }

    fileprivate mutating func speedOrNull(_ name: String) -> Double? {
        guard let node = nullable(name) else { return nil }
        let number = node.number?.double.flatMap { $0 > 0 && $0 <= 1_000_000 ? $0 : nil }
        if number == nil { refuse(name, "must be a number above 0, at most 1000000") }
        return number
    }
}
