import Sandboxes
import JSON
import SQLite

/// The entities that a backfill was created over, in order, where they are stored: as JSON arrays of at most so many
/// ids, so that a set is few rows, and a tick of a large one reads little.
///
/// A set of which nothing is stored is a synthetic one: its ids follow from its backfill's.
struct FrozenSet {
    private let database: Database
    private let backfill: Int64
    private let backfillID: String

    /// The set of the backfill in that row, with that id.
    init(ofBackfill row: Int64, id: String, in database: Database) {
        self.database = database
        backfill = row
        backfillID = id
    }

    /// How many ids a row holds.
    static let pieceLength = 512
    /// Row and piece are one number, which is the table's key: a key of two columns would be another tree to keep.
    private static let mostPieces: Int64 = 1 << 20

    private func key(ofPiece number: Int) -> Int64 { backfill * Self.mostPieces + Int64(number) }

    /// Stores the ids of a new backfill. Only inside a transaction.
    func insert(_ ids: [String]) throws(SQLiteError) {
        for (number, start) in stride(from: 0, to: ids.count, by: Self.pieceLength).enumerated() {
            let piece = ids[start..<min(start + Self.pieceLength, ids.count)]
            var writer = JSONWriter(capacity: 2 + piece.count * 40)
            writer.beginArray()
            for id in piece { writer.string(id) }
            writer.endArray()
            try database.run(
                "INSERT INTO backfill_entities (piece, ids) VALUES (?, ?)", key(ofPiece: number),
                String(decoding: writer.bytes, as: UTF8.self))
        }
    }

    /// The ids at those positions of the set.
    func ids(at positions: Range<Int>) throws -> [String] {
        guard let last = positions.last else { return [] }
        let first = positions.lowerBound / Self.pieceLength
        var isStored = false
        var nodes: [JSONNode] = []
        try forEachPiece(first...last / Self.pieceLength) { piece in
            isStored = true
            nodes += (try? JSONParser.parse(Array(piece)).array) ?? []
        }
        guard isStored else { return positions.map(syntheticID) }
        let ids = nodes.dropFirst(positions.lowerBound - first * Self.pieceLength).prefix(positions.count)
            .compactMap(\.string)
        guard ids.count == positions.count else {
            throw SandboxDamaged(reason: "a backfill's entities cannot be read")
        }
        return ids
    }

    /// Writes all ids, of which there are so many, as elements of the array that has begun.
    func write(count: Int, to writer: inout JSONWriter) throws(SQLiteError) {
        var isStored = false
        try forEachPiece(0...count / Self.pieceLength) { piece in
            isStored = true
            // What stands between its brackets.
            writer.raw(UnsafeBufferPointer(rebasing: piece.dropFirst().dropLast()))
        }
        guard !isStored else { return }
        for position in 0..<count { writer.string(syntheticID(at: position)) }
    }

    private func syntheticID(at position: Int) -> String {
        NewEntities.syntheticPrefix(backfillID: backfillID) + String(position + 1)
    }

    private func forEachPiece(
        _ numbers: ClosedRange<Int>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) throws(SQLiteError) {
        let statement = try database.statement(
            "SELECT ids FROM backfill_entities WHERE piece BETWEEN ? AND ? ORDER BY piece")
        defer { statement.reset() }
        statement.bind(key(ofPiece: numbers.lowerBound), at: 1)
        statement.bind(key(ofPiece: numbers.upperBound), at: 2)
        while try statement.step() { body(statement.bytes("ids")) }
    }
}
