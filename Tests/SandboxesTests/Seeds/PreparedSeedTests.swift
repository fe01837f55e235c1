import Understudy
import CSQLite
import Foundation
import JSON
import Time
import TestSupport
import Testing

@testable import SQLite
@testable import Sandboxes

/// That `seed-data/*.prepared` are what their seeds say. `make seeds` has them written here before.
@Suite struct PreparedSeedTests {
    private static let writes = ProcessInfo.processInfo.environment["UNDERSTUDY_PREPARE_SEEDS"] != nil

    private static func prepared(_ seed: BuiltInSeed) throws -> PreparedSeed {
        guard writes else { return try #require(Understudy.modules.prepared(seed)) }
        let file = try file(of: seed)
        let url = URL(filePath: #filePath).appending(path: "../../../../seed-data/\(seed.rawValue).prepared")
            .standardized
        try file.write(to: url, options: .atomic)
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: file.count, alignment: 1)
        bytes.copyBytes(from: file)
        return try #require(read(UnsafeRawBufferPointer(bytes)))
    }

    private static func read(_ bytes: UnsafeRawBufferPointer) -> PreparedSeed? {
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        return PreparedSeed(ConstantBytes(start, count: UInt(bytes.count)), modules: Understudy.modules)
    }

    @Test(arguments: BuiltInSeed.allCases)
    func theHeadIsTheSeeds(_ seed: BuiltInSeed) throws {
        var head = try SeedDocument(reading: Understudy.modules.bytes(of: seed), modules: Understudy.modules).head
        // A built-in seed's credentials are all published, whichever it has them from.
        head.inheritedCredentials = 0
        #expect(try Self.prepared(seed).head == head, "run: make seeds")
    }

    @Test(
        arguments: BuiltInSeed.allCases,
        [-1, 0, 1, 86_400_000_000, 40_000 * 86_400_000_000].map { GoodSeed.start.microseconds + $0 })
    func theDatabaseIsThatOfAFreshFill(_ seed: BuiltInSeed, start: Int64) throws {
        let start = Instant(microseconds: start)
        let image = try #require(try Self.prepared(seed).image(start: start))
        let filled = try SeedImage(
            of: SeedDocument(reading: Understudy.modules.bytes(of: seed), modules: Understudy.modules),
            modules: Understudy.modules, start: start)
        let (mine, fresh) = try (Self.rows(of: image.image), Self.rows(of: filled.image))
        #expect(mine.count > 20)
        #expect(mine == fresh, "run: make seeds")
        #expect(image.start == start)
    }

    @Test(arguments: ["1970-01-01T00:00:00Z", "9999-12-29T23:59:59Z"])
    func whereItsTimesCannotBeMovedTheSeedIsRead(_ start: String) throws {
        let start = try #require(Instant(rfc3339: start))
        #expect(try Self.prepared(.demo).image(start: start) == nil)
        let filled = try SeedImage(
            of: SeedDocument(reading: Understudy.modules.bytes(of: .demo), modules: Understudy.modules),
            modules: Understudy.modules, start: start)
        #expect(
            try Self.rows(of: SeedImage(of: .builtIn(.demo), modules: Understudy.modules, start: start).image)
                == Self.rows(of: filled.image))
    }

    @Test(arguments: [Instant.earliest, Instant.latest])
    func aStartTooCloseToTheCalendarsEndIsRefused(_ start: Instant) {
        #expect(throws: SeedRefusal.self) {
            try SeedImage(of: .builtIn(.demo), modules: Understudy.modules, start: start)
        }
    }

    @Test(arguments: [
        "", "x", "\n", "{}\n", #"{"head": {}, "start": 0}"# + "\n", #"{"head": [], "start": 0, "places": []}"# + "\n",
    ])
    func whatIsNoSuchFileIsNone(_ text: String) {
        Array(text.utf8).withUnsafeBytes { #expect(Self.read($0) == nil) }
    }

    // MARK: Writing them

    private static let rowLists: Set = [
        "agents", "entities", "backfills", "executions", "agent_scripts", "agent_configs", "runs", "scenarios",
        "faults",
    ]

    private static func file(of seed: BuiltInSeed) throws -> Data {
        let document = try SeedDocument(reading: Understudy.modules.bytes(of: seed), modules: Understudy.modules)
        let image = try SeedImage(of: document, modules: Understudy.modules, start: GoodSeed.start)
        let moved = try image.moved(
            to: GoodSeed.start.adding(microseconds: 1), of: .document(document), modules: Understudy.modules)
        let range = document.relativeTimes.map { "[\($0.lowerBound), \($0.upperBound)]" } ?? "null"
        let line =
            try
            #"{"head": {\#(head(of: seed))}, "start": \#(GoodSeed.start.microseconds), "relative_times": \#(range), "#
            + #""places": \#(moved.times?.places ?? [])}"# + "\n"
        return Data(line.utf8) + Data(UnsafeRawBufferPointer(start: image.image.memory.start, count: image.image.count))
    }

    /// The members that are no lists of rows, over those of the base; on one line.
    private static func head(of seed: BuiltInSeed) throws -> String {
        var members: [String: String] = [:]
        for seed in [.blank, seed] {
            for member in try #require(JSONParser.parse(Understudy.modules.bytes(of: seed)).object).members
            where !rowLists.contains(member.key) && member.key != "base" {
                members[member.key] = String(
                    decoding: Understudy.modules.bytes(of: seed)[member.value.range], as: UTF8.self)
            }
        }
        return members.sorted { $0.key < $1.key }
            .map { "\"\($0.key)\": \($0.value.replacing("\n", with: ""))" }.joined(separator: ", ")
    }

    // MARK: Comparing them

    /// The schema, and all rows of all tables; how they lie in the file is SQLite's business, and its version's.
    private static func rows(of image: DatabaseImage) throws -> [String] {
        let connection = try Connection(copying: image.memory)
        return try rows("SELECT type, name, sql FROM sqlite_schema ORDER BY name", of: connection).flatMap { row in
            let columns = row.split(separator: "|")
            guard columns[0] == "table" else { return [row] }
            return try [row]
                + rows("SELECT * FROM \(columns[1]) ORDER BY 1, 2", of: connection).map { "\(columns[1])|\($0)" }
        }
    }

    private static func rows(_ sql: String, of connection: Connection) throws -> [String] {
        var statement: OpaquePointer?
        try #require(sqlite3_prepare_v2(connection.handle, sql, -1, &statement, nil) == SQLITE_OK)
        defer { sqlite3_finalize(statement) }
        var rows: [String] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            let columns = (0..<sqlite3_column_count(statement)).map { column in
                sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "NULL"
            }
            rows.append(columns.joined(separator: "|"))
        }
        return rows
    }
}
