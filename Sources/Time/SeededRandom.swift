/// A generator whose whole state is a seed and how many numbers were drawn: SplitMix64, its counter kept in plain
/// sight.
///
/// The same seed and position give the same numbers on every machine and in every version; an export's `random_seed`
/// and `random_position` are all there is to go on with.
package struct SeededRandom: RandomNumberGenerator, Hashable, Sendable {
    package let seed: UInt64
    /// How many numbers were drawn; a UUID draws two.
    package private(set) var position: UInt64

    package init(seed: UInt64, position: UInt64 = 0) {
        self.seed = seed
        self.position = position
    }

    /// The generator of a seed as JSON has it: the bits of a signed number.
    package init(signedSeed: Int64, position: UInt64 = 0) {
        self.init(seed: UInt64(bitPattern: signedSeed), position: position)
    }

    /// The generator of a text, such as a credential: the same for the same bytes, in every process.
    package static func derived(from text: String) -> SeededRandom {
        // FNV-1a; Swift's own hashing differs from process to process.
        let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325) { (hash: UInt64, byte) in
            (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        return SeededRandom(seed: mix(hash))
    }

    /// The seed as JSON has it: the same bits, as a signed number.
    package var signedSeed: Int64 { Int64(bitPattern: seed) }

    /// Draws the next number.
    package mutating func next() -> UInt64 {
        position &+= 1
        return Self.mix(seed &+ position &* Self.gamma)
    }

    /// Draws a version 4 UUID: two numbers.
    package mutating func uuid() -> UUIDValue {
        let high = next()
        return UUIDValue(version4High: high, low: next())
    }

    /// A number of the seed and these parts alone, for what must not depend on the order of drawing.
    package func derived(_ parts: UInt64...) -> UInt64 { derived(lane: 1, parts) }

    /// A version 4 UUID of the seed and these parts alone, for ids that must not depend on the order of drawing.
    package func derivedUUID(_ parts: UInt64...) -> UUIDValue {
        UUIDValue(version4High: derived(lane: 2, parts), low: derived(lane: 3, parts))
    }

    private func derived(lane: UInt64, _ parts: [UInt64]) -> UInt64 {
        // Starting from a mixed seed keeps these apart from what is drawn, and the count keeps (1) apart from (1, 0).
        let start = Self.mix(Self.mix(seed) ^ lane &* Self.gamma)
        return parts.reduce(Self.mix(start ^ UInt64(parts.count))) { state, part in
            Self.mix((state &+ Self.gamma) ^ Self.mix(part &+ Self.gamma))
        }
    }

    private static let gamma: UInt64 = 0x9E37_79B9_7F4A_7C15

    private static func mix(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }
}
