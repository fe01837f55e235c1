import HTTPFront

/// An entry with its place in its journal: numbers grow, and none is given twice.
struct NumberedEntry: Sendable {
    let number: UInt64
    let entry: JournalEntry
}

/// The clients that wait for requests to arrive in one journal.
///
/// Each keeps the numbers of the entries that it has matched so far, which are fewer than it waits for. So an entry
/// costs a wait one comparison when it arrives, and none when it goes.
struct JournalWaits {
    /// Choice: how many of one sandbox may wait at a time (docs/FIDELITY.md, "Journal").
    static let most = 1_000

    /// One of them.
    struct Wait {
        let filter: JournalFilter
        let count: Int
        let limit: Int
        /// Seconds of the steady clock at which nobody waits any more.
        let deadline: Double
        let deferred: DeferredResponse
        let answer: @Sendable ([JournalEntry]) -> HTTPResponse
        /// Of what matched, oldest first; entries that the journal has dropped since may be among them.
        var matched: [UInt64]
        fileprivate(set) var id: UInt64 = 0

        /// Takes an entry down that it matches; whether that makes enough, of those that the journal still has.
        fileprivate mutating func add(_ number: UInt64, oldest: UInt64) -> Bool {
            matched.append(number)
            let gone = matched.prefix { $0 < oldest }.count
            if gone > 0 { matched.removeFirst(gone) }
            return matched.count >= count
        }
    }

    /// In the order of their ids.
    private var waits: [Wait] = []
    private var lastID: UInt64 = 0

    var isEmpty: Bool { waits.isEmpty }
    var isFull: Bool { waits.count >= Self.most }
    var count: Int { waits.count }

    /// Adds one, and gives the id under which it is removed.
    mutating func add(_ wait: Wait) -> UInt64 {
        lastID += 1
        waits.append(wait)
        waits[waits.count - 1].id = lastID
        return lastID
    }

    /// Removes the one of that id, if it is still there.
    mutating func remove(_ id: UInt64) {
        var (low, high) = (0, waits.count)
        while low < high {
            let middle = (low + high) / 2
            if waits[middle].id < id { low = middle + 1 } else { high = middle }
        }
        if low < waits.count, waits[low].id == id { waits.remove(at: low) }
    }

    mutating func removeAll() -> [Wait] {
        defer { waits = [] }
        return waits
    }

    /// Counts a new entry. Gives those that have what they wait for: they wait no longer, nor does anybody whose time
    /// is over.
    ///
    /// - Parameter oldest: The number of the journal's oldest entry.
    mutating func count(_ new: NumberedEntry, oldest: UInt64, now: Double) -> [Wait] {
        var done: Set<UInt64> = []
        var woken: [Wait] = []
        let path = waits.contains { $0.filter.path != nil } ? new.entry.decodedPath : ""
        for index in waits.indices {
            if waits[index].deadline <= now {
                done.insert(waits[index].id)
            } else if waits[index].filter.matches(new.entry, path: path),
                waits[index].add(new.number, oldest: oldest)
            {
                done.insert(waits[index].id)
                woken.append(waits[index])
            }
        }
        if !done.isEmpty { waits.removeAll { done.contains($0.id) } }
        return woken
    }

    /// Takes entries back that were removed from the journal.
    ///
    /// - Parameter numbers: Theirs, ascending.
    mutating func uncount(_ numbers: [UInt64]) {
        for index in waits.indices { waits[index].matched = waits[index].matched.without(numbers) }
    }
}

extension [UInt64] {
    /// What is not among the others; both ascend.
    func without(_ others: [UInt64]) -> [UInt64] {
        guard let first, let last, let low = others.first, let high = others.last, first <= high, low <= last else {
            return self
        }
        var rest = others[...]
        return filter { number in
            while let next = rest.first, next < number { rest.removeFirst() }
            return rest.first != number
        }
    }
}
