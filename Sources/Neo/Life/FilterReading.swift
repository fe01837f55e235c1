import JSON

/// Asks one filter about entities, one after the other. Of each entity a field is found and converted once, however
/// many rules look at it, and the bytes that were looked at are counted.
package final class FilterReading {
    private let filter: EntityFilter
    /// What the rules' paths lead to in the present entity, as far as that was asked.
    private var fields: [FilterField?]
    private var bytes = 0
    private let absent = FilterField(nil)

    package init(_ filter: EntityFilter) {
        self.filter = filter
        fields = Array(repeating: nil, count: filter.paths.count)
    }

    /// Whether the entity is one that the filter describes; nil when that takes more bytes than a filter may look at.
    ///
    /// - Parameter count: How many bytes the entity itself has.
    package func matches(_ entity: some FilterableEntity, bytes count: Int) -> Bool? {
        for index in fields.indices { fields[index] = nil }
        bytes += count
        let isMatch = holds(filter.condition, for: entity)
        return bytes > FilterBounds.mostBytes ? nil : isMatch
    }

    private func holds(_ condition: FilterCondition, for entity: some FilterableEntity) -> Bool {
        switch condition {
        case .all(let conditions): conditions.allSatisfy { holds($0, for: entity) }
        case .any(let conditions): conditions.contains { holds($0, for: entity) }
        case .field(let path, let predicate, let isNegated):
            // Past the bound nothing counts any more.
            bytes <= FilterBounds.mostBytes && holds(predicate, for: field(path, of: entity)) != isNegated
        }
    }

    private func holds(_ predicate: FilterPredicate, for field: FilterField) -> Bool {
        bytes += predicate.bytesLooked(at: field)
        return predicate.holds(for: field)
    }

    private func field(_ path: Int, of entity: some FilterableEntity) -> FilterField {
        if let known = fields[path] { return known }
        let value = filter.paths[path].value(in: entity) { bytes += $0 }
        let field = value.map { FilterField($0) } ?? absent
        bytes += field.size
        fields[path] = field
        return field
    }
}

/// The value of one field of one entity, converted once in every way in which rules ask for it.
final class FilterField {
    /// Null, an absent field and an object have no scalars.
    let isNull: Bool
    let scalars: [FilterScalar]
    /// How many bytes of text the scalars have; an element counts as some, too.
    let size: Int

    init(_ value: JSONValue?) {
        isNull = if case .null = value ?? .null { true } else { false }
        switch value {
        case nil, .null, .object: scalars = []
        case .bool, .number, .string: scalars = [FilterScalar(value ?? .null)]
        case .array(let elements): scalars = elements.map { FilterScalar($0.value) }
        }
        size = scalars.reduce(0) { $0 + $1.size }
    }
}

/// A value that rules compare with their own.
final class FilterScalar {
    private let value: JSONValue
    private(set) lazy var text = value.filterText
    private(set) lazy var numeral = value.filterNumeral
    private(set) lazy var instant = value.filterInstant

    init(_ value: JSONValue) { self.value = value }

    var size: Int {
        switch value {
        case .string(let string): 16 + string.utf8.count
        case .number(let number): 16 + number.text.utf8.count
        case .null, .bool, .array, .object: 16
        }
    }
}
