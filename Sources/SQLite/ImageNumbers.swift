/// Where an image holds the numbers that depend on one amount, such as a start that times are counted from: all of them move
/// as far as that does, and nothing else changes.
///
/// The places are found by comparing two images that were made with two amounts. That a number lies in a database file as its
/// eight bytes, the highest first, is documented (https://sqlite.org/fileformat2.html, "Record Format").
package struct ImageNumbers: Sendable {
    /// Byte offsets, in ascending order.
    let places: [Int]

    /// Numbers further from zero take all eight bytes; of smaller ones SQLite leaves bytes out.
    package static let smallest: Int64 = 1 << 47

    /// Those at places that are known.
    package init(places: [Int]) { self.places = places }

    /// Nil when the second image is not the first one with some numbers changed by the distance.
    package init?(from first: DatabaseImage, to second: DatabaseImage, distance: Int64) {
        guard distance != 0, first.count == second.count else { return nil }
        let (old, new) = (first.memory.bytes, second.memory.bytes)
        var places: [Int] = []
        var next = 0
        while let different = (next..<old.count).first(where: { old[$0] != new[$0] }) {
            let starts = (max(next, different - 7)...different).filter { start in
                start + 8 <= old.count && Self.number(in: old, at: start) >= Self.smallest
                    && Self.number(in: new, at: start) &- Self.number(in: old, at: start) == distance
            }
            guard let place = starts.first, starts.count == 1 else { return nil }
            places.append(place)
            next = place + 8
        }
        self.places = places
    }

    /// The image with the numbers changed by that distance; nil when one of them would leave the range, or be too small.
    package func moved(
        _ image: DatabaseImage, by distance: Int64, upTo limit: Int64
    ) throws(SQLiteError) -> DatabaseImage? {
        try moved(image.memory.bytes, by: distance, upTo: limit)
    }

    /// The same of an image's bytes.
    package func moved(
        _ image: UnsafeRawBufferPointer, by distance: Int64, upTo limit: Int64
    ) throws(SQLiteError) -> DatabaseImage? {
        let copy = try ImageMemory(copying: image)
        for place in places {
            guard (0...image.count - 8).contains(place) else { return nil }
            let (number, overflow) = Self.number(in: image, at: place).addingReportingOverflow(distance)
            guard !overflow, number >= Self.smallest, number <= limit else { return nil }
            copy.start.storeBytes(of: number.bigEndian, toByteOffset: place, as: Int64.self)
        }
        return DatabaseImage(copy)
    }

    private static func number(in bytes: UnsafeRawBufferPointer, at place: Int) -> Int64 {
        Int64(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int64.self))
    }
}

extension ImageMemory {
    fileprivate var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }
}
