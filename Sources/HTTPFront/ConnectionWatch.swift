// The C modules of this target share the headers of sockets: their constants are found in this one.
import CMicrohttpd
import Glibc
import Synchronization

/// Cuts connections whose request takes too long to arrive, or whose client has left in the middle of one.
///
/// libmicrohttpd's own timeout starts again with every byte, so a client that sends one now and then would hold its
/// connection for ever. This looks once a second at when each connection's request must be complete.
final class ConnectionWatch: Sendable {
    /// One open connection; the daemon keeps it in the connection's own slot.
    final class Connection: Sendable {
        fileprivate struct Progress {
            /// When its next request must have arrived, in seconds of the steady clock; infinite while one is answered.
            var deadline: Double
            /// Whether the next request has begun to arrive.
            var isArriving = false
            /// Whether the last request was cut short or refused before all of it had come.
            var isMidRequest = false
            /// How many looks in a row have found that nothing more can come.
            var looksAfterGoodbye = 0
        }

        let descriptor: Int32
        fileprivate let progress: Mutex<Progress>

        fileprivate init(descriptor: Int32, deadline: Double) {
            self.descriptor = descriptor
            progress = Mutex(Progress(deadline: deadline))
        }

        /// Whether the rest of its request comes too late or never.
        ///
        /// libmicrohttpd 0.9.75 does not see a client's goodbye that came together with its last bytes: after a short
        /// read it waits for an edge of epoll that has been. Two looks, because it may just be working on those bytes.
        fileprivate func isLost(now: Double) -> Bool {
            progress.withLock { progress in
                if progress.deadline < now { return true }
                guard progress.isArriving, hasSaidGoodbye else {
                    progress.looksAfterGoodbye = 0
                    return false
                }
                progress.looksAfterGoodbye += 1
                return progress.looksAfterGoodbye > 1
            }
        }

        private var hasSaidGoodbye: Bool {
            var next: UInt8 = 0
            return recv(descriptor, &next, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == 0
        }
    }

    private let trickleSeconds: Double
    private let idleSeconds: Double
    private let open = Mutex<[ObjectIdentifier: Connection]>([:])
    private let clock: AlarmClock

    init(trickleSeconds: Int, idleSeconds: Int, clock: AlarmClock) {
        self.trickleSeconds = Double(trickleSeconds)
        self.idleSeconds = Double(idleSeconds)
        self.clock = clock
    }

    func opened(descriptor: Int32) -> Connection {
        let connection = Connection(descriptor: descriptor, deadline: Monotonic.roughSeconds() + trickleSeconds)
        open.withLock { $0[ObjectIdentifier(connection)] = connection }
        return connection
    }

    /// Called before the daemon closes the descriptor, so that ``cutLost()`` never touches a closed one.
    func closed(_ connection: Connection) {
        open.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(connection)) }
        let isMidRequest = connection.progress.withLock { $0.isMidRequest }
        if let socket = LingeringSocket(closing: connection.descriptor, isMidRequest: isMidRequest) { linger(socket) }
    }

    /// Nobody holds the socket but the clock: when that stops, it is closed.
    private func linger(_ socket: LingeringSocket) {
        clock.set(clock.newAlarm(), at: Monotonic.seconds() + 0.005) { [weak self] in
            if socket.goesOn() { self?.linger(socket) }
        }
    }

    func requestBegan(on connection: Connection) {
        connection.progress.withLock {
            $0 = .init(deadline: Monotonic.roughSeconds() + trickleSeconds, isArriving: true)
        }
    }

    func requestArrived(on connection: Connection) {
        connection.progress.withLock { $0 = .init(deadline: .infinity) }
    }

    /// After an answer the connection may be idle for a while before the next request begins.
    func requestEnded(on connection: Connection, arrivedWhole: Bool) {
        let deadline = Monotonic.roughSeconds() + idleSeconds + trickleSeconds
        connection.progress.withLock { $0 = .init(deadline: deadline, isMidRequest: !arrivedWhole) }
    }

    /// Looks at every connection once.
    func cutLost() {
        let now = Monotonic.roughSeconds()
        open.withLock { connections in
            for connection in connections.values where connection.isLost(now: now) {
                shutdown(connection.descriptor, Int32(SHUT_RDWR))
            }
        }
    }

    /// Looks every second from now on, as long as the clock runs.
    func start() {
        clock.set(clock.newAlarm(), at: Monotonic.seconds() + 1) { [weak self] in
            self?.cutLost()
            self?.start()
        }
    }
}
