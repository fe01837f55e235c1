/// Looks through bytes for what the names of secrets have in common, fast enough for every answer.
enum SecretScan {
    private typealias Lane = SIMD16<UInt8>

    /// Whether the bytes hold, in either case, one of the pieces that every secret's name ends with or near: `key`,
    /// `ken`, `ret`, `ssw`, `riz`, `kie`, or an escape that could hide one.
    static func mayFind(in bytes: [UInt8]) -> Bool {
        // So short a body is no trouble to read.
        guard bytes.count >= stepBytes else { return !bytes.isEmpty }
        return bytes.withUnsafeBytes { buffer in
            let last = buffer.count - stepBytes
            var position = 0
            while position < last {
                if isSuspicious(buffer, at: position), isFound(in: buffer, at: position) { return true }
                position += Lane.scalarCount
            }
            return isFound(in: buffer, at: last)
        }
    }

    /// A step looks at the pieces that begin at sixteen places, whose last ends two bytes further on.
    private static let stepBytes = Lane.scalarCount + 2

    /// Whether a piece might begin at one of the sixteen places: most have none of the letters that are rare.
    @inline(__always)
    private static func isSuspicious(_ buffer: UnsafeRawBufferPointer, at position: Int) -> Bool {
        let lower = Lane(repeating: 0x20)
        let first = buffer.loadUnaligned(fromByteOffset: position, as: Lane.self) | lower
        let third = buffer.loadUnaligned(fromByteOffset: position + 2, as: Lane.self) | lower
        let begins = equal(first, "k") .| equal(first, "|")
        return isSet(
            begins .| (equal(first, "r") .& (equal(third, "t") .| equal(third, "z")))
                .| (equal(first, "s") .& equal(third, "w")))
    }

    @inline(__always)
    private static func isFound(in buffer: UnsafeRawBufferPointer, at position: Int) -> Bool {
        isSet(
            mark(
                buffer.loadUnaligned(fromByteOffset: position, as: Lane.self),
                buffer.loadUnaligned(fromByteOffset: position + 1, as: Lane.self),
                buffer.loadUnaligned(fromByteOffset: position + 2, as: Lane.self)))
    }

    /// Where a piece begins. Setting bit 5 makes letters lower case, and `\` to `|`.
    @inline(__always)
    private static func mark(_ first: Lane, _ second: Lane, _ third: Lane) -> SIMDMask<SIMD16<Int8>> {
        let lower = Lane(repeating: 0x20)
        let (a, b, c) = (first | lower, second | lower, third | lower)
        let afterK = (equal(b, "e") .& (equal(c, "y") .| equal(c, "n"))) .| (equal(b, "i") .& equal(c, "e"))
        let afterR = (equal(b, "e") .& equal(c, "t")) .| (equal(b, "i") .& equal(c, "z"))
        let password = equal(a, "s") .& equal(b, "s") .& equal(c, "w")
        let escape = equal(a, "|") .& equal(b, "u")
        return (equal(a, "k") .& afterK) .| (equal(a, "r") .& afterR) .| password .| escape
    }

    @inline(__always)
    private static func equal(_ bytes: Lane, _ character: Unicode.Scalar) -> SIMDMask<SIMD16<Int8>> {
        bytes .== Lane(repeating: UInt8(ascii: character))
    }

    @inline(__always)
    private static func isSet(_ mask: SIMDMask<SIMD16<Int8>>) -> Bool {
        let halves = unsafeBitCast(mask, to: SIMD2<UInt64>.self)
        return halves[0] | halves[1] != 0
    }
}
