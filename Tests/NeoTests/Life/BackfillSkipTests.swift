import Time
import Testing

@testable import Neo

/// What a look costs, counted in ticks and pages, and when the next thing happens.
@Suite struct BackfillSkipTests {
    private typealias Fixture = BackfillFixture
    private static let year: Int64 = 366 * 86_400

    @Test func aYearOfClosedWindowsIsSkipped() {
        // Five seconds a week, between two ticks: always closed.
        let windows = ExecutionWindows([.monday: [TimeWindow(start: 3605, end: 3610)]])
        var fixture = Fixture(entities: 9, windows: windows)
        let ticks = fixture.run.countTicks(through: Fixture.at(Self.year), under: fixture.terms, plans: fixture.source)
        #expect(ticks == 1)
        #expect(fixture.run.state == .running)
        #expect(fixture.run.tickedAt == Fixture.at(Self.year))
        #expect(fixture.nextWork() == nil)
        #expect(fixture.nextEvent(after: Self.year) == nil)
    }

    @Test func aWindowBetweenTwoTicksDoesNotHideALaterOne() {
        let short = TimeWindow(start: 3605, end: 3610)
        let windows = ExecutionWindows([.monday: [short, TimeWindow(start: 7205, end: 7231)]])
        var fixture = Fixture(entities: 9, windows: windows)
        fixture.advance(60)
        #expect(fixture.nextWork() == 7230)
        fixture.advance(7230)
        #expect(fixture.run.nextPosition == 2)
    }

    @Test func aWindowThatTheTicksMeetOnlyAfterAnOffsetChangeIsFound() throws {
        // Until 1972 Liberia was 44 minutes and 30 seconds behind UTC, so the ticks fell half an interval aside.
        let zone = try #require(Zone(named: "Africa/Monrovia"))
        let created = try #require(Instant(rfc3339: "1971-06-01T00:00:15Z"))
        let windows = ExecutionWindows([.monday: [TimeWindow(start: 3600, end: 3610)]])
        let terms = BackfillTerms(
            createdAt: created, windows: windows, zone: zone, maxInFlight: 1, entityCount: 1)
        var run = BackfillRun(createdUnder: terms)
        let plans = { (range: Range<Int>) in range.map { EntityPlan(entityID: "e\($0)") } }
        _ = run.advance(to: created.adding(seconds: 60), under: terms, plans: plans)
        let next = run.nextWork(under: terms)
        let first = stride(from: Int64(60), to: 2 * Self.year, by: 30).lazy.map { created.adding(seconds: $0) }
            .first { windows.isOpen(at: $0, in: zone) }
        #expect(next == first)
    }

    @Test func aPausedYearIsSkipped() {
        var fixture = Fixture(entities: 9)
        fixture.run.receive(.pause, at: Fixture.at(45))
        let ticks = fixture.run.countTicks(through: Fixture.at(Self.year), under: fixture.terms, plans: fixture.source)
        #expect(ticks == 2)
        #expect(fixture.run.succeededCount == 2)
    }

    @Test func longExecutionsAreSkipped() {
        var fixture = Fixture(entities: 4, seconds: 86_400)
        let ticks = fixture.run.countTicks(through: Fixture.at(Self.year), under: fixture.terms, plans: fixture.source)
        #expect(ticks == 3)
        #expect(fixture.run.state == .completed)
    }

    @Test func weeklyWindowsCostOneTickEach() {
        let windows = ExecutionWindows([.tuesday: [TimeWindow(start: 0, end: 20)]])
        var fixture = Fixture(entities: 1000, windows: windows)
        let ticks = fixture.run.countTicks(through: Fixture.at(Self.year), under: fixture.terms, plans: fixture.source)
        // The start, then each week a tick that dispatches and one that settles.
        #expect(fixture.run.nextPosition == 2 * 53)
        #expect(ticks == 1 + 2 * 53)
    }

    @Test func plansAreReadInGrowingPages() {
        var fixture = Fixture(entities: 5000, maxInFlight: 10)
        var pages: [Range<Int>] = []
        let plans = fixture.plans
        _ = fixture.run.advance(to: Fixture.at(30), under: fixture.terms) { range in
            pages.append(range)
            return Array(plans[range])
        }
        #expect(pages == [0..<10])
        pages = []
        _ = fixture.run.advance(to: Fixture.at(Self.year), under: fixture.terms) { range in
            pages.append(range)
            return Array(plans[range])
        }
        #expect(fixture.run.succeededCount == 5000)
        #expect(pages.map(\.count).prefix(7) == [10, 20, 40, 80, 160, 320, 512])
        #expect(pages.count == 15)
        #expect(pages.allSatisfy { $0.count <= 512 })
        #expect(zip(pages, pages.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    }

    @Test func theNextEventIsAStartAnEndOrATick() {
        var fixture = Fixture(
            entities: [EntityPlan(entityID: "e0", seconds: 20), EntityPlan(entityID: "e1", seconds: 45)], maxInFlight: 2
        )
        var seen: [Int64] = []
        var now: Int64 = 0
        while let next = fixture.nextEvent(after: now) {
            seen.append(next)
            now = next
            fixture.advance(now)
        }
        #expect(seen == [30, 50, 60, 75, 90])
        #expect(fixture.run.state == .completed)
    }

    @Test func aSignalThatChangesNothingIsNoEvent() {
        var fixture = Fixture(entities: 9)
        fixture.run.receive(.pause, at: Fixture.at(0))
        fixture.advance(30)
        fixture.run.receive(.pause, at: Fixture.at(31))
        #expect(fixture.nextWork() == 60)
        #expect(fixture.nextEvent(after: 31) == nil)
    }

    @Test func entitiesThatAreOnlyDroppedAreNoEvent() {
        var fixture = Fixture(entities: [
            EntityPlan(entityID: "e0", seconds: 1000), EntityPlan(entityID: "e1"),
            EntityPlan(entityID: "e2", succeededAt: Fixture.at(40)),
        ])
        fixture.advance(50)
        #expect(fixture.nextEvent(after: 50) == 60)
        fixture.advance(60)
        #expect(fixture.run.nextPosition == 3)
        #expect(fixture.nextEvent(after: 60) == 1030)
    }

    @Test func timeEndsWithTheCalendar() {
        let created = Instant.latest.adding(seconds: -100)
        let terms = BackfillTerms(
            createdAt: created, windows: ExecutionWindows([:]), zone: .utc, maxInFlight: 2, entityCount: 9)
        let plans = { (range: Range<Int>) in range.map { EntityPlan(entityID: "e\($0)", seconds: .max) } }
        var run = BackfillRun(createdUnder: terms)
        let events = run.advance(to: .latest, under: terms, plans: plans)
        #expect(events.count == 3)
        #expect(run.inFlight.map(\.endsAt) == [.latest, .latest])
        #expect(run.tickedAt == created.adding(seconds: 90))
        #expect(run.nextWork(under: terms) == nil)
        #expect(run.nextEvent(after: .latest, under: terms, plans: plans) == nil)
        run.receive(.cancel, at: .latest)
        #expect(run.nextWork(under: terms) == nil)
    }
}
