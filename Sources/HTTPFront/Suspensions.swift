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
        fileprivate let alarm: AlarmClock.Alarm

        fileprivate init(connection: SuspendedConnection, alarm: AlarmClock.Alarm) {
            self.connection = connection
            self.alarm = alarm
        }
    }

    private struct State {
        var held: [ObjectIdentifier: Suspension] = [:]
        var isOver = false
    }

    private let state = Mutex(State())
    private let clock: AlarmClock

    init(clock: AlarmClock) { self.clock = clock }

    /// Whether nothing waits any more, because the server stops.
    var isOver: Bool { state.withLock { $0.isOver } }

    /// Suspends a connection for so long at most. Only for libmicrohttpd's own callbacks, which it calls again when the
    /// connection goes on.
    @discardableResult
    func hold(_ connection: OpaquePointer, seconds: Double) -> Suspension {
        let suspension = Suspension(connection: .init(pointer: connection), alarm: clock.newAlarm())
        // First this: nobody may resume what is not suspended yet.
        MHD_suspend_connection(connection)
        let isHeld = state.withLock { state in
            if state.isOver {
                MHD_resume_connection(connection)
                return false
            }
            state.held[ObjectIdentifier(suspension)] = suspension
            return true
        }
        // No number is `> 0` as well; what waits longer than a year waits for its client to hang up.
        let waited = seconds > 0 ? min(seconds, 365 * 86_400) : 0
        if isHeld, seconds < .infinity {
            clock.set(suspension.alarm, at: Monotonic.seconds() + waited) { [weak self] in self?.resume(suspension) }
        }
        return suspension
    }

    /// Lets a connection go on; does nothing when it did already.
    func resume(_ suspension: Suspension) {
        let wasHeld = state.withLock { state in
            guard state.held.removeValue(forKey: ObjectIdentifier(suspension)) != nil else { return false }
            // Under the lock, so that ``end()`` cannot return in between; this only sets a mark and wakes a thread.
            MHD_resume_connection(suspension.connection.pointer)
            return true
        }
        if wasHeld { clock.cancel(suspension.alarm) }
    }

    /// Lets everything go on; what is held from now on goes on at once.
    func end() {
        state.withLock { state in
            state.isOver = true
            for suspension in state.held.values { MHD_resume_connection(suspension.connection.pointer) }
            state.held = [:]
        }
    }
}

/// A connection that is suspended. `@unchecked Sendable` because of the pointer: it is valid while the connection is
/// suspended, and libmicrohttpd lets any thread resume it.
private struct SuspendedConnection: @unchecked Sendable {
    let pointer: OpaquePointer
}
