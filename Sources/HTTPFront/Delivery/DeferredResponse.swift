import Synchronization

/// An answer that is still to come: the connection waits for it, and no thread does.
///
/// It is over once: when it is answered, when its time has passed, or when nobody wants the answer any more.
package final class DeferredResponse: Sendable {
    private struct State {
        var answer: (@Sendable () -> HTTPResponse)?
        var isOver = false
        var whenComplete: (@Sendable () -> Void)?
        var whenOver: (@Sendable () -> Void)?
    }

    /// After so many seconds ``otherwise`` is the answer.
    package let seconds: Double
    package var otherwise: HTTPResponse { makeOtherwise() }
    private let makeOtherwise: @Sendable () -> HTTPResponse
    private let state = Mutex(State())

    package convenience init(seconds: Double, otherwise: HTTPResponse) {
        self.init(seconds: seconds, otherwise: { otherwise })
    }

    /// - Parameter otherwise: makes that answer, if it comes to it.
    package init(seconds: Double, otherwise: @escaping @Sendable () -> HTTPResponse) {
        self.seconds = seconds
        makeOtherwise = otherwise
    }

    /// Whether it was answered, or is not wanted any more.
    package var isOver: Bool { state.withLock { $0.isOver } }

    /// Gives the answer. False when it was over already: the first answer counts.
    @discardableResult
    package func complete(with response: HTTPResponse) -> Bool { complete { response } }

    /// Gives the answer as what makes it: that runs when the answer is sent, on the thread that sends it.
    @discardableResult
    package func complete(making answer: @escaping @Sendable () -> HTTPResponse) -> Bool {
        end(with: answer, tellsListener: true)
    }

    /// Gives ``otherwise`` as the answer, now.
    package func completeOtherwise() { end(with: makeOtherwise, tellsListener: true) }

    /// Ends it without an answer, because the client has gone. Does nothing when it was over already.
    package func abandon() {
        end(with: nil, tellsListener: false)
        // What makes it may hold much, this too.
        _ = state.withLock { $0.answer.take() }
    }

    /// The answer, which is given once; where there is none yet, ``otherwise`` is it.
    package func settled() -> HTTPResponse {
        end(with: makeOtherwise, tellsListener: false)
        return state.withLock { $0.answer.take() }?() ?? otherwise
    }

    /// Calls back once when somebody completes it, at once when it is over already: on the thread that completes it,
    /// without a lock. Nobody is called back when its time passes or the client goes.
    package func whenComplete(_ listener: @escaping @Sendable () -> Void) {
        let isOver = state.withLock { state in
            if !state.isOver { state.whenComplete = listener }
            return state.isOver
        }
        if isOver { listener() }
    }

    /// Calls back once when it is over, however it ends, at once when it is: without a lock, so that whoever keeps it
    /// can let go of it.
    package func whenOver(_ listener: @escaping @Sendable () -> Void) {
        let isOver = state.withLock { state in
            if !state.isOver { state.whenOver = listener }
            return state.isOver
        }
        if isOver { listener() }
    }

    @discardableResult
    private func end(with answer: (@Sendable () -> HTTPResponse)?, tellsListener: Bool) -> Bool {
        let (isFirst, complete, over) = state.withLock { state in
            let isFirst = !state.isOver
            if isFirst {
                state.isOver = true
                state.answer = answer
            }
            return (isFirst, state.whenComplete.take(), state.whenOver.take())
        }
        if tellsListener { complete?() }
        over?()
        return isFirst
    }
}
