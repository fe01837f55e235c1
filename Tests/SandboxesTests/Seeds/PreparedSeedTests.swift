import Understudy
import CSQLite
import Foundation
import JSON
import Time
import TestSupport
import Testing

@testable import SQLite
@testable import Sandboxes

/// That `seed-data/*.sqlite` hold the rows of their seeds, and `*.head.json` the rest. `make seeds` has them written here before.
@Suite struct PreparedSeedTests {
    private static let writes = ProcessInfo.processInfo.environment["UNDERSTUDY_PREPARE_SEEDS"] != nil

    private static func document(_ seed: BuiltInSeed) throws -> SeedDocument {
        try SeedDocument(reading: Understudy.modules.bytes(of: seed), modules: Understudy.modules)
    }

    private static func prepared(_ seed: BuiltInSeed) throws -> DatabaseImage {
        guard writes else { return try #require(try Understudy.modules.preparedImage(of: seed)) }
        let image = try GoodSeed.database(of: document(seed)).image()
        let folder = URL(filePath: #filePath).appending(path: "../../../../seed-data").standardized
        try Data(UnsafeRawBufferPointer(start: image.memory.start, count: image.count))
            .write(to: folder.appending(path: "\(seed.rawValue).sqlite"), options: .atomic)
        try Data(headText(of: seed).utf8)
            .write(to: folder.appending(path: "\(seed.rawValue).head.json"), options: .atomic)
        return image
    }

    private static let headNames: Set = [
        "understudy", "description", "clock", "random_seed", "random_position", "rate_limit_plan", "credentials",
    ]

    /// The members that are no rows, over those of the base.
    private static func headText(of seed: BuiltInSeed) throws -> String {
        let seeds: [BuiltInSeed] = seed == .blank ? [.blank] : [.blank, seed]
        let heads = try seeds.map { seed in
            let members = try #require(JSONParser.parse(Understudy.modules.bytes(of: seed)).object).members
            return JSONNode(.object(JSONObject(members: members.filter { headNames.contains($0.key) })))
        }
        let merged = heads.dropFirst().reduce(heads[0]) { $0.merged(with: $1) }
        return String(decoding: JSONLayout.seed.text(of: merged), as: UTF8.self)
    }

    @Test(arguments: BuiltInSeed.allCases)
    func theHeadIsTheSeeds(_ seed: BuiltInSeed) throws {
        var head = try Self.document(seed).head
        // A built-in seed's credentials are all published, whichever it has them from; its times are looked at elsewhere.
        head.inheritedCredentials = 0
        head.relativeTimes = nil
        var prepared = try Understudy.modules.head(of: seed)
        prepared.relativeTimes = nil
        #expect(prepared == head, "run: make seeds")
    }

    @Test(arguments: BuiltInSeed.allCases)
    func theDatabaseIsThatOfAFreshFill(_ seed: BuiltInSeed) throws {
        let filled = try GoodSeed.database(of: Self.document(seed), start: GoodSeed.start.adding(seconds: 1)).image()
        let (mine, fresh) = try (Self.rows(of: Self.prepared(seed)), Self.rows(of: filled))
        #expect(mine.count > 20)
        #expect(mine == fresh, "run: make seeds")
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
