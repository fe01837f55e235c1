import Synchronization

/// The requests that one sandbox has answered, the newest of them. It goes with its sandbox.
package final class RequestJournal: Sendable {
    struct State {
        var entries: JournalRing<NumberedEntry>
        var lastNumber: UInt64 = 0
        var bytes = 0
        var waits = JournalWaits()

        mutating func drop(_ dropped: NumberedEntry?) {
            if let dropped { bytes -= dropped.entry.bytes }
        }

        var snapshot: Snapshot { Snapshot(newestFirst: Array(entries.newestFirst), lastNumber: lastNumber) }
    }

    /// What the journal held at one moment: filters are asked without its lock, for which the sandbox's requests wait.
    struct Snapshot: Sendable {
        let newestFirst: [NumberedEntry]
        let lastNumber: UInt64
    }

    let all: RequestJournals
    let state: Mutex<State>

    init(of all: RequestJournals) {
        self.all = all
        state = Mutex(State(entries: JournalRing(capacity: all.limits.entries)))
    }

    deinit {
        let (entries, bytes) = state.withLock { ($0.entries.count, $0.bytes) }
        all.count(entries: -entries, bytes: -bytes)
    }

    /// Adds an entry, drops the oldest past the limits, and wakes who has waited for it.
    func write(_ entry: JournalEntry) {
        // What was dropped is freed when the lock is open again.
        let (grown, woken, snapshot, _) = state.withLock { state in
            let before = (state.entries.count, state.bytes)
            state.bytes += entry.bytes
            state.lastNumber += 1
            let new = NumberedEntry(number: state.lastNumber, entry: entry)
            let dropped = state.entries.append(new)
            state.drop(dropped)
            while state.bytes > all.limits.sandboxBytes { state.drop(state.entries.removeOldest()) }
            let woken = state.waits.isEmpty ? [] : wake(by: new, in: &state)
            return (
                (state.entries.count - before.0, state.bytes - before.1), woken, woken.isEmpty ? nil : state.snapshot,
                dropped
            )
        }
        all.count(entries: grown.0, bytes: grown.1)
        if let snapshot { wake(woken, by: snapshot) }
    }

    private func wake(by new: NumberedEntry, in state: inout State) -> [JournalWaits.Wait] {
        guard let oldest = state.entries.oldest else { return [] }
        return state.waits.count(new, oldest: oldest.number, now: all.steadySeconds())
    }

    /// The entries that fit, newest first.
    package func entries(_ filter: JournalFilter = JournalFilter()) -> [JournalEntry] {
        let kept = state.withLock { $0.snapshot.newestFirst }
        return kept.lazy.map(\.entry).filter(filter.matches)
    }

    /// The entry of that request.
    package func entry(_ requestID: String) -> JournalEntry? {
        let kept = state.withLock { $0.snapshot.newestFirst }
        return kept.first { $0.entry.requestID == requestID }?.entry
    }

    /// Removes the entries that fit; how many there were.
    @discardableResult
    package func remove(_ filter: JournalFilter = JournalFilter()) -> Int {
        let kept = state.withLock { $0.snapshot.newestFirst }
        let fitting = Set(kept.lazy.filter { filter.matches($0.entry) }.map(\.number))
        let (removed, bytes) = state.withLock { state in
            let removed = state.entries.removeAll { fitting.contains($0.number) }
            let bytes = removed.reduce(0) { $0 + $1.entry.bytes }
            state.bytes -= bytes
            state.waits.uncount(removed.map(\.number))
            return (removed, bytes)
        }
        all.count(entries: -removed.count, bytes: -bytes)
        return removed.count
    }

    /// Drops what is older than that entry.
    func remove(before sequence: UInt64) {
        let (entries, bytes) = state.withLock { state in
            let before = (state.entries.count, state.bytes)
            while let oldest = state.entries.oldest, oldest.entry.sequence < sequence {
                state.drop(state.entries.removeOldest())
            }
            return (state.entries.count - before.0, state.bytes - before.1)
        }
        all.count(entries: entries, bytes: bytes)
    }

    /// The number of the oldest entry, for who has to choose among journals.
    var oldestSequence: UInt64? { state.withLock { $0.entries.oldest?.entry.sequence } }
}

extension RequestJournal {
    /// Whether to look through all of it takes more than a few milliseconds.
    package var isLarge: Bool { state.withLock { $0.bytes > 1 << 20 || $0.entries.count > 2_000 } }
}
