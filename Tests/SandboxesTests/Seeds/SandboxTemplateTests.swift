import TestSupport
import Testing
import Time
import Understudy

@testable import SQLite
@testable import Sandboxes

@Suite struct SandboxTemplateTests {
    private static let starts: [Instant] =
        [0, 1, 60_000_000, -1, -3_600_000_001, 40_000 * 86_400_000_000].map {
            GoodSeed.start.adding(microseconds: $0)
        }
        + ["1970-01-01T00:00:00Z", "1900-01-01T00:00:00Z", "9998-12-31T00:00:00Z"].compactMap { Instant(rfc3339: $0) }

    private static func contents(_ template: SandboxTemplate, start: Instant) throws -> SandboxContents {
        let clock = SandboxClock(mode: .manual, speed: 1, start: start, base: start, readAt: start)
        return try template.contents(random: SeededRandom(signedSeed: 1, position: 0), clock: clock)
    }

    /// What a sandbox with those contents exports.
    private static func export(_ contents: SandboxContents) throws -> [UInt8] {
        let database = Database(contents.image)
        database.origin = contents.clock.start.microseconds
        return try SeedExport.export(
            database, modules: Understudy.modules, clock: contents.clock, now: contents.clock.base, randomSeed: 0,
            randomPosition: 0, ratePlan: contents.rateLimitPlan)
    }

    /// What one exports that was filled for that start.
    private static func filled(_ document: SeedDocument, start: Instant) throws -> [UInt8] {
        let clock = SandboxClock(mode: .manual, speed: 1, start: start, base: start, readAt: start)
        return try SeedExport.export(
            GoodSeed.database(of: document, start: start), modules: Understudy.modules, clock: clock, now: start,
            randomSeed: 0, randomPosition: 0, ratePlan: document.rateLimitPlan ?? "scale")
    }

    private static func document(_ seed: BuiltInSeed) throws -> SeedDocument {
        try SeedDocument(reading: Understudy.modules.bytes(of: seed), modules: Understudy.modules)
    }

    @Test(arguments: BuiltInSeed.allCases)
    func oneImageOfABuiltInSeedFitsEveryStart(_ seed: BuiltInSeed) throws {
        let template = SandboxTemplate(.builtIn(seed), modules: Understudy.modules)
        let first = try Self.contents(template, start: GoodSeed.start)
        let document = try Self.document(seed)
        for start in Self.starts {
            let contents = try Self.contents(template, start: start)
            #expect(contents.image === first.image)
            #expect(contents.isShared)
            #expect(try Self.export(contents) == Self.filled(document, start: start), "\(start)")
        }
    }

    /// An agent with absolute times, and relative work of every kind.
    @Test func datesOfWhatIsNoWorkFitEveryStartToo() throws {
        let text = GoodSeed.text.replacing(", \"updated_at\": \"-P9D\"", with: "")
            .replacing("\"created_at\": \"-P5D\"", with: "\"created_at\": \"2026-02-25T09:00:00.000001Z\"")
        let template = SandboxTemplate(.document(try GoodSeed.read(text)), modules: Understudy.modules)
        for start in Self.starts {
            let contents = try Self.contents(template, start: start)
            #expect(try Self.export(contents) == Self.filled(GoodSeed.read(text), start: start), "\(start)")
        }
    }

    /// Work with a date, or an agent whose times count from the start, is another for each start.
    @Test(arguments: [
        GoodSeed.text,
        GoodSeed.text.replacing(
            "\"created_at\": \"-P1D\", \"ends_at\": \"-P1D\"",
            with: "\"created_at\": \"2026-03-01T09:00:00Z\", \"ends_at\": \"2026-03-01T09:00:00Z\""),
        GoodSeed.text.replacing(
            "\"deadline_at\": \"+PT1H\"", with: "\"deadline_at\": \"2026-03-02T10:00:00Z\""),
    ])
    func whatFitsOneStartIsFilledForEach(_ text: String) throws {
        let document = try GoodSeed.read(text)
        let template = SandboxTemplate(.document(document), modules: Understudy.modules)
        let first = try Self.contents(template, start: GoodSeed.start)
        #expect(try Self.contents(template, start: GoodSeed.start).image === first.image)
        for start in Self.starts.dropFirst() {
            let contents = try Self.contents(template, start: start)
            #expect(contents.image !== first.image)
            #expect(try Self.export(contents) == Self.filled(document, start: start), "\(start)")
        }
    }

    @Test(arguments: [Instant.earliest, Instant.latest])
    func aStartTooCloseToTheCalendarsEndIsRefused(_ start: Instant) {
        let template = SandboxTemplate(.builtIn(.demo), modules: Understudy.modules)
        #expect(throws: SeedRefusal.self) { try Self.contents(template, start: start) }
    }
}
