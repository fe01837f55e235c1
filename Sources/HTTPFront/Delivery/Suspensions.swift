import CMicrohttpd
import Synchronization

/// The connections that wait: for a time, or for somebody to go on with them. No thread waits with them.
///
/// libmicrohttpd ends the process when a daemon is stopped that still has a suspended connection, and must not be told
/// to resume one twice. So all of them stand here, and whoever resumes one takes it off first.
final class Suspensions: Sendable {
    /// One connection that waits.
    final class Suspension: Sendable {
        fileprivate let connection: SuspendedConnection
        fileprivate let number: UInt64
        /// Nil for one that waits until somebody goes on with it.
        fileprivate let alarm: AlarmClock.Alarm?
        /// The connection's socket, where its client's leaving is watched for.
        fileprivate let descriptor: Int32?
        private let gone = Atomic(false)

        fileprivate init(
            connection: SuspendedConnection, number: UInt64, alarm: AlarmClock.Alarm?, descriptor: Int32?
        ) {
            self.connection = connection
            self.number = number
            self.alarm = alarm
            self.descriptor = descriptor
        }

        /// Whether its client has hung up meanwhile.
        var isGone: Bool { gone.load(ordering: .acquiring) }

        fileprivate func setGone() { gone.store(true, ordering: .releasing) }
    }

    private struct State {
        var held: [UInt64: Suspension] = [:]
        var lastNumber: UInt64 = 0
        /// Whether what waits for its time goes on at once, because the server stops.
        var delaysAreOver = false
        /// Whether nothing may wait any more.
        var isOver = false
    }

    private let state = Mutex(State())
    private let clock: AlarmClock
    private let hangUps = HangUps()

    init(clock: AlarmClock) {
        self.clock = clock
        clock.listen(to: hangUps.descriptor) { [weak self] in self?.noticeHangUps() }
    }

    /// Whether what waits for its time goes on at once.
    var isOver: Bool { state.withLock { $0.delaysAreOver } }

    /// Suspends a connection for so long at most. Only for libmicrohttpd's own callbacks, which it calls again when the
    /// connection goes on.
    ///
    /// - Parameters:
    ///   - seconds: infinite for one that waits for work, which ends by itself.
    ///   - descriptor: the connection's socket: it goes on as soon as its client hangs up. Work is done all the same, so nobody
    ///     watches who waits for it.
    @discardableResult
    func hold(_ connection: OpaquePointer, seconds: Double, watching descriptor: Int32? = nil) -> Suspension {
        let isWork = seconds == .infinity
        let alarm = isWork ? nil : clock.newAlarm()
        let watched = isWork ? nil : descriptor
        // First this: nobody may resume what is not suspended yet.
        MHD_suspend_connection(connection)
        let (suspension, isHeld) = state.withLock { state in
            state.lastNumber += 1
            let suspension = Suspension(
                connection: .init(pointer: connection), number: state.lastNumber, alarm: alarm, descriptor: watched)
            if state.isOver || (state.delaysAreOver && !isWork) {
                MHD_resume_connection(connection)
                return (suspension, false)
            }
            state.held[suspension.number] = suspension
            if let watched { hangUps.watch(watched, as: suspension.number) }
            return (suspension, true)
        }
        if isHeld, let alarm {
            // No number is `> 0` as well; what waits longer than a year waits for its client to hang up.
            let waited = seconds > 0 ? min(seconds, 365 * 86_400) : 0
            clock.set(alarm, at: Monotonic.seconds() + waited) { [weak self] in self?.resume(suspension) }
        }
        return suspension
    }

    /// Lets a connection go on; does nothing when it did already.
    func resume(_ suspension: Suspension) {
        let wasHeld = state.withLock { resume(suspension.number, in: &$0) }
        if wasHeld, let alarm = suspension.alarm { clock.cancel(alarm) }
    }

    @discardableResult
    private func resume(_ number: UInt64, in state: inout State) -> Bool {
        guard let suspension = state.held.removeValue(forKey: number) else { return false }
        if let descriptor = suspension.descriptor { hangUps.forget(descriptor) }
        // Under the lock, so that ``end()`` cannot return in between; this only sets a mark and wakes a thread.
        MHD_resume_connection(suspension.connection.pointer)
        return true
    }

    /// Lets those go on whose clients have hung up.
    private func noticeHangUps() {
        for number in hangUps.next() {
            let alarm = state.withLock { state -> AlarmClock.Alarm? in
                guard let suspension = state.held[number] else { return nil }
                suspension.setGone()
                resume(number, in: &state)
                return suspension.alarm
            }
            if let alarm { clock.cancel(alarm) }
        }
    }

    /// Lets all go on that wait for their time; what is to wait for its time from now on goes on at once.
    func endDelays() {
        state.withLock { state in
            state.delaysAreOver = true
            for (number, suspension) in state.held where suspension.alarm != nil { resume(number, in: &state) }
        }
    }

    /// Lets everything go on; what is held from now on goes on at once.
    func end() {
        state.withLock { state in
            state.delaysAreOver = true
            state.isOver = true
            for number in state.held.keys { resume(number, in: &state) }
        }
    }
}

/// A connection that is suspended. `@unchecked Sendable` because of the pointer: it is valid while the connection is
/// suspended, and libmicrohttpd lets any thread resume it.
private struct SuspendedConnection: @unchecked Sendable {
    let pointer: OpaquePointer
}
