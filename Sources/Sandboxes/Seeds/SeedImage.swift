import SQLite
import Time

/// A seed's database for one start of the clock, and how it is made for another without filling it again.
struct SeedImage: Sendable {
    let start: Instant
    let image: DatabaseImage
    /// Where its times are; nil as long as nobody has compared it with that for another start.
    let times: ImageNumbers?

    init(start: Instant, image: DatabaseImage, times: ImageNumbers?) {
        self.start = start
        self.image = image
        self.times = times
    }

    /// That of a seed, made without filling a database if it can be.
    ///
    /// Throws a ``SeedRefusal`` when relative times would reach beyond the calendar.
    init(of seed: SandboxSeed, modules: Modules, start: Instant, maximumBytes: Int = .max) throws {
        if case .builtIn(let seed) = seed, let prepared = try modules.prepared(seed)?.image(start: start) {
            self = prepared
        } else {
            try self.init(of: seed.document(modules), modules: modules, start: start, maximumBytes: maximumBytes)
        }
    }

    /// Fills a database, which may have that many bytes.
    init(of document: SeedDocument, modules: Modules, start: Instant, maximumBytes: Int = .max) throws {
        let database = try Database()
        database.allowedBytes = { maximumBytes }
        try Schema.migrate(database, modules)
        try document.insert(into: database, start: start)
        self.init(start: start, image: try database.image(), times: nil)
    }

    /// The same for another start. It is filled the first time, and compared with this one: from then on the times are moved.
    ///
    /// Throws a ``SeedRefusal`` when relative times would reach beyond the calendar.
    func moved(to start: Instant, of seed: SandboxSeed, modules: Modules) throws -> SeedImage {
        let head = try seed.head(modules)
        try head.requireTimesInCalendar(start: start)
        let distance = start.microseconds - self.start.microseconds
        let isPlain = Self.isPlain(start, head) && Self.isPlain(self.start, head)
        if isPlain, let moved = try times?.moved(image, by: distance, upTo: Instant.latest.microseconds) {
            return SeedImage(start: start, image: moved, times: times)
        }
        let document = try seed.document(modules)
        let filled = try SeedImage(of: document, modules: modules, start: start).image
        let found =
            isPlain && document.parts.allSatisfy(\.movesAsOne)
            ? ImageNumbers(from: image, to: filled, distance: distance) : nil
        return SeedImage(start: start, image: filled, times: found)
    }

    /// Whether all times are stored in full, and the calendar's end is far from all that they lead to: what would lie beyond
    /// it is put there.
    static func isPlain(_ start: Instant, _ head: SeedHead) -> Bool {
        let times = head.relativeTimes ?? 0...0
        return start.microseconds + times.lowerBound >= ImageNumbers.smallest
            && start.microseconds + times.upperBound <= Instant.latest.microseconds - SeedTime.longest
    }
}

extension [SeedTime] {
    /// Whether another start of the clock moves all of them, or none, so that they stay in their order.
    package var areOfOneKind: Bool { allSatisfy(\.isRelative) || !contains(where: \.isRelative) }
}

extension SeedTime {
    package var isRelative: Bool { if case .relative = self { true } else { false } }
}
