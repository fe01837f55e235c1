import JSON
import Time

/// One to three random changes of whole values.
struct JSONMutation {
    private var random: SeededRandom

    /// The changed document; nil when it is none.
    static func of(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ seed: UInt32) -> [UInt8]? {
        let bytes = Array(UnsafeBufferPointer(start: data, count: size))
        guard let node = try? JSONParser.parse(bytes, maximumDepth: 140) else { return nil }
        var mutation = JSONMutation(random: SeededRandom(seed: UInt64(seed), position: 0))
        var tree = JSONTree(node)
        for _ in 0...mutation.number(below: 3) { mutation.change(&tree) }
        var writer = JSONWriter(capacity: size)
        tree.write(to: &writer)
        return writer.bytes
    }

    private mutating func number(below bound: Int) -> Int { Int.random(in: 0..<max(bound, 1), using: &random) }

    private mutating func change(_ tree: inout JSONTree) {
        let count = tree.count
        let other = tree.value(at: number(below: count))
        let kind = number(below: 8)
        let place = number(below: count)
        var mutation = self
        tree.change(at: place) { value in
            switch kind {
            case 0: value = .scalar(mutation.scalar())
            case 1: value = other
            default: mutation.changeInside(&value, other)
            }
        }
        self = mutation
    }

    private mutating func changeInside(_ value: inout JSONTree, _ other: JSONTree) {
        switch value {
        case .scalar(let text): value = .scalar(changed(text))
        case .array(var elements):
            switch number(below: 4) {
            case 0 where !elements.isEmpty: elements.remove(at: number(below: elements.count))
            case 1 where !elements.isEmpty: elements.append(elements[number(below: elements.count)])
            case 2: elements.shuffle(using: &random)
            default: elements.insert(other, at: number(below: elements.count + 1))
            }
            value = .array(elements)
        case .object(var members):
            let place = number(below: members.count)
            switch number(below: 5) {
            case 0 where !members.isEmpty: members.remove(at: place)
            case 1 where !members.isEmpty: members.append((Vocabulary.word(&random), members[place].value))
            case 2 where !members.isEmpty: members[place].key = Vocabulary.word(&random)
            case 3: members.append((Vocabulary.word(&random), other))
            default: members.append((Vocabulary.word(&random), .scalar(scalar())))
            }
            value = .object(members)
        }
    }

    private mutating func scalar() -> [UInt8] {
        if number(below: 2) == 0 {
            return Array(Vocabulary.scalars[number(below: Vocabulary.scalars.count)].utf8)
        }
        return quoted(Vocabulary.word(&random))
    }

    /// A number a little or much further, a text with a character more, less or other.
    private mutating func changed(_ text: [UInt8]) -> [UInt8] {
        if text.first == UInt8(ascii: "\""), let node = try? JSONParser.parse(text), let string = node.string {
            var scalars = Array(string.unicodeScalars)
            let strange: [Unicode.Scalar] = [
                "\u{0}", "0", "9", "-", "+", ":", "Z", ".", "T", "é", "😀", "\u{301}", " ", "/", "*",
            ]
            let one = strange[number(below: strange.count)]
            switch number(below: 4) {
            case 0 where !scalars.isEmpty: scalars.remove(at: number(below: scalars.count))
            case 1 where !scalars.isEmpty: scalars[number(below: scalars.count)] = one
            case 2: return quoted(string + Vocabulary.word(&random))
            default: scalars.insert(one, at: number(below: scalars.count + 1))
            }
            return quoted(String(String.UnicodeScalarView(scalars)))
        }
        guard let number = Int64(String(decoding: text, as: UTF8.self)) else { return scalar() }
        let others = [number &+ 1, number &- 1, number &* 2, -number.magnitude.asSigned, number &* 1_000_003]
        return Array(others[self.number(below: others.count)].description.utf8)
    }

    private func quoted(_ text: String) -> [UInt8] {
        var writer = JSONWriter(capacity: 64)
        writer.string(text)
        return writer.bytes
    }
}

extension UInt64 {
    fileprivate var asSigned: Int64 { Int64(clamping: self) }
}
