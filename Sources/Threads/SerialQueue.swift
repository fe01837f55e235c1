import Synchronization

/// Work that runs one piece at a time, in the order in which it came: each sandbox has one such queue.
///
/// Brief work that finds the queue free runs at once on the thread that brings it. Everything else waits here, holding
/// no thread, until a worker of the pool takes it.
package final class SerialQueue: Sendable {
    /// What became of work that was brought.
    package enum Submission: Sendable {
        /// It has run.
        case done
        /// A worker will run it.
        case queued
        /// As many pieces wait as may: it will not run.
        case full
    }

    /// Does the work. False when it would take long and may not: then nothing has happened, and it is called again by a
    /// worker with time for it.
    package typealias Work = @Sendable (_ mayTakeLong: Bool) -> Bool

    private enum Waiting: Sendable {
        case work(Effort, Work)
        /// A thread that has nothing else to do; it takes the queue over when it is woken.
        case thread(Bell)

        var effort: Effort? { if case .work(let effort, _) = self { effort } else { nil } }
    }

    private struct State {
        /// Whether somebody runs a piece of work, or a worker is about to.
        var isBusy = false
        /// What turned out to be long: it goes on before all that came later.
        var postponed: Work?
        var waiting = FIFO<Waiting>()

        mutating func next() -> Waiting? {
            if let postponed = postponed.take() { return .work(.long, postponed) }
            return waiting.popFirst()
        }

        var nextEffort: Effort? { postponed == nil ? waiting.first?.effort : .long }
    }

    /// How many pieces of work may wait.
    package static let limit = 1_024
    /// How many brief ones a worker runs before other queues get their turn.
    private static let batch = 16

    private let pool: WorkerPool
    private let state = Mutex(State())

    package init(pool: WorkerPool) { self.pool = pool }

    /// Runs the work when it is its turn: brief work at once, on this thread, when nobody is before it.
    package func submit(_ effort: Effort, evenWhenFull: Bool = false, _ work: @escaping Work) -> Submission {
        let submission: Submission? = state.withLock { state in
            guard state.isBusy || effort == .long else {
                state.isBusy = true
                return nil
            }
            guard evenWhenFull || state.waiting.count < Self.limit else { return .full }
            state.waiting.append(.work(effort, work))
            return .queued
        }
        if let submission {
            if case .queued = submission, enterIfFree() { leave() }
            return submission
        }
        if work(false) {
            leave()
            return .done
        }
        state.withLock { $0.postponed = work }
        leave()
        return .queued
    }

    /// Runs the work when it is its turn; this thread waits until then.
    package func run<Result>(_ work: () throws -> Result) rethrows -> Result {
        let bell: Bell? = state.withLock { state in
            guard state.isBusy else {
                state.isBusy = true
                return nil
            }
            let bell = Bell()
            state.waiting.append(.thread(bell))
            return bell
        }
        bell?.wait()
        defer { leave() }
        return try work()
    }

    /// Takes the turn now if nobody is before; ``leave()`` is to follow.
    package func enterIfFree() -> Bool {
        state.withLock { state in
            guard !state.isBusy else { return false }
            state.isBusy = true
            return true
        }
    }

    /// Runs what waits, on a worker: as much as is of its kind, and no more than its share.
    func work(_ effort: Effort) {
        for _ in 0..<(effort == .long ? 1 : Self.batch) {
            guard case .work(_, let work)? = state.withLock({ $0.nextEffort == effort ? $0.next() : nil }) else {
                break
            }
            if !work(effort == .long) { state.withLock { $0.postponed = work } }
        }
        leave()
    }

    /// Passes the queue on to whoever is next, if anybody is. Only by who has the turn.
    package func leave() {
        while true {
            if let effort = state.withLock({ $0.nextEffort }) {
                if pool.take(self, effort) { return }
                // Nobody runs it any more.
                state.withLock { _ = $0.next() }
                continue
            }
            // In one step with finding nobody, else who comes in between would wait for ever.
            let bell: Bell?? = state.withLock { state in
                if state.nextEffort != nil { return nil }
                guard case .thread(let bell)? = state.next() else {
                    state.isBusy = false
                    return .some(nil)
                }
                return bell
            }
            guard let bell else { continue }
            bell?.ring()
            return
        }
    }
}
