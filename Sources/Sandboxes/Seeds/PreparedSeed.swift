import JSON
import SQLite
import Time

/// A built-in seed read and filled beforehand, so that nobody waits for that when a server starts.
///
/// It is a file `seed-data/*.prepared`, which `make seeds` writes and a test compares with the seed: a line of JSON and, after it,
/// the bytes of a database.
///
///     {"head": {…}, "start": 0, "relative_times": [0, 0], "places": [0, …]}
///
/// `head` is a seed document without rows. The database is the one for a clock that starts at `start`, and `places` says
/// where the ``ImageNumbers`` are that count from there. Times are in microseconds; a seed without relative ones has null.
struct PreparedSeed: Sendable {
    let head: SeedHead
    private let file: ConstantBytes
    private let start: Instant
    private let times: ImageNumbers
    /// How many bytes stand before the database.
    private let imageOffset: Int

    /// Nil when these are not the bytes of such a file. They are kept, not copied: they must be there for good.
    init?(_ constant: ConstantBytes, modules: Modules) {
        let file = constant.all
        guard let end = file.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let line = Array(file[..<end])
        guard let object = try? JSONParser.parse(line, maximumDepth: SeedReader.maximumDepth).object,
            let seed = object["head"],
            var head = try? SeedDocument(reading: Array(line[seed.range]), modules: modules).head,
            let start = object["start"]?.integer, let places = object["places"]?.integers
        else { return nil }
        if let range = object["relative_times"]?.integers, range.count == 2, range[0] <= range[1] {
            head.relativeTimes = range[0]...range[1]
        }
        self.head = head
        self.file = constant
        self.start = Instant(microseconds: start)
        imageOffset = end + 1
        times = ImageNumbers(places: places.map { Int($0) })
    }

    /// The seed's database for a clock that starts then; nil when its times cannot be moved there.
    func image(start: Instant) throws -> SeedImage? {
        guard SeedImage.isPlain(start, head) else { return nil }
        let distance = start.microseconds - self.start.microseconds
        let image = UnsafeRawBufferPointer(rebasing: file.all[imageOffset...])
        let moved = try times.moved(image, by: distance, upTo: Instant.latest.microseconds)
        return moved.map { SeedImage(start: start, image: $0, times: times) }
    }
}

extension JSONNode {
    fileprivate var integers: [Int64]? {
        guard let array, array.allSatisfy({ $0.integer != nil }) else { return nil }
        return array.compactMap(\.integer)
    }
}
