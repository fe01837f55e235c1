import Synchronization

/// An answer that is still to come: the connection waits for it, and no thread does.
package final class DeferredResponse: Sendable {
    private struct State {
        var answer: HTTPResponse?
        var listener: (@Sendable (HTTPResponse) -> Void)?
    }

    /// After so many seconds ``otherwise`` is the answer.
    package let seconds: Double
    package let otherwise: HTTPResponse
    private let state = Mutex(State())

    package init(seconds: Double, otherwise: HTTPResponse) {
        self.seconds = seconds
        self.otherwise = otherwise
    }

    /// Gives the answer. False when there was one already: the first counts.
    @discardableResult
    package func complete(with response: HTTPResponse) -> Bool {
        let (isFirst, listener) = state.withLock { state in
            guard state.answer == nil else { return (false, nil as (@Sendable (HTTPResponse) -> Void)?) }
            state.answer = response
            return (true, state.listener.take())
        }
        listener?(response)
        return isFirst
    }

    /// The answer; where there is none yet, ``otherwise`` is it from now on.
    func settled() -> HTTPResponse {
        state.withLock { state in
            if let answer = state.answer { return answer }
            state.answer = otherwise
            return otherwise
        }
    }

    /// Calls back once with the answer, at once when there is one: on the thread that completes it, without a lock.
    package func whenComplete(_ listener: @escaping @Sendable (HTTPResponse) -> Void) {
        let answer = state.withLock { state in
            if state.answer == nil { state.listener = listener }
            return state.answer
        }
        if let answer { listener(answer) }
    }
}
