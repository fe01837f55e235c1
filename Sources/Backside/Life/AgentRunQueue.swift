package import Time

/// The runs of one kind that are not over yet, worked on in the order of time: one that fails may leave the next
/// without a key.
package struct AgentRunQueue: Sendable {
    /// A run in the queue; whatever happens at one instant happens in the order of these numbers.
    package struct Entry: Sendable {
        package let number: Int64
        package let terms: AgentRunTerms
        package var run: AgentRun

        package init(number: Int64, terms: AgentRunTerms, run: AgentRun) {
            self.number = number
            self.terms = terms
            self.run = run
        }
    }

    package private(set) var kind: AgentKindStanding
    package private(set) var entries: [Entry]

    package init(kind: AgentKindStanding, entries: [Entry]) {
        self.kind = kind
        self.entries = entries
    }

    /// Does all that falls due up to and including that instant, and gives what happened to which entry, in order.
    ///
    /// However the time up to an instant is cut, the end is the same.
    package mutating func advance(to present: Instant) -> [(index: Int, event: AgentRunEvent)] {
        work(through: present) { $0.run.nextWork(under: $0.terms) }
    }

    /// When the last of it happens that happens without a call and not to runs that wait; nil when nothing does up to
    /// the limit. And whether more of it would come after the limit.
    package func lastWork(through limit: Instant) -> (last: Instant?, comesMore: Bool) {
        var copy = self
        let events = copy.work(through: limit) { $0.run.nextOwnWork(under: $0.terms) }
        return (events.last?.event.at, copy.entries.contains { $0.run.nextOwnWork(under: $0.terms) != nil })
    }

    private mutating func work(
        through present: Instant, next: (Entry) -> Instant?
    ) -> [(index: Int, event: AgentRunEvent)] {
        var happened: [(index: Int, event: AgentRunEvent)] = []
        var due = DueHeap()
        for (index, entry) in entries.enumerated() {
            if let instant = next(entry), instant <= present { due.insert(instant, entry.number, index) }
        }
        while let (instant, index) = due.popFirst() {
            let events = entries[index].run.work(at: instant, under: entries[index].terms, in: &kind)
            happened += events.map { (index, $0) }
            if let later = next(entries[index]), later <= present { due.insert(later, entries[index].number, index) }
        }
        return happened
    }
}

/// What is due, the earliest first and of those the least number: a binary heap.
private struct DueHeap {
    private typealias Item = (instant: Instant, number: Int64, index: Int)
    private var items: [Item] = []

    mutating func insert(_ instant: Instant, _ number: Int64, _ index: Int) {
        items.append((instant, number, index))
        var child = items.count - 1
        while child > 0, Self.precedes(items[child], items[(child - 1) / 2]) {
            items.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func popFirst() -> (instant: Instant, index: Int)? {
        guard let first = items.first else { return nil }
        items[0] = items[items.count - 1]
        items.removeLast()
        var parent = 0
        while true {
            let children = (2 * parent + 1)..<min(2 * parent + 3, max(2 * parent + 1, items.count))
            guard let least = children.min(by: { Self.precedes(items[$0], items[$1]) }),
                Self.precedes(items[least], items[parent])
            else { return (first.instant, first.index) }
            items.swapAt(parent, least)
            parent = least
        }
    }

    private static func precedes(_ left: Item, _ right: Item) -> Bool {
        (left.instant, left.number) < (right.instant, right.number)
    }
}
