/// The newest elements, oldest first, as many as its capacity; it grows with what is put in.
struct JournalRing<Element> {
    let capacity: Int
    private var slots: [Element?] = []
    private var first = 0
    private(set) var count = 0

    init(capacity: Int) { self.capacity = capacity }

    private func slot(_ place: Int) -> Int {
        let index = first + place
        return index < slots.count ? index : index - slots.count
    }

    /// Adds the newest; what had to go for it.
    mutating func append(_ element: Element) -> Element? {
        guard capacity > 0 else { return element }
        var dropped: Element?
        if count == slots.count {
            if count == capacity { dropped = removeOldest() } else { grow() }
        }
        slots[slot(count)] = element
        count += 1
        return dropped
    }

    var oldest: Element? { count > 0 ? slots[first] : nil }

    mutating func removeOldest() -> Element? {
        guard count > 0 else { return nil }
        let removed = slots[first].take()
        first = slot(1)
        count -= 1
        return removed
    }

    /// Newest first.
    var newestFirst: some Sequence<Element> {
        (0..<count).lazy.reversed().compactMap { slots[slot($0)] }
    }

    /// Takes out all for which that holds; what was taken out, oldest first.
    mutating func removeAll(where isToGo: (Element) -> Bool) -> [Element] {
        let all = newestFirst.reversed()
        let kept = all.filter { !isToGo($0) }
        slots = kept
        first = 0
        count = kept.count
        return all.filter(isToGo)
    }

    private mutating func grow() {
        let all = newestFirst.reversed()
        slots = all + Array(repeating: nil, count: min(capacity, max(16, all.count * 2)) - all.count)
        first = 0
    }
}
