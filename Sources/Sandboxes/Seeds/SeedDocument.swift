package import Time

/// What a seed says beside its rows: how a sandbox made from it starts, and who may enter.
package struct SeedHead: Hashable, Sendable {
    package var description: String?
    package var randomSeed: Int64?
    package var randomPosition: Int64?
    package var clock: SeedClock?
    package var rateLimitPlan: String?
    package var credentials: [SeedCredential] = []

    /// How many of its credentials, the first ones, are those of its base.
    var inheritedCredentials = 0

    /// The credentials that it names itself; those of a base, which is built in, are everybody's to know.
    package var ownCredentials: [SeedCredential] { Array(credentials.dropFirst(inheritedCredentials)) }

    /// From the earliest to the latest of its relative times, in microseconds; nil when it has none.
    var relativeTimes: ClosedRange<Int64>?

    /// Whether what it describes depends on when the sandbox's clock starts.
    package var hasRelativeTimes: Bool { relativeTimes != nil }
}

/// A whole sandbox as a seed describes it, read and checked by ``SeedReader``.
///
/// Words are the APIs' own, free-form JSON is text without white space.
@dynamicMemberLookup
package struct SeedDocument: Sendable {
    package var head = SeedHead()
    /// One of each module, in the modules' order.
    package var parts: [any SeedPart] = []
    package var scenarios: [SeedScenario] = []
    package var faults: [SeedFault] = []

    /// What its head says.
    package subscript<Value>(dynamicMember member: KeyPath<SeedHead, Value>) -> Value { head[keyPath: member] }
}

/// How a seed sets the sandbox's clock; what is nil is up to whoever makes the sandbox.
package struct SeedClock: Hashable, Sendable {
    package let mode: SandboxClock.Mode?
    /// The present; where the clock starts too, when there is no ``start``.
    package let now: Instant?
    package let speed: Double?
    /// Where the clock started, to which a reset goes back.
    package let start: Instant?

    /// The clock it asks for; what it does not say is as on another.
    package func clock(machine: Instant, otherwise other: SandboxClock) -> SandboxClock {
        SandboxClock(
            mode: mode ?? other.mode, speed: speed ?? other.speed, start: start ?? now ?? other.start,
            base: now ?? other.now(machine: machine), readAt: machine)
    }
}

/// A credential that a seed file names.
package struct SeedCredential: Hashable, Sendable {
    /// A sandbox has at most so many.
    package static let limit = 100
    /// A label has at most so many characters, each of at most a few bytes.
    package static let labelLimit = 100
    static let scopeLimit = 32
    package static let scopeLengthLimit = 64

    package let token: String
    package let label: String
    /// The name of a module's role; empty when no module has any.
    package let role: String
    /// Nil for everything.
    package let scopes: [String]?
    package let expiresAt: SeedTime?
    package let revoked: Bool
}

extension SeedDocument {
    /// Whether filling a database with it takes more than a few milliseconds.
    var isLarge: Bool { parts.reduce(0) { $0 + $1.rowCount } > 1_000 }

    /// A module's part.
    package func part<Part: SeedPart>(_ type: Part.Type) -> Part? { parts.lazy.compactMap { $0 as? Part }.first }
}
