package import Time

/// What would happen to one entity of a backfill's frozen set if it were dispatched.
package struct EntityPlan: Hashable, Sendable {
    /// Which of an entity's executions fail.
    package enum Failures: Hashable, Sendable {
        case never
        case always
        case first(Int)
    }

    package let entityID: String
    /// How long its execution lasts, when no scenario says otherwise.
    package let seconds: Int64
    package let failures: Failures
    /// How many executions of the workflow it already had, which ``Failures/first(_:)`` counts.
    package let priorAttempts: Int
    /// The earliest instant from which another backfill's execution of the workflow has succeeded on it.
    package let succeededAt: Instant?

    /// Choice: how long an execution lasts unless its entity says otherwise (docs/FIDELITY.md, "Life of a backfill").
    package static let defaultSeconds: Int64 = 20

    /// A plan that succeeds after the usual time, unless told otherwise.
    package init(
        entityID: String, seconds: Int64 = EntityPlan.defaultSeconds, failures: Failures = .never,
        priorAttempts: Int = 0, succeededAt: Instant? = nil
    ) {
        self.entityID = entityID
        self.seconds = seconds
        self.failures = failures
        self.priorAttempts = priorAttempts
        self.succeededAt = succeededAt
    }

    /// Whether its next execution fails by the entity's own rule.
    var fails: Bool {
        switch failures {
        case .never: false
        case .always: true
        case .first(let count): priorAttempts < count
        }
    }

    /// Whether a success makes dispatching it at that instant needless.
    func isDropped(at instant: Instant) -> Bool { succeededAt.map { $0 <= instant } ?? false }
}

/// Asks for plans in pages that grow, so that one tick reads little and a long jump asks seldom.
struct EntityPlanPages {
    private var page: [EntityPlan] = []
    private var start = 0
    private var size: Int
    private let count: Int

    private static let largestPage = 512

    /// Pages over a set of that many entities; the first is of the size one tick may need.
    init(count: Int, firstPage: Int) {
        self.count = count
        size = min(firstPage, Self.largestPage)
    }

    /// The plan of that position, or nil when the source has none; positions are asked for in ascending order.
    mutating func plan<Failure: Error>(
        at position: Int, from plans: (Range<Int>) throws(Failure) -> [EntityPlan]
    ) throws(Failure) -> EntityPlan? {
        if position >= start + page.count || position < start {
            page = try plans(position..<min(count, position + size))
            start = position
            size = min(size * 2, Self.largestPage)
        }
        return position - start < page.count ? page[position - start] : nil
    }
}
