/// The ids of a list. When one of them cannot be read, any reference may mean it, and all are taken to lead somewhere.
package struct References<ID: Hashable> {
    private let ids: Set<ID>
    private let isCertain: Bool

    package init<Value>(_ items: [SeedItem<Value>], _ id: (Value) -> ID) {
        ids = Set(items.map { id($0.value) })
        isCertain = items.allSatisfy { $0.fields.isSound("id") }
    }

    package func contains(_ id: ID) -> Bool { !isCertain || ids.contains(id) }
}
