import Foundation
import SQLite
import Testing

/// The write-ahead log of a file: gathered, carried to the disk early, and over into the file when it is long.
@Suite struct WriteAheadLogTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "understudy-\(UUID())")

    /// Without waiting for the disk at every commit, as ours are: what SQLite waits for is written anyway.
    private func withDatabase(_ body: (Database, _ path: String) throws -> Void) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "database.sqlite").path
        let database = try Database(path: path)
        try database.execute(
            script:
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)"
        )
        try body(database, path)
    }

    private static func bytes(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    }

    /// A row a page and more.
    private static func fill(_ database: Database, rows: ClosedRange<Int>, after: (Int) throws -> Void = { _ in })
        throws
    {
        for number in rows {
            try database.run("INSERT INTO t VALUES (?, ?)", number, String(repeating: "\(number % 10)", count: 5_000))
            try after(number)
        }
    }

    private static func count(_ database: Database) throws -> Int64 {
        let statement = try database.statement("SELECT count(*) FROM t WHERE length(b) = 5000")
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : -1
    }

    @Test func theLogIsCarriedOverWhenItIsLong() throws {
        try withDatabase { database, path in
            database.checkpoint(everyPages: 64)
            var longest = 0
            try Self.fill(database, rows: 1...500) { _ in longest = max(longest, try Self.bytes(path + "-wal")) }
            // A commit more than it may have, of a few pages of 4,096 bytes with 24 of their own.
            #expect(longest > 60 * 4_120)
            #expect(longest < 80 * 4_120)
            #expect(try Self.bytes(path) > 400 * 5_000)
            #expect(try Self.count(database) == 500)
        }
    }

    @Test func whoReadsMeanwhileHoldsNothingUp() throws {
        try withDatabase { database, path in
            database.checkpoint(everyPages: 64)
            try Self.fill(database, rows: 1...50)
            let reader = try Database(path: path)
            try reader.execute(script: "BEGIN")
            #expect(try Self.count(reader) == 50)
            // The log cannot start again while somebody reads what stands in it.
            try Self.fill(database, rows: 51...300)
            #expect(try Self.count(reader) == 50)
            try reader.execute(script: "COMMIT")
            #expect(try Self.count(reader) == 300)
            try Self.fill(database, rows: 301...400)
            #expect(try Self.count(reader) == 400)
        }
    }

    @Test func whereTheLogIsGoneNothingIsLost() throws {
        try withDatabase { database, path in
            database.checkpoint(everyPages: 64)
            try Self.fill(database, rows: 1...40)
            try database.execute(script: "PRAGMA journal_mode = MEMORY")
            try Self.fill(database, rows: 41...200)
            #expect(try Self.count(Database(path: path)) == 200)
        }
    }

    /// The files as a process that is killed now would leave them.
    private func whatAKillLeaves(_ path: String) throws -> Database {
        let copy = folder.appending(path: "left-\(UUID())").path
        for ending in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + ending, toPath: copy + ending) }
        return try Database(path: copy)
    }

    private static func text(_ database: Database, _ sql: StaticString) throws -> String {
        let statement = try database.statement(sql)
        defer { statement.reset() }
        return try statement.step() ? statement.text(0) : ""
    }

    private struct GivenUp: Error {}

    /// With room for ten pages a transaction writes some before its end, and those of them that it changes again a second time.
    @Test(arguments: 1...6)
    func everyCommitIsWhole(seed: UInt64) throws {
        var random = seed
        func next(_ bound: UInt64) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((random >> 33) % bound)
        }
        try withDatabase { database, path in
            database.checkpoint(everyPages: 200)
            try database.execute(script: "PRAGMA cache_size = 10; PRAGMA cache_spill = 1")
            for _ in 1...30 {
                let (changes, isGivenUp) = ([1, 3, 40, 400][next(4)], next(4) == 0)
                try? database.transaction {
                    for _ in 1...changes {
                        try database.run(
                            "INSERT INTO t VALUES (?, ?) ON CONFLICT DO UPDATE SET b = excluded.b || substr(b, 1, 2000)",
                            next(300), String(repeating: "\(next(10))", count: next(3_000)))
                    }
                    if isGivenUp { throw GivenUp() }
                }
                let left = try whatAKillLeaves(path)
                #expect(try Self.text(left, "PRAGMA integrity_check") == "ok")
                let all: StaticString = "SELECT group_concat(a || ':' || b, ' ') FROM (SELECT * FROM t ORDER BY a)"
                #expect(try Self.text(left, all) == Self.text(database, all))
            }
        }
    }

    /// What was written before a rollback stays in the log until somebody writes over it, and that may be another connection.
    @Test(arguments: [5, 8, 12, 50])
    func whatWasGivenUpIsNotWrittenLater(rows: Int) throws {
        try withDatabase { database, path in
            try database.execute(script: "PRAGMA cache_size = 10; PRAGMA cache_spill = 1")
            let other = try Database(path: path)
            for round in 1...10 {
                // The log starts again, so that nothing in it is read before the rollback.
                try database.execute(script: "PRAGMA wal_checkpoint")
                try? database.transaction {
                    try Self.fill(database, rows: 1_000...(1_000 + rows))
                    throw GivenUp()
                }
                try other.transaction { try Self.fill(other, rows: (10 * round)...(10 * round + 5)) }
                #expect(try Self.count(database) == 6 * Int64(round))
                let left = try whatAKillLeaves(path)
                #expect(try Self.text(left, "PRAGMA integrity_check") == "ok")
                #expect(try Self.count(left) == 6 * Int64(round))
            }
        }
    }

    @Test func withoutAFileThereIsNothingToDo() throws {
        let database = try Database()
        database.checkpoint(everyPages: 1)
        try database.execute(script: "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)")
        try Self.fill(database, rows: 1...10)
        #expect(try Self.count(database) == 10)
    }
}
