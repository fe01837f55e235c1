extension Instant {
    /// The instant as the APIs write it: UTC, six fraction digits, `Z`.
    package var rfc3339: String {
        String(unsafeUninitializedCapacity: Self.rfc3339Count) { text in
            writeRFC3339(to: text)
            return Self.rfc3339Count
        }
    }

    /// How many bytes ``rfc3339`` has, all of them ASCII.
    static let rfc3339Count = 27

    /// Writes ``rfc3339`` to memory that has room for it.
    func writeRFC3339(to text: UnsafeMutableBufferPointer<UInt8>) {
        precondition(text.count >= Self.rfc3339Count)
        let (days, microsecondOfDay) = microseconds.flooredDivision(by: 86_400_000_000)
        let date = CivilDate(daysSinceEpoch: days)
        let (second, fraction) = microsecondOfDay.quotientAndRemainder(dividingBy: 1_000_000)
        Self.write(date.year, digits: 4, at: 0, in: text)
        text[4] = UInt8(ascii: "-")
        Self.write(date.month, digits: 2, at: 5, in: text)
        text[7] = UInt8(ascii: "-")
        Self.write(date.day, digits: 2, at: 8, in: text)
        text[10] = UInt8(ascii: "T")
        Self.write(second / 3600, digits: 2, at: 11, in: text)
        text[13] = UInt8(ascii: ":")
        Self.write(second / 60 % 60, digits: 2, at: 14, in: text)
        text[16] = UInt8(ascii: ":")
        Self.write(second % 60, digits: 2, at: 17, in: text)
        text[19] = UInt8(ascii: ".")
        Self.write(fraction, digits: 6, at: 20, in: text)
        text[26] = UInt8(ascii: "Z")
    }

    private static func write(
        _ value: Int64, digits: Int, at start: Int, in text: UnsafeMutableBufferPointer<UInt8>
    ) {
        var rest = value
        for place in stride(from: start + digits - 1, through: start, by: -1) {
            text[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }

    /// Reads an RFC 3339 date-time: a `T` or space (or `t`), any fraction (digits past the sixth are dropped), and
    /// `Z` or a numeric offset. Nil for anything else, also for a date that no calendar has.
    package init?(rfc3339 text: some StringProtocol) {
        var reader = DigitReader(Array(text.utf8))
        guard let year = reader.number(digits: 4), reader.skip("-"), let month = reader.number(digits: 2),
            reader.skip("-"), let day = reader.number(digits: 2), reader.skip("T", "t", " "),
            let hour = reader.number(digits: 2), reader.skip(":"), let minute = reader.number(digits: 2),
            reader.skip(":"), let second = reader.number(digits: 2),
            let fraction = reader.fraction(), let offset = reader.offset(), reader.atEnd,
            let date = CivilDate(year: year, month: month, day: day), year >= 1,
            hour < 24, minute < 60, second <= 60
        else { return nil }
        let seconds = date.daysSinceEpoch * 86_400 + hour * 3600 + minute * 60 + min(second, 59) - offset
        let microseconds = seconds * 1_000_000 + fraction
        self.init(microseconds: microseconds)
        guard self.microseconds == microseconds else { return nil }
    }
}

/// Reads fixed runs of ASCII digits and separators, from left to right.
package struct DigitReader {
    private let bytes: [UInt8]
    private var position = 0

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package var atEnd: Bool { position == bytes.count }
    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    package mutating func number(digits: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let byte = next, (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 0x30)
            position += 1
        }
        return value
    }

    package mutating func skip(_ choices: Unicode.Scalar...) -> Bool {
        guard let byte = next, choices.contains(where: { UInt8(ascii: $0) == byte }) else { return false }
        position += 1
        return true
    }

    /// The fraction's microseconds: 0 when there is none, nil for a point without digits.
    package mutating func fraction() -> Int64? {
        guard skip(".") else { return 0 }
        var value: Int64 = 0
        var scale: Int64 = 100_000
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) {
            value += Int64(byte - 0x30) * scale
            scale /= 10
            position += 1
        }
        return position > start ? value : nil
    }

    /// The offset from UTC in seconds, of `Z` or `±hh:mm`.
    package mutating func offset() -> Int64? {
        if skip("Z", "z") { return 0 }
        let sign: Int64
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = number(digits: 2), skip(":"), let minutes = number(digits: 2), hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
