/// Looks through bytes for what the names of secrets have in common, fast enough for every answer.
enum SecretScan {
    /// Whether the bytes hold, in either case, one of the pieces that every secret's name ends with or near: `key`,
    /// `ken`, `cret`, `ssw`, `riz`, `kie`, or an escape that could hide one.
    static func mayFind(in bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return false }
            var position = 0
            while position + block + 3 <= buffer.count {
                if blockMayHold(base + position) { return true }
                position += block
            }
            for place in position..<buffer.count {
                let left = buffer.count - place
                let second = left > 1 ? base[place + 1] : 0
                let third = left > 2 ? base[place + 2] : 0
                if mark(base[place], second, third, left > 3 ? base[place + 3] : 0) != 0 { return true }
            }
            return false
        }
    }

    private static let block = 64

    /// Without a branch inside, so that the compiler takes many bytes at once.
    @inline(__always)
    private static func blockMayHold(_ bytes: UnsafePointer<UInt8>) -> Bool {
        var found: UInt8 = 0
        for place in 0..<block {
            found |= mark(bytes[place], bytes[place + 1], bytes[place + 2], bytes[place + 3])
        }
        return found != 0
    }

    /// 1 where a piece begins, else 0. Setting bit 5 makes letters lower case, and `\` to `|`.
    @inline(__always)
    private static func mark(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) -> UInt8 {
        let (a, b, c, d) = (first | 0x20, second | 0x20, third | 0x20, fourth | 0x20)
        let key = equal(a, "k") & equal(b, "e") & (equal(c, "y") | equal(c, "n"))
        let cookie = equal(a, "k") & equal(b, "i") & equal(c, "e")
        let secret = equal(a, "c") & equal(b, "r") & equal(c, "e") & equal(d, "t")
        let password = equal(a, "s") & equal(b, "s") & equal(c, "w")
        let authorization = equal(a, "r") & equal(b, "i") & equal(c, "z")
        let escape = equal(a, "|") & equal(b, "u")
        return key | cookie | secret | password | authorization | escape
    }

    @inline(__always)
    private static func equal(_ byte: UInt8, _ character: Unicode.Scalar) -> UInt8 {
        byte == UInt8(ascii: character) ? 1 : 0
    }

    /// Whether the bytes hold that piece exactly.
    static func contains(_ bytes: [UInt8], _ piece: [UInt8]) -> Bool {
        guard let first = piece.first, bytes.count >= piece.count else { return false }
        return (0...(bytes.count - piece.count)).contains { start in
            bytes[start] == first && bytes[start..<(start + piece.count)].elementsEqual(piece)
        }
    }
}
