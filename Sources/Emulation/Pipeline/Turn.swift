package import HTTPFront
package import Sandboxes
import Synchronization
package import Threads

/// What becomes of a request: an answer at once, or a turn in a sandbox that gives one.
package enum Reply: Sendable {
    case answered(Answered)
    case turn(any Turn)

    /// The answer; this thread waits until the turn comes.
    package func wait() -> Answered {
        switch self {
        case .answered(let answered): answered
        case .turn(let turn): turn.wait()
        }
    }
}

/// Where a request is answered.
package enum Place: Sendable {
    /// In a sandbox's turn.
    case sandbox(Sandbox)
    /// In nobody's: long work that concerns no sandbox yet.
    case apart(SerialQueue)
}

/// A request that has found its sandbox, and waits for it to be free.
package protocol Turn: AnyObject, Sendable {
    var place: Place { get }
    var effort: Effort { get }
    /// Whether it is taken although as many wait as may.
    var comesThroughFullQueue: Bool { get }
    /// Answers, with the world or the reason why it cannot be opened; nil, and nothing has happened, when that would
    /// take long and may not. There is no world where the turn is nobody's.
    func answer(_ world: Result<World, any Error>?, mayTakeLong: Bool) -> Answered?
    /// The answer to a request that does not get its turn.
    func refuse(_ reason: Unavailability) -> Answered
    /// What happens to the answer once the sandbox is free again; gives the answer that goes out.
    func finish(_ answered: Answered) -> Answered
}

extension Turn {
    package var comesThroughFullQueue: Bool { false }
    package func finish(_ answered: Answered) -> Answered { answered }

    /// Answers; this thread waits until the turn comes.
    package func wait() -> Answered {
        switch place {
        case .apart: finish(answer(nil, mayTakeLong: true) ?? refuse(.busy))
        case .sandbox(let sandbox):
            finish(sandbox.withOpened { answer($0, mayTakeLong: true) } ?? refuse(.busy))
        }
    }

    /// Answers at once, if the work is brief and nobody is before it; nil, and nothing has happened, if not.
    package func answerNow() -> Answered? {
        guard effort == .brief, case .sandbox(let sandbox) = place, let world = sandbox.enterIfFree() else {
            return nil
        }
        let answered = answer(.success(world), mayTakeLong: false)
        sandbox.leave()
        return answered.map(finish)
    }

    /// A response that comes when the turn does; the answer itself if that has come meanwhile.
    package func answerLater(_ deliver: @escaping @Sendable (Answered) -> HTTPResponse) -> HTTPResponse {
        let coming = ComingAnswer()
        let work: @Sendable (Result<World, any Error>?, Bool) -> Bool = { [self] world, mayTakeLong in
            guard let answered = answer(world, mayTakeLong: mayTakeLong) else { return false }
            if let deferred = coming.give(answered) { deferred.complete(with: deliver(finish(answered))) }
            return true
        }
        let submission =
            switch place {
            case .sandbox(let sandbox): sandbox.submit(effort, evenWhenQueueIsFull: comesThroughFullQueue, work)
            case .apart(let queue): queue.submit(effort) { work(nil, $0) }
            }
        guard case .full = submission else {
            let deferred = DeferredResponse(seconds: .infinity, otherwise: { [self] in deliver(refuse(.stopping)) })
            if let answered = coming.deferred(to: deferred) { return deliver(finish(answered)) }
            return HTTPResponse(deferred: deferred)
        }
        return deliver(finish(refuse(.queueFull)))
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

    /// Says where the answer goes; the answer itself when it is there already.
    func deferred(to deferred: DeferredResponse) -> Answered? {
        state.withLock { state in
            if case .given(let answered) = state { return answered }
            state = .awaited(deferred)
            return nil
        }
    }
}
