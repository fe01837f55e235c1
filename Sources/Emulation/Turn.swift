package import HTTPFront
package import Sandboxes
import Synchronization
package import Threads

/// What becomes of a request: an answer at once, or a turn in a sandbox that gives one.
package enum Reply: Sendable {
    case answered(Answered)
    case turn(Turn)

    /// The answer; this thread waits until the turn comes.
    package func wait() -> Answered {
        switch self {
        case .answered(let answered): answered
        case .turn(let turn): turn.run()
        }
    }
}

/// A request that has found its sandbox, and waits for it to be free.
package struct Turn: Sendable {
    /// Whose turn it is.
    package enum Place: Sendable {
        case sandbox(Sandbox)
        /// Nobody's: long work that concerns no sandbox yet.
        case apart(WorkerPool)
    }

    let place: Place
    let effort: Effort
    /// Whether it is taken although as many wait as may.
    var evenWhenQueueIsFull = false
    /// Answers, with the world or the reason why it cannot be opened; nil, and nothing has happened, when that would take long
    /// and may not. There is no world where the turn is nobody's.
    let answer: @Sendable (_ world: Result<World, any Error>?, _ mayTakeLong: Bool) -> Answered?
    /// The answer to a request that does not get its turn.
    let refuse: @Sendable (Unavailability) -> Answered
    /// What happens to the answer once the sandbox is free again.
    var finish: @Sendable (Answered) -> Answered = { $0 }

    package init(
        place: Place, effort: Effort, evenWhenQueueIsFull: Bool = false,
        answer: @escaping @Sendable (_ world: Result<World, any Error>?, _ mayTakeLong: Bool) -> Answered?,
        refuse: @escaping @Sendable (Unavailability) -> Answered
    ) {
        self.place = place
        self.effort = effort
        self.evenWhenQueueIsFull = evenWhenQueueIsFull
        self.answer = answer
        self.refuse = refuse
    }

    /// Answers; this thread waits until the turn comes.
    package func run() -> Answered {
        switch place {
        case .apart: finish(answer(nil, true) ?? refuse(.busy))
        case .sandbox(let sandbox): finish(sandbox.withOpened { answer($0, true) } ?? refuse(.busy))
        }
    }

    /// Answers at once, or, when the turn comes later, with a response that is still to come.
    package func begin(_ deliver: @escaping @Sendable (Answered) -> HTTPResponse) -> HTTPResponse {
        let coming = ComingAnswer()
        let work: @Sendable (Result<World, any Error>?, Bool) -> Bool = { world, mayTakeLong in
            guard let answered = answer(world, mayTakeLong) else { return false }
            if let deferred = coming.give(answered) {
                let finished = finish(answered)
                deferred.complete(with: deliver(finished))
            }
            return true
        }
        let submission =
            switch place {
            case .sandbox(let sandbox):
                sandbox.submit(effort, evenWhenQueueIsFull: evenWhenQueueIsFull) { work($0, $1) }
            case .apart(let pool): SerialQueue(pool: pool).submit(effort) { work(nil, $0) }
            }
        switch submission {
        case .full: return deliver(finish(refuse(.queueFull)))
        case .done, .queued:
            if let answered = coming.answered { return deliver(finish(answered)) }
            let deferred = DeferredResponse(seconds: .infinity, otherwise: { deliver(refuse(.stopping)) })
            if let answered = coming.deferred(to: deferred) { return deliver(finish(answered)) }
            return HTTPResponse(deferred: deferred)
        }
    }
}

/// An answer that is given at once, or later to a connection that waits for it.
private final class ComingAnswer: Sendable {
    private enum State {
        case open
        case given(Answered)
        case awaited(DeferredResponse)
    }

    private let state = Mutex(State.open)

    /// Keeps the answer, or gives whoever waits for it.
    func give(_ answered: Answered) -> DeferredResponse? {
        state.withLock { state in
            if case .awaited(let deferred) = state { return deferred }
            state = .given(answered)
            return nil
        }
    }

    var answered: Answered? { state.withLock { if case .given(let answered) = $0 { answered } else { nil } } }

    /// Says where the answer goes; the answer itself when it is there already.
    func deferred(to deferred: DeferredResponse) -> Answered? {
        state.withLock { state in
            if case .given(let answered) = state { return answered }
            state = .awaited(deferred)
            return nil
        }
    }
}
