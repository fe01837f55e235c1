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
            /// Whether the next request's line has arrived.
            var isArriving = false
            /// How many bytes had come when none of the next request's had; nil when nobody has looked yet.
            var quietBytes: UInt64?
            /// Whether the deadline is that of a request whose first bytes have come.
            var hasBegun = false
            /// Whether the last request was cut short or refused before all of it had come.
            var isMidRequest = false
            /// How many looks in a row have found that nothing more can come.
            var looksAfterGoodbye = 0
            /// How many looks in a row have found it idle while there was a crowd.
            var looksInCrowd = 0
        }

        let descriptor: Int32
        /// Whether it is one to the Unix socket.
        let isFromUnixSocket: Bool
        fileprivate let progress: Mutex<Progress>

        fileprivate init(descriptor: Int32, isFromUnixSocket: Bool, deadline: Double, quietBytes: UInt64?) {
            self.descriptor = descriptor
            self.isFromUnixSocket = isFromUnixSocket
            progress = Mutex(Progress(deadline: deadline, quietBytes: quietBytes))
        }

        /// Looks whether the next request has begun: from then on it has that long to arrive whole.
        fileprivate func lookForFirstBytes(now: Double, trickleSeconds: Double) {
            progress.withLock { progress in
                guard !progress.isArriving, !progress.hasBegun, progress.deadline < .infinity,
                    let received = ReceivedBytes.count(of: descriptor)
                else { return }
                guard let quiet = progress.quietBytes else {
                    progress.quietBytes = received
                    return
                }
                guard received > quiet else { return }
                progress.hasBegun = true
                progress.deadline = now + trickleSeconds
            }
        }

        /// Whether the rest of its request comes too late or never.
        ///
        /// libmicrohttpd 0.9.75 does not see a client's goodbye that came together with its last bytes: after a short
        /// read it waits for an edge of epoll that has been. Two looks, because it may just be working on those bytes.
        ///
        /// - Parameter isCrowded: whether an idle connection has to make room: then two looks are enough for it as
        ///   well.
        fileprivate func isLost(now: Double, isCrowded: Bool) -> Bool {
            progress.withLock { progress in
                if progress.deadline < now { return true }
                let isIdle = !progress.isArriving && progress.deadline < .infinity
                progress.looksInCrowd = isCrowded && isIdle ? progress.looksInCrowd + 1 : 0
                if progress.looksInCrowd > 1 { return true }
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
    private let openCount = Atomic(0)
    /// From how many open connections on the rest is kept for the control plane.
    private let crowd: Int
    private let clock: AlarmClock
    /// The steady clock.
    private let seconds: @Sendable () -> Double

    /// So many of the connections that may be open are kept for the control plane.
    private static let reserved = 64

    /// - Parameter maximumConnections: how many may be open.
    init(
        trickleSeconds: Int, idleSeconds: Int, maximumConnections: Int, clock: AlarmClock,
        seconds: @escaping @Sendable () -> Double = Monotonic.roughSeconds
    ) {
        // Of few, a quarter.
        crowd = maximumConnections - min(Self.reserved, maximumConnections / 4)
        self.seconds = seconds
        self.trickleSeconds = Double(trickleSeconds)
        self.idleSeconds = Double(idleSeconds)
        self.clock = clock
    }

    func opened(descriptor: Int32, isFromUnixSocket: Bool, isEncrypted: Bool) -> Connection {
        // A handshake is no part of a request.
        let connection = Connection(
            descriptor: descriptor, isFromUnixSocket: isFromUnixSocket,
            deadline: seconds() + trickleSeconds, quietBytes: isEncrypted ? nil : 0)
        open.withLock { $0[ObjectIdentifier(connection)] = connection }
        openCount.add(1, ordering: .relaxed)
        return connection
    }

    /// Whether only the connections that are kept for the control plane are left.
    var isCrowded: Bool { openCount.load(ordering: .relaxed) > crowd }

    /// Called before the daemon closes the descriptor, so that ``cutLost()`` never touches a closed one.
    func closed(_ connection: Connection) {
        open.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(connection)) }
        openCount.subtract(1, ordering: .relaxed)
        let isMidRequest = connection.progress.withLock { $0.isMidRequest }
        if let socket = LingeringSocket(closing: connection.descriptor, isMidRequest: isMidRequest) { linger(socket) }
    }

    /// Nobody holds the socket but the clock: when that stops, it is closed.
    private func linger(_ socket: LingeringSocket) {
        clock.set(clock.newAlarm(), at: Monotonic.seconds() + 0.005) { [weak self] in
            if socket.goesOn() { self?.linger(socket) }
        }
    }

    /// The request's line has arrived. Where its first bytes were seen before, their time counts.
    func requestBegan(on connection: Connection) {
        connection.progress.withLock { progress in
            let fresh = seconds() + trickleSeconds
            // Of a Unix socket nobody knows when they came.
            let deadline =
                progress.hasBegun || connection.isFromUnixSocket ? min(progress.deadline, fresh) : fresh
            progress = .init(deadline: deadline, isArriving: true)
        }
    }

    func requestArrived(on connection: Connection) {
        connection.progress.withLock { $0 = .init(deadline: .infinity) }
    }

    /// After an answer the connection may be idle for a while before the next request begins.
    func requestEnded(on connection: Connection, arrivedWhole: Bool) {
        let deadline = seconds() + idleSeconds + trickleSeconds
        connection.progress.withLock { $0 = .init(deadline: deadline, isMidRequest: !arrivedWhole) }
    }

    /// Looks at every connection once.
    func cutLost() {
        let now = seconds()
        open.withLock { connections in
            for connection in connections.values {
                connection.lookForFirstBytes(now: now, trickleSeconds: trickleSeconds)
                if connection.isLost(now: now, isCrowded: isCrowded) {
                    shutdown(connection.descriptor, Int32(SHUT_RDWR))
                }
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
