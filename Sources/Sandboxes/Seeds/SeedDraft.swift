import JSON
import Simulation

/// A document that has been read but not yet checked across its lists: its items know where they came from.
struct SeedDraft {
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
    private(set) var agents: [SeedItem<SeedAgent>] = []
    private(set) var entities: [SeedItem<SeedEntity>] = []
    private(set) var backfills: [SeedItem<SeedBackfill>] = []
    private(set) var executions: [SeedItem<SeedExecution>] = []
    private(set) var scripts: [SeedScript] = []
    private(set) var configs: [SeedItem<SeedConfig>] = []
    private(set) var runs: [SeedItem<SeedRun>] = []
    private(set) var scenarios: [SeedItem<SeedScenario>] = []
    private(set) var faults: [SeedItem<SeedFault>] = []

    /// Reads a document's members over what is here: lists are appended to, other members replaced.
    mutating func read(_ fields: inout SeedFields) {
        _ = fields.integer("understudy", in: 1...1, default: 1)
        if fields.node("description") != nil { description = fields.text("description") }
        if fields.node("random_seed") != nil { randomSeed = fields.integer("random_seed", in: .min ... .max) }
        if fields.node("random_position") != nil {
            randomPosition = fields.integer("random_position", in: SeedWords.amount)
        }
        if let clock = fields.object("clock", SeedClock.init) { self.clock = clock }
        if fields.node("rate_limit_plan") != nil {
            rateLimitPlan = fields.choice("rate_limit_plan", SeedWords.ratePlans)
        }
        credentials += fields.list("credentials") { fields, _ in SeedCredential(&fields) }
        agents += fields.list("agents") { fields, _ in SeedAgent(&fields) }
        entities += fields.list("entities") { fields, _ in SeedEntity(&fields) }
        backfills += fields.list("backfills") { fields, _ in SeedBackfill(&fields) }
        executions += fields.list("executions") { fields, _ in SeedExecution(&fields) }
        let scripts = fields.namedObjects("agent_scripts") { SeedScript(&$0, agentKind: $1) }
        if let scripts { self.scripts = scripts }
        configs += fields.list("agent_configs") { fields, _ in SeedConfig(&fields) }
        runs += fields.list("runs") { fields, _ in SeedRun(&fields) }
        scenarios += fields.list("scenarios") { fields, _ in SeedScenario(&fields) }
        faults += fields.list("faults") { fields, _ in SeedFault(&fields) }
    }

    func document(relativeTimes: ClosedRange<Int64>?) -> SeedDocument {
        let head = SeedHead(
            description: description, randomSeed: randomSeed, randomPosition: randomPosition, clock: clock,
            rateLimitPlan: rateLimitPlan, credentials: credentials.map(\.value),
            inheritedCredentials: inheritedCredentials, relativeTimes: relativeTimes)
        return SeedDocument(
            head: head, agents: agents.map(\.value), entities: entities.map(\.value),
            backfills: backfills.map(\.value), executions: executions.map(\.value), scripts: scripts,
            configs: configs.map(\.value), runs: runs.map(\.value), scenarios: scenarios.map(\.value),
            faults: faults.map(\.value))
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

extension SeedCredential {
    init(_ fields: inout SeedFields) {
        token = fields.text("token")
        // The token itself stays out of the message, which may end up in a log.
        if !SeedWords.isToken(token), fields.isSound("token") {
            fields.refuse("token", "must be a key such as neo_sk_env_secret or bsk_test_ and 43 letters and digits")
        }
        label = fields.text("label", default: "api-key")
        if label.unicodeScalars.count > Self.labelLimit {
            fields.refuse("label", "must have at most \(Self.labelLimit) characters")
        }
        role =
            Credential.Role(rawValue: fields.choice("role", Credential.Role.allCases.map(\.rawValue), default: "Admin"))
            ?? .admin
        if fields.nullable("scopes") == nil {
            scopes = nil
        } else {
            let nodes = fields.elements("scopes")
            if nodes.count > Self.scopeLimit {
                fields.refuse("scopes", "must have at most \(Self.scopeLimit) elements")
            }
            scopes = fields.texts("scopes", nodes, "a scope such as agents:read", where: SeedWords.isScope)
        }
        expiresAt = fields.timeOrNull("expires_at")
        revoked = fields.bool("revoked", default: false)
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
