package import HTTPFront
import Synchronization

/// Why nobody more may wait for requests: so many of the sandbox do.
package struct TooManyWaits: Error {
    package let most = JournalWaits.most
}

extension RequestJournal {
    /// The answer as soon as so many entries fit, those counted that are here already; `otherwise` when that takes longer.
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

    /// How many clients wait.
    package var openWaits: Int { state.withLock { $0.waits.count } }

    /// Answers everybody who waits; without an answer as if their time had passed. Never with a lock held.
    package func letGo(answering response: HTTPResponse? = nil) {
        let waits = state.withLock { $0.waits.removeAll() }
        for wait in waits { wait.deferred.complete(with: response ?? wait.deferred.otherwise) }
    }

    /// Answers those that have what they wait for: each answer is made where it is sent, not by whose request came last.
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
