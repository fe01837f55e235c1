package import HTTPFront
import Synchronization

/// The requests that one sandbox has answered, the newest of them. It goes with its sandbox.
package final class RequestJournal: Sendable {
    private struct State {
        var entries: JournalRing<JournalEntry>
        var bytes = 0
        var waiters: [Waiter] = []

        mutating func drop(_ entry: JournalEntry?) {
            if let entry { bytes -= entry.bytes }
        }
    }

    /// A client that waits for requests to arrive.
    private struct Waiter {
        let filter: JournalFilter
        let count: Int
        let limit: Int
        /// Seconds of the steady clock at which nobody waits any more.
        let deadline: Double
        let deferred: DeferredResponse
        let answer: @Sendable ([JournalEntry]) -> HTTPResponse
    }

    private let all: RequestJournals
    private let state: Mutex<State>

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
        let (grown, woken, _) = state.withLock { state in
            let before = (state.entries.count, state.bytes)
            state.bytes += entry.bytes
            let dropped = state.entries.append(entry)
            state.drop(dropped)
            while state.bytes > all.limits.sandboxBytes { state.drop(state.entries.removeOldest()) }
            let woken = state.waiters.isEmpty ? [] : wake(by: entry, in: &state)
            return ((state.entries.count - before.0, state.bytes - before.1), woken, dropped)
        }
        all.count(entries: grown.0, bytes: grown.1)
        for (waiter, entries) in woken { waiter.deferred.complete(with: waiter.answer(entries)) }
    }

    /// Those that have what they wait for; they wait no longer, nor does anybody whose time is over.
    private func wake(by entry: JournalEntry, in state: inout State) -> [(Waiter, [JournalEntry])] {
        let now = all.steadySeconds()
        var woken: [(Waiter, [JournalEntry])] = []
        var waiting: [Waiter] = []
        for waiter in state.waiters where waiter.deadline > now {
            let found = waiter.filter.matches(entry) ? Self.find(waiter.filter, in: state) : []
            if found.count >= waiter.count {
                woken.append((waiter, Array(found.prefix(waiter.limit))))
            } else {
                waiting.append(waiter)
            }
        }
        state.waiters = waiting
        return woken
    }

    private static func find(_ filter: JournalFilter, in state: State) -> [JournalEntry] {
        state.entries.newestFirst.filter(filter.matches)
    }

    /// The entries that fit, newest first.
    package func entries(_ filter: JournalFilter = JournalFilter()) -> [JournalEntry] {
        state.withLock { Self.find(filter, in: $0) }
    }

    /// The entry of that request.
    package func entry(_ requestID: String) -> JournalEntry? {
        state.withLock { state in state.entries.newestFirst.first { $0.requestID == requestID } }
    }

    /// Removes the entries that fit; how many there were.
    @discardableResult
    package func remove(_ filter: JournalFilter = JournalFilter()) -> Int {
        let (removed, bytes) = state.withLock { state in
            let removed = state.entries.removeAll(where: filter.matches)
            let bytes = removed.reduce(0) { $0 + $1.bytes }
            state.bytes -= bytes
            return (removed, bytes)
        }
        all.count(entries: -removed.count, bytes: -bytes)
        return removed.count
    }

    /// Drops what is older than that entry.
    func remove(before sequence: UInt64) {
        let (entries, bytes) = state.withLock { state in
            let before = (state.entries.count, state.bytes)
            while let oldest = state.entries.oldest, oldest.sequence < sequence {
                state.drop(state.entries.removeOldest())
            }
            return (state.entries.count - before.0, state.bytes - before.1)
        }
        all.count(entries: entries, bytes: bytes)
    }

    /// The number of the oldest entry, for who has to choose among journals.
    var oldestSequence: UInt64? { state.withLock { $0.entries.oldest?.sequence } }

    /// The answer as soon as so many entries fit, those counted that are here already; `otherwise` when that takes longer.
    package func wait(
        for filter: JournalFilter, count: Int, limit: Int, seconds: Double, otherwise: HTTPResponse,
        answer: @escaping @Sendable ([JournalEntry]) -> HTTPResponse
    ) -> HTTPResponse {
        let deferred = DeferredResponse(seconds: seconds, otherwise: otherwise)
        let deadline = all.steadySeconds() + seconds
        let found = state.withLock { state -> [JournalEntry]? in
            let found = Self.find(filter, in: state)
            if found.count >= count { return found }
            guard seconds > 0 else { return nil }
            state.waiters.append(
                Waiter(
                    filter: filter, count: count, limit: limit, deadline: deadline, deferred: deferred, answer: answer))
            return nil
        }
        if let found { return answer(Array(found.prefix(limit))) }
        return seconds > 0 ? HTTPResponse(deferred: deferred) : otherwise
    }
}
