/// Text without case: the UTF-8 of its lower-case form, compared byte by byte, which is the order of Unicode scalars.
///
/// Choice: no normalisation, so an accent typed as its own scalar is another text (docs/FIDELITY.md, "Filters").
struct FoldedText: Hashable, Comparable, Sendable {
    let bytes: [UInt8]

    init(_ text: String) {
        let utf8 = Array(text.utf8)
        bytes = utf8.allSatisfy { $0 < 0x80 } ? utf8.map(\.lowercasedASCII) : Self.lowercased(text)
    }

    /// The bytes of `lowercased()`, but only the scalars past ASCII pay for a look at Unicode's tables.
    private static func lowercased(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                bytes.append(UInt8(truncatingIfNeeded: scalar.value).lowercasedASCII)
            } else {
                bytes.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
            }
        }
        return bytes
    }

    static func < (left: FoldedText, right: FoldedText) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }

    func begins(with other: FoldedText) -> Bool { bytes.starts(with: other.bytes) }

    func ends(with other: FoldedText) -> Bool { bytes.suffix(other.bytes.count).elementsEqual(other.bytes) }
}

/// A text to look for, prepared so that a search is linear however the two texts repeat themselves
/// (Knuth–Morris–Pratt).
struct TextPattern: Hashable, Sendable {
    private let pattern: [UInt8]
    /// For every prefix of the pattern, how long its longest proper prefix is that also ends it.
    private let overlaps: [Int32]

    init(_ text: FoldedText) {
        pattern = text.bytes
        var overlaps = [Int32](repeating: 0, count: pattern.count)
        var length = 0
        for place in pattern.indices.dropFirst() {
            while length > 0, pattern[place] != pattern[length] { length = Int(overlaps[length - 1]) }
            if pattern[place] == pattern[length] { length += 1 }
            overlaps[place] = Int32(truncatingIfNeeded: length)
        }
        self.overlaps = overlaps
    }

    /// Whether it occurs in the text; the empty pattern occurs in every text.
    func occurs(in text: FoldedText) -> Bool {
        guard pattern.count <= text.bytes.count else { return false }
        guard !pattern.isEmpty else { return true }
        var length = 0
        for byte in text.bytes {
            while length > 0, byte != pattern[length] { length = Int(overlaps[length - 1]) }
            if byte == pattern[length] { length += 1 }
            if length == pattern.count { return true }
        }
        return false
    }
}

extension UInt8 {
    fileprivate var lowercasedASCII: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
