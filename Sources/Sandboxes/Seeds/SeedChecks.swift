import JSON

/// What a seed promises across its lists: unique ids, references that lead somewhere, counts that add up.
package struct SeedChecks {
    private let source: SeedSource

    init(source: SeedSource) { self.source = source }

    /// Reports everything that does not hold.
    func run(_ draft: SeedDraft) {
        requireUnique(draft.credentials, "token") { $0.token }
        if draft.credentials.count > SeedCredential.limit {
            refuse(
                draft.credentials[SeedCredential.limit], "token",
                "is one more than the \(SeedCredential.limit) there may be")
        }
        for part in draft.parts { part.check(with: self) }
        requireUnique(draft.scenarios, "name") { $0.name }
        requireUnique(draft.faults, "name") { $0.name }
        checkScenarios(draft)
        checkRuleBounds(draft)
    }

    /// Reports a problem with an item's member (or one element of it); what a base has wrong comes first.
    package func refuse<Value>(
        _ item: SeedItem<Value>, _ member: String, element index: Int? = nil, _ message: @autoclosure () -> String
    ) {
        let whole = SeedPlace.member(member, of: item.fields.place)
        let place = index.map { SeedPlace.element($0, of: whole) } ?? whole
        let node = item.fields.object[member]
        let element = index.flatMap { index in node?.array.flatMap { $0.indices.contains(index) ? $0[index] : nil } }
        let offset = (element ?? node)?.range.lowerBound ?? item.fields.offset
        source.report(place, at: item.fields.source === source ? offset : -1, message())
    }

    /// Refuses every item that has the same key as an earlier one.
    package func requireUnique<Value, Key: Hashable>(
        _ items: [SeedItem<Value>], _ member: String, _ key: (Value) -> Key
    ) {
        var first: [Key: SeedPlace] = [:]
        first.reserveCapacity(items.count)
        for item in items where item.fields.isSound(member) {
            let known = first.updateValue(item.fields.place, forKey: key(item.value))
            if let known {
                first[key(item.value)] = known
                refuse(item, member, "is the same as that of \(known.text)")
            }
        }
    }
}
