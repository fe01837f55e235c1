/// An exact decimal number of any size, so that numbers are equal whatever their spelling and long ids never collapse.
enum Numeral: Hashable, Comparable, Sendable {
    case integer(Int64)
    /// A number that no `Int64` holds.
    case other(ScaledDigits)

    /// The number that JSON text spells; nil for other text, and when its exponent has more than nine digits.
    init?(jsonNumber text: String) {
        guard let numeral = Self.read(text, allowsExponent: true) else { return nil }
        self = numeral
    }

    /// The number that a plain decimal spells: no exponent, no leading zeros, nothing around it.
    ///
    /// Choice: `007` and `12e4` in a string stay text, because they are more often an identifier than a number
    /// (docs/FIDELITY.md, "Filters").
    init?(plainDecimal text: String) {
        guard let numeral = Self.read(text, allowsExponent: false) else { return nil }
        self = numeral
    }

    static func < (left: Numeral, right: Numeral) -> Bool {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): left < right
        default: left.scaledDigits < right.scaledDigits
        }
    }

    private var scaledDigits: ScaledDigits {
        switch self {
        case .integer(let value): ScaledDigits(value)
        case .other(let digits): digits
        }
    }

    private static func read(_ text: String, allowsExponent: Bool) -> Numeral? {
        var text = text
        return text.withUTF8 { bytes in
            var reader = NumeralReader(bytes: bytes)
            guard let digits = reader.scaledDigits(allowsExponent: allowsExponent) else { return nil }
            return digits.integer.map(Numeral.integer) ?? .other(digits)
        }
    }
}

/// A number as ±0.d₁d₂d₃… × 10^`point`, the first and the last digit never 0; zero has no digits.
struct ScaledDigits: Hashable, Comparable, Sendable {
    let isNegative: Bool
    let digits: [UInt8]
    let point: Int

    init(isNegative: Bool, digits: [UInt8], point: Int) {
        let leading = digits.prefix { $0 == 0 }.count
        let trailing = digits.reversed().prefix { $0 == 0 }.count
        let isZero = leading == digits.count
        self.isNegative = isNegative && !isZero
        self.digits = isZero ? [] : Array(digits[leading..<(digits.count - trailing)])
        self.point = isZero ? 0 : point - leading
    }

    init(_ value: Int64) {
        let digits = String(value.magnitude).utf8.map { $0 - UInt8(ascii: "0") }
        self.init(isNegative: value < 0, digits: digits, point: digits.count)
    }

    /// The number as a 64-bit integer: nil when it has a fraction or does not fit.
    var integer: Int64? {
        guard digits.count <= point || digits.isEmpty, point <= 19 else { return nil }
        var value: Int64 = 0
        for place in 0..<point {
            let digit = place < digits.count ? Int64(digits[place]) : 0
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = scaled.addingReportingOverflow(isNegative ? -digit : digit)
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    static func < (left: ScaledDigits, right: ScaledDigits) -> Bool {
        if left.sign != right.sign { return left.sign < right.sign }
        return left.isNegative ? right.isSmallerMagnitude(than: left) : left.isSmallerMagnitude(than: right)
    }

    private var sign: Int { digits.isEmpty ? 0 : (isNegative ? -1 : 1) }

    private func isSmallerMagnitude(than other: ScaledDigits) -> Bool {
        point == other.point ? digits.lexicographicallyPrecedes(other.digits) : point < other.point
    }
}

/// Reads the grammar of a JSON number from left to right.
private struct NumeralReader {
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0

    mutating func scaledDigits(allowsExponent: Bool) -> ScaledDigits? {
        let isNegative = skip("-")
        var digits = run()
        guard let first = digits.first, first != 0 || digits.count == 1 else { return nil }
        var point = digits.count
        if skip(".") {
            let fraction = run()
            guard !fraction.isEmpty else { return nil }
            digits += fraction
        }
        if allowsExponent, skip("e") || skip("E") {
            guard let exponent = exponent(isZero: digits.allSatisfy { $0 == 0 }) else { return nil }
            point += exponent
        }
        return position == bytes.count ? ScaledDigits(isNegative: isNegative, digits: digits, point: point) : nil
    }

    private mutating func exponent(isZero: Bool) -> Int? {
        let isNegative = skip("-")
        if !isNegative { _ = skip("+") }
        let written = run()
        guard !written.isEmpty else { return nil }
        if isZero { return 0 }
        let digits = written.drop { $0 == 0 }
        guard digits.count <= 9 else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1) }
        return isNegative ? -value : value
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func run() -> [UInt8] {
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
        return bytes[start..<position].map { $0 - UInt8(ascii: "0") }
    }
}
