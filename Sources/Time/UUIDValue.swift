/// A UUID as its 16 bytes; two are equal whatever the case they were read from.
package struct UUIDValue: Hashable, Sendable, LosslessStringConvertible {
    /// The first eight bytes, the first of them the most significant.
    package let high: UInt64
    /// The last eight bytes.
    package let low: UInt64

    /// The UUID of exactly these bits.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A version 4 UUID out of 128 random bits, six of which give way to the version and the variant (RFC 9562, 5.4).
    package init(version4High high: UInt64, low: UInt64) {
        self.high = high & 0xFFFF_FFFF_FFFF_0FFF | 0x0000_0000_0000_4000
        self.low = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    }

    /// Reads 8-4-4-4-12 hexadecimal digits of either case, of any version; nil for anything else.
    package init?(_ text: String) {
        var halves: (UInt64, UInt64) = (0, 0)
        var place = 0
        for byte in text.utf8 {
            guard place < 36 else { return nil }
            if Self.isHyphen(place) {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard let digit = Self.digit(byte) else { return nil }
                if place < 18 { halves.0 = halves.0 << 4 | digit } else { halves.1 = halves.1 << 4 | digit }
            }
            place += 1
        }
        guard place == 36 else { return nil }
        self.init(high: halves.0, low: halves.1)
    }

    /// The 36 characters, in lower case.
    package var description: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var (high, low) = (high, low)
            for place in (0..<36).reversed() {
                if Self.isHyphen(place) {
                    buffer[place] = UInt8(ascii: "-")
                } else if place < 18 {
                    buffer[place] = Self.character(high & 15)
                    high >>= 4
                } else {
                    buffer[place] = Self.character(low & 15)
                    low >>= 4
                }
            }
            return 36
        }
    }

    private static func isHyphen(_ place: Int) -> Bool { place == 8 || place == 13 || place == 18 || place == 23 }

    private static func character(_ digit: UInt64) -> UInt8 {
        UInt8(truncatingIfNeeded: digit) + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
