import Neo
import Time

/// A backfill created on Monday, 2026-06-01, at midnight UTC, and moments counted from then.
struct BackfillFixture {
    static let createdAt = Instant(microseconds: 1_780_272_000_000_000)
    /// Open on Tuesdays only, so closed all Monday.
    static let tuesdays = ExecutionWindows([.tuesday: [TimeWindow(start: 0, end: 0)]])

    var terms: BackfillTerms
    var plans: [EntityPlan]
    var run: BackfillRun

    init(
        entities: [EntityPlan], windows: ExecutionWindows = ExecutionWindows([:]), maxInFlight: Int = 2,
        effects: BackfillEffects = BackfillEffects()
    ) {
        terms = BackfillTerms(
            createdAt: Self.createdAt, windows: windows, zone: .utc, maxInFlight: maxInFlight,
            entityCount: entities.count, effects: effects)
        plans = entities
        run = BackfillRun(createdUnder: terms)
    }

    init(
        entities: Int, seconds: Int64 = 20, windows: ExecutionWindows = ExecutionWindows([:]), maxInFlight: Int = 2,
        effects: BackfillEffects = BackfillEffects()
    ) {
        self.init(
            entities: (0..<entities).map { EntityPlan(entityID: "e\($0)", seconds: seconds) }, windows: windows,
            maxInFlight: maxInFlight, effects: effects)
    }

    /// The instant that many seconds after the creation.
    static func at(_ seconds: Int64) -> Instant { createdAt.adding(seconds: seconds) }

    func source(_ positions: Range<Int>) -> [EntityPlan] { Array(plans[positions]) }

    @discardableResult mutating func advance(_ seconds: Int64) -> [BackfillEvent] {
        run.advance(to: Self.at(seconds), under: terms, plans: source)
    }

    func nextEvent(after seconds: Int64) -> Int64? {
        run.nextEvent(after: Self.at(seconds), under: terms, plans: source).map(Self.seconds)
    }

    func nextWork() -> Int64? { run.nextWork(under: terms).map(Self.seconds) }

    static func seconds(_ instant: Instant) -> Int64 { (instant.microseconds - createdAt.microseconds) / 1_000_000 }

    static func execution(_ position: Int, from start: Int64, to end: Int64, fails: Bool = false) -> BackfillExecution {
        BackfillExecution(
            position: position, entityID: "e\(position)", startedAt: at(start), endsAt: at(end), fails: fails)
    }
}
