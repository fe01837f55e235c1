import Glibc
import Synchronization
import Threads
import Time

/// Does things when their time has come, on one thread for all of them. None of them may take long.
final class AlarmClock: Sendable {
    /// Names something to be done, so that it can be called off.
    struct Alarm: Hashable, Sendable {
        fileprivate let number: Int
    }

    fileprivate struct Ringing: Comparable {
        /// In seconds of the steady clock.
        let time: Double
        let alarm: Alarm

        static func < (left: Ringing, right: Ringing) -> Bool {
            (left.time, left.alarm.number) < (right.time, right.alarm.number)
        }
    }

    fileprivate struct State {
        /// What was called off stays here until its time, or until it is the larger part.
        var ringings = MinHeap<Ringing>()
        var actions: [Alarm: @Sendable () -> Void] = [:]
        var isOver = false
    }

    private let state = Mutex(State())
    private let lastNumber = Atomic(0)
    private let thread = Mutex<SystemThread?>(nil)
    /// What is written to the second is seen by who waits on the first.
    private let bell: (heard: Int32, rung: Int32)
    /// A further descriptor that is waited on, and what is done when it is readable.
    private let listened = Mutex<(descriptor: Int32, action: @Sendable () -> Void)?>(nil)

    init() {
        var ends: [Int32] = [-1, -1]
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        socketpair(AF_UNIX, Int32(type), 0, &ends)
        bell = (ends[0], ends[1])
    }

    deinit {
        close(bell.heard)
        close(bell.rung)
    }

    /// A name for the next ``set(_:at:action:)``.
    func newAlarm() -> Alarm { Alarm(number: lastNumber.add(1, ordering: .relaxed).newValue) }

    /// Does that at that time of the steady clock, never before; nothing any more after ``stop()``.
    func set(_ alarm: Alarm, at time: Double, action: @escaping @Sendable () -> Void) {
        let isFirst = state.withLock { state in
            guard !state.isOver else { return false }
            let first = state.ringings.least?.time ?? .infinity
            state.ringings.add(Ringing(time: time, alarm: alarm))
            state.actions[alarm] = action
            return time < first
        }
        if isFirst { ring() }
    }

    /// Calls it off, unless it is being done already.
    func cancel(_ alarm: Alarm) {
        state.withLock { state in
            state.actions[alarm] = nil
            guard state.ringings.count > 2 * state.actions.count + 64 else { return }
            state.ringings = MinHeap(state.ringings.elements.filter { state.actions[$0.alarm] != nil })
        }
    }

    /// Does that whenever the descriptor is readable. To be called before ``start()``.
    func listen(to descriptor: Int32, action: @escaping @Sendable () -> Void) {
        listened.withLock { $0 = (descriptor, action) }
    }

    /// False when the system has no thread left.
    func start() -> Bool {
        let started = SystemThread { self.run() }
        thread.withLock { $0 = started }
        return started != nil
    }

    /// Returns when nothing is being done any more.
    func stop() {
        let dropped = state.withLock { state in
            state.isOver = true
            let dropped = state.actions
            state.actions = [:]
            state.ringings = MinHeap()
            return dropped
        }
        // What these hold may end with them: not under the lock.
        _ = consume dropped
        guard let thread = thread.withLock({ $0.take() }) else { return }
        ring()
        thread.join()
    }

    private func ring() {
        var signal: UInt8 = 0
        send(bell.rung, &signal, 1, Int32(MSG_NOSIGNAL))
    }

    private func run() {
        while !state.withLock({ $0.isOver }) {
            let now = Monotonic.seconds()
            let (due, next) = state.withLock { $0.takeDue(at: now) }
            for action in due { action() }
            if due.isEmpty { wait(seconds: min(next - now, 60)) }
        }
    }

    private func wait(seconds: Double) {
        let listened = listened.withLock { $0 }
        var waited = [
            pollfd(fd: bell.heard, events: Int16(POLLIN), revents: 0),
            // One that is negative is passed over.
            pollfd(fd: listened?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&waited, 2, Int32((seconds * 1_000).rounded(.up))) > 0 else { return }
        if waited[1].revents != 0 { listened?.action() }
        guard waited[0].revents != 0 else { return }
        var heard = [UInt8](repeating: 0, count: 64)
        recv(bell.heard, &heard, heard.count, 0)
    }
}

extension AlarmClock.State {
    /// What is to be done by now, and when something is next.
    fileprivate mutating func takeDue(at now: Double) -> (due: [@Sendable () -> Void], next: Double) {
        var due: [@Sendable () -> Void] = []
        while let least = ringings.least, least.time <= now {
            _ = ringings.removeLeast()
            if let action = actions.removeValue(forKey: least.alarm) { due.append(action) }
        }
        return (due, ringings.least?.time ?? .infinity)
    }
}
