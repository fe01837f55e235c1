import SQLite
import Testing

@Suite struct DatabaseImageTests {
    private static func image() throws -> DatabaseImage {
        let database = try Database()
        try database.execute(
            script: "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); CREATE TABLE u (a REFERENCES t (a))")
        for number in 1...100 { try database.run("INSERT INTO t VALUES (?, ?)", number, "row \(number)") }
        return try database.image()
    }

    private static func sum(_ database: Database) throws -> Int64 {
        let statement = try database.statement("SELECT sum(a) FROM t")
        defer { statement.reset() }
        return try statement.step() ? statement.integer : -1
    }

    @Test func readingMakesNoCopy() throws {
        let image = try Self.image()
        let database = Database(image)
        #expect(try Self.sum(database) == 5_050)
        database.rest()
        #expect(database.shared === image)
        #expect(try database.image() === image)
        #expect(try database.byteCount() == image.count)
    }

    @Test func aWriteIsSeenInItsOwnDatabaseAlone() throws {
        let image = try Self.image()
        let (written, other) = (Database(image), Database(image))
        #expect(try Self.sum(other) == 5_050)
        try written.run("INSERT INTO t VALUES (1000, NULL)")
        #expect(written.shared == nil)
        #expect(try Self.sum(written) == 6_050)
        #expect(try Self.sum(other) == 5_050)
        #expect(try Self.sum(Database(image)) == 5_050)
        #expect(try Self.sum(Database(written.image())) == 6_050)
    }

    /// Also of what was read before in the same breath.
    @Test func whoeverStepsWhenTheCopyIsMadeGoesOnReadingTheOld() throws {
        let database = Database(try Self.image())
        let rows = try database.statement("SELECT a FROM t ORDER BY a")
        var seen: [Int64] = []
        while try rows.step() {
            seen.append(rows.integer)
            try database.run("DELETE FROM t WHERE a > 1")
        }
        #expect(seen == Array(1...100))
        database.rest()
        #expect(try Self.sum(database) == 1)
    }

    @Test func aCopyKeepsForeignKeysAndUndoesWhatThrows() throws {
        let database = Database(try Self.image())
        #expect(throws: SQLiteError.self) { try database.run("INSERT INTO u VALUES (7000)") }
        #expect(throws: CancellationError.self) {
            try database.transaction {
                try database.run("DELETE FROM t")
                throw CancellationError()
            }
        }
        #expect(try Self.sum(database) == 5_050)
    }

    @Test func aWriteThatAvoidsTheCopyIsRefused() throws {
        let database = Database(try Self.image())
        let delete = try database.statement("DELETE FROM t")
        #expect(throws: SQLiteError.self) { try delete.step() }
        #expect(try Self.sum(database) == 5_050)
    }

    @Test func anImageOutlivesWhatItCameFromAndItsBorrowers() throws {
        var image: DatabaseImage? = try Self.image()
        let database = Database(try #require(image))
        image = nil
        #expect(try Self.sum(database) == 5_050)
    }

    @Test func whatIsSharedAgainIsWhatItWas() throws {
        let image = try Self.image()
        let database = Database(image)
        for _ in 1...3 {
            try database.run("DELETE FROM t")
            #expect(try Self.sum(database) == 0)
            database.share(image)
            #expect(try Self.sum(database) == 5_050)
        }
    }
}
