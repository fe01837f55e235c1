import JSON

/// A rule's operator as the wire spells it.
enum FilterOperator: String, CaseIterable, Sendable {
    case equal = "="
    case notEqual = "!="
    case greater = ">"
    case greaterOrEqual = ">="
    case less = "<"
    case lessOrEqual = "<="
    case contains, doesNotContain
    case beginsWith, doesNotBeginWith
    case endsWith
    case isOneOf = "in"
    case isNoneOf = "notIn"
    case isNull = "null"
    case isNotNull = "notNull"

    /// Whether it holds exactly where its predicate does not; that includes null and absent fields.
    var isNegative: Bool {
        switch self {
        case .notEqual, .doesNotContain, .doesNotBeginWith, .isNoneOf, .isNotNull: true
        case .equal, .greater, .greaterOrEqual, .less, .lessOrEqual, .contains, .beginsWith, .endsWith, .isOneOf,
            .isNull:
            false
        }
    }

    /// The operator's predicate, before ``isNegative``; `null` and `notNull` do not look at the value.
    func predicate(value: JSONNode?) throws(UnreadableFilterValue) -> FilterPredicate {
        switch self {
        case .isNull, .isNotNull: .isNull
        case .equal, .notEqual: .compares(.equal, try Self.scalar(value))
        case .greater: .compares(.greater, try Self.scalar(value))
        case .greaterOrEqual: .compares(.greaterOrEqual, try Self.scalar(value))
        case .less: .compares(.less, try Self.scalar(value))
        case .lessOrEqual: .compares(.lessOrEqual, try Self.scalar(value))
        case .contains, .doesNotContain: .contains(TextPattern(try Self.scalar(value).text))
        case .beginsWith, .doesNotBeginWith: .beginsWith(try Self.scalar(value).text)
        case .endsWith: .endsWith(try Self.scalar(value).text)
        case .isOneOf, .isNoneOf: .isOneOf(FilterOperandSet(try Self.list(value)))
        }
    }

    private static func scalar(_ node: JSONNode?) throws(UnreadableFilterValue) -> FilterOperand {
        guard let value = node?.value else { throw .missing }
        guard let operand = FilterOperand(value) else { throw .notScalar(kind: value.kindName) }
        if case .number(let number) = value, operand.numeral == nil { throw .outOfRange(number.text) }
        return operand
    }

    /// The operands of an array, or of a string between its commas.
    ///
    /// Choice: between commas, white space around an operand does not count, and an empty one is left out
    /// (docs/FIDELITY.md, "Filters").
    private static func list(_ node: JSONNode?) throws(UnreadableFilterValue) -> [FilterOperand] {
        guard let value = node?.value else { throw .missing }
        switch value {
        case .string(let text):
            return text.split(separator: ",").compactMap { piece in
                let trimmed = piece.trimmingWhiteSpace
                return trimmed.isEmpty ? nil : FilterOperand(.string(String(trimmed)))
            }
        case .array(let elements):
            var operands: [FilterOperand] = []
            operands.reserveCapacity(elements.count)
            for (index, element) in elements.enumerated() {
                guard let operand = FilterOperand(element.value)
                else { throw .elementNotScalar(index: index, kind: element.value.kindName) }
                if let number = element.number, operand.numeral == nil { throw .outOfRange(number.text) }
                operands.append(operand)
            }
            return operands
        case .null, .bool, .number, .object: throw .notList(kind: value.kindName)
        }
    }
}

/// Why an operator cannot work with a rule's value; kinds are named as ``JSONValue/kindName`` does.
enum UnreadableFilterValue: Error, Equatable {
    case missing
    case notScalar(kind: String)
    case notList(kind: String)
    case elementNotScalar(index: Int, kind: String)
    case outOfRange(String)
}

extension Substring {
    /// The text without the white space at its ends.
    fileprivate var trimmingWhiteSpace: Substring {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return start }
        return start[...last]
    }
}
