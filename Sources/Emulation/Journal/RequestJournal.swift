package import HTTPFront
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

/// Why nobody more may wait for requests: so many of the sandbox do.
package struct TooManyWaits: Error {
    package let most = JournalWaits.most
}

extension RequestJournal {
    /// The answer as soon as so many entries fit, those counted that are here already; `otherwise` when that takes
    /// longer.
    ///
    /// - Throws: ``TooManyWaits`` when it would have to wait and nobody more may.
    package func wait(
        for filter: JournalFilter, count: Int, limit: Int, seconds: Double, otherwise: HTTPResponse,
        answer: @escaping @Sendable ([JournalEntry]) -> HTTPResponse
    ) throws(TooManyWaits) -> HTTPResponse {
        let deadline = all.steadySeconds() + seconds
        let seen = state.withLock { $0.snapshot }
        let found = seen.newestFirst.filter { filter.matches($0.entry) }
        if found.count >= count { return answer(found.prefix(limit).map(\.entry)) }
        guard seconds > 0 else { return otherwise }
        let deferred = DeferredResponse(seconds: seconds, otherwise: otherwise)
        var wait = JournalWaits.Wait(
            filter: filter, count: count, limit: limit, deadline: deadline, deferred: deferred, answer: answer,
            matched: found.reversed().map(\.number))
        let outcome = state.withLock { state -> Outcome in
            // What came and went since.
            let newer = state.entries.newestFirst.prefix { $0.number > seen.lastNumber }.reversed()
            wait.matched = state.stillHere(wait.matched) + newer.filter { filter.matches($0.entry) }.map(\.number)
            if wait.matched.count >= count { return .complete(state.snapshot) }
            return state.waits.isFull ? .refused : .waits(id: state.waits.add(wait))
        }
        switch outcome {
        case .refused: throw TooManyWaits()
        case .complete(let snapshot): return answer(snapshot.newest(limit, of: wait.matched))
        case .waits(let id):
            deferred.whenOver { self.state.withLock { $0.waits.remove(id) } }
            return HTTPResponse(deferred: deferred)
        }
    }

    private enum Outcome {
        case refused
        case complete(Snapshot)
        case waits(id: UInt64)
    }

    /// Answers everybody who waits; without an answer as if their time had passed. Never with a lock held.
    package func letGo(answering response: HTTPResponse? = nil) {
        let waits = state.withLock { $0.waits.removeAll() }
        for wait in waits { wait.deferred.complete(with: response ?? wait.deferred.otherwise) }
    }

    /// Answers those that have what they wait for: each answer is made where it is sent, not by whose request came
    /// last.
    func wake(_ waits: [JournalWaits.Wait], by snapshot: Snapshot) {
        for wait in waits {
            let (answer, limit, matched) = (wait.answer, wait.limit, wait.matched)
            wait.deferred.complete { answer(snapshot.newest(limit, of: matched)) }
        }
    }
}

extension RequestJournal.State {
    /// Those of the numbers, which ascend, whose entries the journal has.
    fileprivate func stillHere(_ numbers: [UInt64]) -> [UInt64] {
        guard !numbers.isEmpty else { return [] }
        let here = Set(entries.newestFirst.map(\.number))
        return numbers.filter(here.contains)
    }
}

extension RequestJournal.Snapshot {
    /// The newest entries of those numbers, which ascend.
    fileprivate func newest(_ limit: Int, of numbers: [UInt64]) -> [JournalEntry] {
        var wanted = numbers[...]
        var found: [JournalEntry] = []
        for kept in newestFirst {
            while let last = wanted.last, last > kept.number { wanted.removeLast() }
            guard found.count < limit, let last = wanted.last else { break }
            if last == kept.number { found.append(kept.entry) }
        }
        return found
    }
}
