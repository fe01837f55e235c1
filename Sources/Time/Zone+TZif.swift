/// The offsets of one zone over all time: a table of changes, and a yearly rule for what comes after it.
struct ZoneHistory: Sendable {
    /// Unix seconds at which the offset changes, ascending.
    private var changes: [Int64] = []
    /// The offset from the change at the same index on.
    private var offsets: [Int64] = []
    /// The offset before the first change.
    private var firstOffset: Int64
    /// What holds after the last change; nil when the last offset does.
    private var rule: PosixZoneRule?

    /// A zone that has one offset for ever.
    init(fixedOffset: Int64) { firstOffset = fixedOffset }

    /// The offset at a Unix second, and the second at which it may change next; nil when it never does.
    func span(at second: Int64) -> (offset: Int64, endsAt: Int64?) {
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= second { low = middle + 1 } else { high = middle }
        }
        if low < changes.count { return (low == 0 ? firstOffset : offsets[low - 1], changes[low]) }
        return rule?.span(at: second) ?? (offsets.last ?? firstOffset, nil)
    }
}

extension ZoneHistory {
    /// Reads a TZif file (RFC 9636) of version 2 or later, or gives nil when any part of it is missing or wrong.
    ///
    /// A file that counts leap seconds is refused: its instants are not Unix seconds.
    init?(tzif bytes: [UInt8]) {
        var reader = TZifReader(bytes)
        // The first block holds 32-bit times for old readers; the one that counts follows it.
        guard let old = reader.header(), old.version >= UInt8(ascii: "2"), reader.skip(old.length(timeSize: 4)),
            let header = reader.header(), header.leaps == 0, header.types > 0
        else { return nil }
        guard let times = reader.times(header.times), let indices = reader.bytes(header.times),
            let types = reader.typeOffsets(header.types), reader.skip(header.namesAndIndicators),
            let footer = reader.footer()
        else { return nil }
        firstOffset = types[0]
        var current = firstOffset
        var previous: Int64?
        for (time, index) in zip(times, indices) {
            guard Int(index) < types.count, previous.map({ $0 < time }) ?? true else { return nil }
            previous = time
            // Changes of name alone are of no use here; the last one stays, for the rule begins there.
            if types[Int(index)] != current || time == times.last {
                changes.append(time)
                offsets.append(types[Int(index)])
                current = types[Int(index)]
            }
        }
        if !footer.isEmpty {
            guard let rule = PosixZoneRule(footer) else { return nil }
            self.rule = rule
        }
    }
}

/// The counts at the head of a TZif block.
private struct TZifHeader {
    let version: UInt8
    let times: Int
    let types: Int
    let leaps: Int
    /// Bytes of names and of the two kinds of indicators, which stand after the types when there are no leap seconds.
    let namesAndIndicators: Int

    func length(timeSize: Int) -> Int {
        times * (timeSize + 1) + types * 6 + leaps * (timeSize + 4) + namesAndIndicators
    }
}

/// Reads a TZif file from left to right, never past its end.
private struct TZifReader {
    private let data: [UInt8]
    private var position = 0

    init(_ data: [UInt8]) { self.data = data }

    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= data.count - position else { return nil }
        defer { position += count }
        return data[position..<position + count]
    }

    mutating func skip(_ count: Int) -> Bool { bytes(count) != nil }

    /// A big-endian two's-complement number.
    private mutating func number(size: Int) -> Int64? {
        guard let digits = bytes(size) else { return nil }
        let pattern = digits.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return size == 4 ? Int64(Int32(truncatingIfNeeded: pattern)) : Int64(bitPattern: pattern)
    }

    mutating func header() -> TZifHeader? {
        guard let magic = bytes(4), Array(magic) == Array("TZif".utf8), let version = bytes(1)?.first, skip(15)
        else { return nil }
        var counts: [Int] = []
        for _ in 0..<6 {
            // No count can be larger than the file, which keeps the arithmetic on them small.
            guard let count = number(size: 4), (0...Int64(data.count)).contains(count) else { return nil }
            counts.append(Int(count))
        }
        return TZifHeader(
            version: version, times: counts[3], types: counts[4], leaps: counts[2],
            namesAndIndicators: counts[5] + counts[1] + counts[0])
    }

    mutating func times(_ count: Int) -> [Int64]? {
        guard count <= data.count / 8 else { return nil }
        var times: [Int64] = []
        for _ in 0..<count {
            guard let time = number(size: 8) else { return nil }
            times.append(time)
        }
        return times
    }

    /// The offset of each local time type, none further from UTC than any real one (RFC 9636 says 25 to 26 hours).
    mutating func typeOffsets(_ count: Int) -> [Int64]? {
        var offsets: [Int64] = []
        for _ in 0..<count {
            guard let offset = number(size: 4), (-93_599...93_599).contains(offset), skip(2) else { return nil }
            offsets.append(offset)
        }
        return offsets
    }

    /// The text between the two line feeds at the end.
    mutating func footer() -> ArraySlice<UInt8>? {
        guard bytes(1)?.first == 0x0A, let end = data[position...].firstIndex(of: 0x0A) else { return nil }
        return bytes(end - position)
    }
}
