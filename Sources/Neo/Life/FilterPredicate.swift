import Time
import JSON

/// What a rule asks of one field, its operand read beforehand; negative operators are these, negated by the condition.
enum FilterPredicate: Hashable, Sendable {
    case isNull
    case compares(FilterComparison, FilterOperand)
    case contains(TextPattern)
    case beginsWith(FoldedText)
    case endsWith(FoldedText)
    case isOneOf(FilterOperandSet)

    /// Whether the field's value is what the rule asks for.
    ///
    /// Choice: an absent field is a null one, and nothing holds for it but `null` itself; of an array it is enough that
    /// one element fits; an object fits nothing (docs/FIDELITY.md, "Filters").
    func holds(for field: FilterField) -> Bool {
        if case .isNull = self { return field.isNull }
        return field.scalars.contains { holds(for: $0) }
    }

    private func holds(for scalar: FilterScalar) -> Bool {
        switch self {
        case .isNull: false
        case .compares(let comparison, let operand): operand.holds(comparison, for: scalar)
        case .isOneOf(let operands): operands.contains(scalar)
        case .contains(let pattern): scalar.text.map(pattern.occurs) ?? false
        case .beginsWith(let text): scalar.text?.begins(with: text) ?? false
        case .endsWith(let text): scalar.text?.ends(with: text) ?? false
        }
    }

    /// How many bytes of the field it looks at, at most.
    func bytesLooked(at field: FilterField) -> Int {
        switch self {
        case .isNull: 0
        case .contains, .isOneOf: field.size
        case .compares(_, let operand): min(field.size, field.scalars.count * (16 + operand.text.bytes.count))
        case .beginsWith(let text), .endsWith(let text):
            min(field.size, field.scalars.count * (16 + text.bytes.count))
        }
    }
}

/// How a field's value stands to a rule's operand.
enum FilterComparison: Sendable {
    case equal, less, lessOrEqual, greater, greaterOrEqual

    /// Whether the value stands so to the operand.
    func holds<T: Comparable>(_ value: T, _ operand: T) -> Bool {
        switch self {
        case .equal: value == operand
        case .less: value < operand
        case .lessOrEqual: value <= operand
        case .greater: value > operand
        case .greaterOrEqual: value >= operand
        }
    }
}

/// A rule's value, read in every way in which a field's value may be compared with it.
struct FilterOperand: Hashable, Sendable {
    let text: FoldedText
    let numeral: Numeral?
    let instant: Instant?

    /// The operand; nil for null, an array or an object.
    init?(_ value: JSONValue) {
        guard let text = value.filterText else { return nil }
        self.text = text
        numeral = value.filterNumeral
        instant = value.filterInstant
    }

    /// Compares as numbers when both are numbers, as dates when both are dates, else as text without case.
    ///
    /// Choice: a string that spells a plain decimal is a number, against a string too; a date without a time is its
    /// first instant in UTC (docs/FIDELITY.md, "Filters").
    func holds(_ comparison: FilterComparison, for value: FilterScalar) -> Bool {
        if let numeral, let number = value.numeral { return comparison.holds(number, numeral) }
        if let instant, let date = value.instant { return comparison.holds(date, instant) }
        guard let other = value.text else { return false }
        return comparison.holds(other, text)
    }
}

/// The operands of `in`, so that any number of them costs one look into each set.
struct FilterOperandSet: Hashable, Sendable {
    private let texts: Set<FoldedText>
    private let numerals: Set<Numeral>
    private let instants: Set<Instant>

    init(_ operands: [FilterOperand]) {
        texts = Set(operands.map(\.text))
        numerals = Set(operands.compactMap(\.numeral))
        instants = Set(operands.compactMap(\.instant))
    }

    /// Whether the value equals one of the operands.
    func contains(_ value: FilterScalar) -> Bool {
        if let text = value.text, texts.contains(text) { return true }
        if !numerals.isEmpty, let numeral = value.numeral, numerals.contains(numeral) { return true }
        if !instants.isEmpty, let instant = value.instant, instants.contains(instant) { return true }
        return false
    }
}

extension JSONValue {
    /// A scalar as text, a number as it is spelled; nil for null, an array or an object.
    var filterText: FoldedText? {
        switch self {
        case .bool(let bool): FoldedText(bool ? "true" : "false")
        case .number(let number): FoldedText(number.text)
        case .string(let string): FoldedText(string)
        case .null, .array, .object: nil
        }
    }

    /// A number, or a string that spells a plain decimal.
    var filterNumeral: Numeral? {
        switch self {
        case .number(let number): Numeral(jsonNumber: number.text)
        case .string(let string): Numeral(plainDecimal: string)
        case .null, .bool, .array, .object: nil
        }
    }

    /// A string that is an RFC 3339 date-time, or a date alone (its first instant in UTC).
    var filterInstant: Instant? {
        guard case .string(let text) = self, text.utf8.count >= 10 else { return nil }
        if text.utf8.count > 10 { return Instant(rfc3339: text) }
        var reader = DigitReader(Array(text.utf8))
        guard let year = reader.number(digits: 4), reader.skip("-"), let month = reader.number(digits: 2),
            reader.skip("-"), let day = reader.number(digits: 2), year >= 1,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        return Instant(microseconds: date.daysSinceEpoch * 86_400_000_000)
    }
}
