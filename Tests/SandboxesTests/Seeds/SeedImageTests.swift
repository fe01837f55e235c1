import Understudy
@testable import SQLite
import Time
import TestSupport
import Testing

@testable import Sandboxes

@Suite struct SeedImageTests {
    private static let start = GoodSeed.start

    /// Starts to go through, one after the other: near and far, forwards and back, to the microsecond.
    private static let starts: [Int64] = [
        1, 60_000_000, 86_399_999_999, -1, -3_600_000_001, 40_000 * 86_400_000_000, 0, 2,
    ]
    .map { start.microseconds + $0 }

    private static func bytes(_ image: DatabaseImage) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: image.memory.start, count: image.memory.count))
    }

    /// Goes through the starts, and says of each whether the image was moved there rather than filled again.
    private static func moves(of document: SeedDocument, starts: [Int64] = starts) throws -> [Bool] {
        var image = try SeedImage(of: document, modules: Understudy.modules, start: start)
        return try starts.map { microseconds in
            let start = Instant(microseconds: microseconds)
            let before = image
            image = try before.moved(to: start, of: .document(document), modules: Understudy.modules)
            #expect(image.start == start)
            #expect(
                try bytes(image.image)
                    == bytes(SeedImage(of: document, modules: Understudy.modules, start: start).image))
            let check = try Database(image.image).statement("PRAGMA integrity_check")
            #expect(try check.step())
            #expect(check.text(0) == "ok")
            return before.times != nil && image.times != nil
        }
    }

    /// All but the first, which finds out where the times are.
    private static let allMoved = [false] + Array(repeating: true, count: starts.count - 1)

    @Test(arguments: BuiltInSeed.allCases.filter { $0 != .blank })
    func aBuiltInSeedsTimesAreMovedAndTheImageIsThatOfAFreshFill(_ seed: BuiltInSeed) throws {
        #expect(
            try Self.moves(of: SeedDocument(reading: Understudy.modules.bytes(of: seed), modules: Understudy.modules))
                == Self.allMoved)
    }

    /// An agent with absolute times and one with relative ones, and relative work of every kind.
    @Test func absoluteTimesStayWhereRelativeOnesMove() throws {
        let text = GoodSeed.text.replacing(", \"updated_at\": \"-P9D\"", with: "")
            .replacing("\"created_at\": \"-P5D\"", with: "\"created_at\": \"2026-02-25T09:00:00.000001Z\"")
        #expect(try Self.moves(of: GoodSeed.read(text)) == Self.allMoved)
    }

    /// Another start changes the order of such times, or a text: what is stored then is filled anew each time.
    @Test(arguments: [
        GoodSeed.text,
        GoodSeed.text.replacing(", \"updated_at\": \"-P9D\"", with: "").replacing(
            "\"created_at\": \"-P1D\", \"ends_at\": \"-P1D\"",
            with: "\"created_at\": \"2026-03-01T09:00:00Z\", \"ends_at\": \"2026-03-01T09:00:00Z\""),
        GoodSeed.text.replacing(", \"updated_at\": \"-P9D\"", with: "").replacing(
            "\"deadline_at\": \"+PT1H\"", with: "\"deadline_at\": \"2026-03-02T10:00:00Z\""),
    ])
    func timesThatDoNotMoveAsOneAreFilledAgain(_ text: String) throws {
        let document = try GoodSeed.read(text)
        #expect(document.parts.contains { !$0.movesAsOne })
        #expect(try Self.moves(of: document) == Self.starts.map { _ in false })
    }

    /// Before 1974 numbers are stored in fewer bytes; at the calendar's end what lies beyond it is put there.
    @Test func atTheEdgesTheImageIsStillThatOfAFreshFill() throws {
        let edges =
            ["2027-01-01T00:00:00Z", "1974-06-17T00:00:00Z", "1970-01-01T00:00:00Z", "1900-01-01T00:00:00Z"]
            + ["2027-01-01T00:00:00Z", "9998-12-31T00:00:00Z", "9999-12-29T23:59:59Z", "2027-01-01T00:00:00Z"]
        let document = try SeedDocument(reading: Understudy.modules.bytes(of: .demo), modules: Understudy.modules)
        _ = try Self.moves(of: document, starts: edges.map { Instant(rfc3339: $0)!.microseconds })
    }

    @Test func aStartTooCloseToTheCalendarsEndIsRefusedWhenMovedToo() throws {
        let document = try SeedDocument(reading: Understudy.modules.bytes(of: .demo), modules: Understudy.modules)
        let image = try SeedImage(of: document, modules: Understudy.modules, start: Self.start)
        #expect(throws: SeedRefusal.self) {
            try image.moved(to: .earliest, of: .document(document), modules: Understudy.modules)
        }
        let known = try image.moved(
            to: Self.start.adding(microseconds: 1), of: .document(document), modules: Understudy.modules)
        #expect(throws: SeedRefusal.self) {
            try known.moved(to: .earliest, of: .document(document), modules: Understudy.modules)
        }
        #expect(throws: SeedRefusal.self) {
            try known.moved(to: .latest, of: .document(document), modules: Understudy.modules)
        }
    }

    /// A time that is stored in six bytes can look like one in eight, together with what happens to stand before it.
    @Test func beforeTimesAreStoredInFullNoPlacesAreLookedFor() throws {
        let document = try GoodSeed.read(
            """
            {"agents": [{"id": "300", "name": "a", "autonomy_type": "AGENTIC", "entity_type": "TICKET",
                "created_at": "2020-01-01T00:00:00Z", "versions": [{"version_timestamp": "-P3D"}]}]}
            """)
        let starts = ["1971-01-01T00:00:00Z", "1972-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "1960-01-01T00:00:00Z"]
            .map { Instant(rfc3339: $0)!.microseconds }
        _ = try Self.moves(of: document, starts: starts)
    }
}
