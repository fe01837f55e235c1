import JSON
import Sandboxes
import SQLite
import Understudy
import Testing

@testable import Neo

@Suite struct FrozenSetTests {
    /// A list of so many ids, some of which only JSON's escapes can carry.
    private static func ids(_ count: Int) -> [String] {
        let odd = ["", "\"", "\\", "[1,2]", "a,b", "new\nline", "nul\u{0}", "\u{1F600} é", "sim-000000000000-1"]
        return (0..<count).map { $0 < odd.count ? odd[$0] : "entity-\($0)" }
    }

    private static func database() throws -> Database {
        let database = try Database()
        try Schema.migrate(database, Understudy.modules)
        return database
    }

    private static func set(row: Int64 = 7, in database: Database) -> FrozenSet {
        FrozenSet(ofBackfill: row, id: "01234567-89ab-4def-8123-456789abcdef", in: database)
    }

    private static func written(_ set: FrozenSet, count: Int) throws -> [String]? {
        var writer = JSONWriter()
        writer.beginArray()
        try set.write(count: count, to: &writer)
        writer.endArray()
        return try JSONParser.parse(writer.bytes).array?.compactMap(\.string)
    }

    @Test(arguments: [1, 9, 511, 512, 513, 1_024, 1_300])
    func idsOfAnyCharactersAreReadAsTheyWereStored(count: Int) throws {
        let (database, ids) = (try Self.database(), Self.ids(count))
        let set = Self.set(in: database)
        try set.insert(ids)
        #expect(try set.ids(at: 0..<count) == ids)
        #expect(try Self.written(set, count: count) == ids)
        for start in Set([0, count / 2, max(count - 3, 0), min(510, count)]) {
            for end in Set([start, min(start + 5, count), min(start + 512, count)]) {
                #expect(try set.ids(at: start..<end) == Array(ids[start..<end]))
            }
        }
    }

    @Test func aBackfillHasItsOwnSetAlone() throws {
        let database = try Self.database()
        for row in Int64(1)...3 { try Self.set(row: row, in: database).insert(["only-\(row)"]) }
        for row in Int64(1)...3 {
            #expect(try Self.set(row: row, in: database).ids(at: 0..<1) == ["only-\(row)"])
            #expect(try Self.written(Self.set(row: row, in: database), count: 1) == ["only-\(row)"])
        }
    }

    @Test func anEmptySetHasNoIDs() throws {
        let set = Self.set(in: try Self.database())
        try set.insert([])
        #expect(try set.ids(at: 0..<0) == [])
        #expect(try Self.written(set, count: 0) == [])
    }

    @Test func aSetOfWhichNothingIsStoredIsNumbered() throws {
        let set = Self.set(in: try Self.database())
        #expect(try set.ids(at: 0..<2) == ["sim-0123456789ab-1", "sim-0123456789ab-2"])
        #expect(try set.ids(at: 999_998..<1_000_000).last == "sim-0123456789ab-1000000")
        #expect(try Self.written(set, count: 3) == (1...3).map { "sim-0123456789ab-\($0)" })
    }

    @Test(arguments: ["[", "{}", "[1, 2]", "[]", ""])
    func aSetThatCannotBeReadIsDamaged(stored: String) throws {
        let database = try Self.database()
        let set = Self.set(in: database)
        try set.insert(["a", "b"])
        try database.run("UPDATE backfill_entities SET ids = ?", stored)
        #expect(throws: SandboxDamaged.self) { try set.ids(at: 0..<2) }
    }

    @Test func aSetThatIsShorterThanItsBackfillSaysIsDamaged() throws {
        let set = Self.set(in: try Self.database())
        try set.insert(["a", "b"])
        #expect(throws: SandboxDamaged.self) { try set.ids(at: 0..<3) }
    }
}
