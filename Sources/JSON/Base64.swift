/// Bytes as letters (RFC 4648).
package enum Base64 {
    /// The alphabet of `+` and `/`, padded with `=` (section 4).
    package static func encode(_ bytes: [UInt8]) -> String {
        var encoded = letters(for: bytes, alphabet: standard)
        while encoded.count % 4 > 0 { encoded.append(UInt8(ascii: "=")) }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// The alphabet of `-` and `_` for URLs, without padding (section 5).
    package static func encodeForURL(_ bytes: [UInt8]) -> String {
        String(decoding: letters(for: bytes, alphabet: url), as: UTF8.self)
    }

    /// Reads what ``encodeForURL(_:)`` writes. Nil for any other byte. Bits left over in the last letter do not count.
    package static func decodeFromURL(_ text: Substring.UTF8View) -> [UInt8]? {
        var decoded: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text {
            guard let value = value(of: byte) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        // A single letter left over holds no whole byte.
        return count == 6 ? nil : decoded
    }

    private static let alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    private static let standard = Array((alphanumerics + "+/").utf8)
    private static let url = Array((alphanumerics + "-_").utf8)

    private static func letters(for bytes: [UInt8], alphabet: [UInt8]) -> [UInt8] {
        var encoded: [UInt8] = []
        encoded.reserveCapacity((bytes.count + 2) / 3 * 4)
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                encoded.append(alphabet[Int(bits >> UInt32(count) & 63)])
            }
        }
        if count > 0 { encoded.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
        return encoded
    }

    private static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5A: byte - 0x41
        case 0x61...0x7A: byte - 0x61 + 26
        case 0x30...0x39: byte - 0x30 + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
