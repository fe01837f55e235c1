/// A pattern of paths: `*` is anything within one segment, `**` anything at all, `?` one character but a slash.
///
/// Its characters but the stars are places in a row, numbered from 0; how many of them were met is a set of bits, which
/// each character of the path moves on. So a path costs its length times a 64th of the pattern's, however many stars
/// there are.
///
/// Choice: what is not decided within a path's first 2,048 characters does not match (docs/FIDELITY.md, "Faults").
package struct PathGlob: Hashable, Sendable {
    /// The longest pattern that is taken, in characters (Unicode scalars).
    package static let longest = 256
    private static let longestPath = 2_048

    /// How many words a set of places takes; the last place is the pattern's end.
    private let wordCount: Int
    private let end: Int
    /// For each class of characters, of which places it leads to the next one. The first class is of those that the
    /// pattern does not name.
    private let steps: [UInt64]
    /// The places that a slash leaves where they are, because `**` is there; and those that any other character does.
    private let staysAtSlash: [UInt64]
    private let stays: [UInt64]
    private let asciiClasses: [UInt8]
    private let otherClasses: [Unicode.Scalar: UInt16]

    /// Whether the pattern is one that may be taken.
    package static func isShort(_ pattern: String) -> Bool { pattern.unicodeScalars.count <= longest }

    package init(_ pattern: String) {
        var reader = PathGlobReader()
        for scalar in pattern.unicodeScalars { reader.read(scalar) }
        self.init(reader)
    }

    fileprivate init(_ reader: PathGlobReader) {
        end = reader.places.count
        let words = end / 64 + 1
        wordCount = words
        (stays, staysAtSlash) = ([UInt64].ofPlaces(reader.stars, words), [UInt64].ofPlaces(reader.doubleStars, words))
        var steps = [UInt64](repeating: 0, count: words * (reader.classes.count + 1))
        for (place, wanted) in reader.places.enumerated() {
            if let wanted {
                steps.insert(place, at: Int(reader.classes[wanted] ?? 0) * words)
            } else {
                for (scalar, number) in reader.classes where scalar != "/" {
                    steps.insert(place, at: Int(number) * words)
                }
                steps.insert(place, at: 0)
            }
        }
        self.steps = steps
        // There are fewer than 255 ASCII characters.
        var ascii = [UInt8](repeating: 0, count: 128)
        for (scalar, number) in reader.classes where scalar.isASCII {
            ascii[Int(scalar.value)] = UInt8(truncatingIfNeeded: number)
        }
        asciiClasses = ascii
        otherClasses = reader.classes.filter { !$0.key.isASCII }
    }

    /// Whether it matches the whole path.
    package func matches(_ path: String) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: wordCount) { places in
            places.initialize(repeating: 0)
            places[0] = 1
            let (lastWord, lastBit) = (end / 64, UInt64(1) << UInt64(end % 64))
            let mayStayAtEnd = staysAtSlash[lastWord] & lastBit != 0
            for (index, scalar) in path.unicodeScalars.enumerated() {
                if index == Self.longestPath || !move(places, by: scalar) { return false }
                // Nothing that follows leads away from there.
                if mayStayAtEnd, places[lastWord] & lastBit != 0 { return true }
            }
            return places[lastWord] & lastBit != 0
        }
    }

    /// Goes on by one character. False when it leads nowhere.
    private func move(_ places: UnsafeMutableBufferPointer<UInt64>, by scalar: Unicode.Scalar) -> Bool {
        let number = scalar.isASCII ? Int(asciiClasses[Int(scalar.value)]) : Int(otherClasses[scalar] ?? 0)
        let stays = scalar == "/" ? staysAtSlash : stays
        var (carried, all): (UInt64, UInt64) = (0, 0)
        for word in 0..<wordCount {
            let led = places[word] & steps[number * wordCount + word]
            let next = led << 1 | carried | places[word] & stays[word]
            carried = led >> 63
            places[word] = next
            all |= next
        }
        return all != 0
    }
}

/// Reads a pattern from left to right.
private struct PathGlobReader {
    /// The character that each place wants; nil is any but a slash.
    var places: [Unicode.Scalar?] = []
    /// The places before which there is a star, a double one among them.
    var stars: [Int] = []
    var doubleStars: [Int] = []
    /// The classes of the characters that the pattern names, from 1.
    var classes: [Unicode.Scalar: UInt16] = ["/": 1]

    mutating func read(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "*" where stars.last != places.count: stars.append(places.count)
        case "*": if doubleStars.last != places.count { doubleStars.append(places.count) }
        case "?": places.append(nil)
        default:
            if classes[scalar] == nil { classes[scalar] = UInt16(truncatingIfNeeded: classes.count + 1) }
            places.append(scalar)
        }
    }
}

extension [UInt64] {
    fileprivate static func ofPlaces(_ places: [Int], _ words: Int) -> [UInt64] {
        var set = [UInt64](repeating: 0, count: words)
        for place in places { set.insert(place, at: 0) }
        return set
    }

    /// Adds a place to the set that begins at that word.
    fileprivate mutating func insert(_ place: Int, at word: Int) { self[word + place / 64] |= 1 << UInt64(place % 64) }
}
