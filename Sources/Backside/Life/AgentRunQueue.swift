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
        var due = MinHeap<DueWork>()
        for (index, entry) in entries.enumerated() {
            if let instant = next(entry), instant <= present {
                due.add(DueWork(instant: instant, number: entry.number, index: index))
            }
        }
        while let work = due.removeLeast() {
            let index = work.index
            let events = entries[index].run.work(at: work.instant, under: entries[index].terms, in: &kind)
            happened += events.map { (index, $0) }
            if let later = next(entries[index]), later <= present {
                due.add(DueWork(instant: later, number: work.number, index: index))
            }
        }
        return happened
    }
}

/// An entry's next work. What is due at one instant happens in the order of the entries' numbers.
private struct DueWork: Comparable {
    let instant: Instant
    let number: Int64
    /// Where the entry stands in the queue.
    let index: Int

    static func < (left: DueWork, right: DueWork) -> Bool {
        (left.instant, left.number) < (right.instant, right.number)
    }
}
