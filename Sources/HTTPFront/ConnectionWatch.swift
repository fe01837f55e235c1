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
            /// How many looks in a row have found that nothing more can come.
            var looksAfterGoodbye = 0
        }

        fileprivate let descriptor: Int32
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
    private let thread = Mutex<pthread_t?>(nil)
    /// What is written to the second is seen by who waits on the first.
    private let bell: (heard: Int32, rung: Int32)

    init(trickleSeconds: Int, idleSeconds: Int) {
        self.trickleSeconds = Double(trickleSeconds)
        self.idleSeconds = Double(idleSeconds)
        var ends: [Int32] = [-1, -1]
        socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
        bell = (ends[0], ends[1])
    }

    deinit {
        close(bell.heard)
        close(bell.rung)
    }

    func opened(descriptor: Int32) -> Connection {
        let connection = Connection(descriptor: descriptor, deadline: Monotonic.seconds() + trickleSeconds)
        open.withLock { $0[ObjectIdentifier(connection)] = connection }
        return connection
    }

    /// Called before the daemon closes the descriptor, so that ``cutLost()`` never touches a closed one.
    func closed(_ connection: Connection) { open.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(connection)) } }

    func requestBegan(on connection: Connection) {
        connection.progress.withLock { $0 = .init(deadline: Monotonic.seconds() + trickleSeconds, isArriving: true) }
    }

    func requestArrived(on connection: Connection) {
        connection.progress.withLock { $0 = .init(deadline: .infinity) }
    }

    /// After an answer the connection may be idle for a while before the next request begins.
    func requestEnded(on connection: Connection) {
        connection.progress.withLock { $0 = .init(deadline: Monotonic.seconds() + idleSeconds + trickleSeconds) }
    }

    /// Looks at every connection once.
    func cutLost() {
        let now = Monotonic.seconds()
        open.withLock { connections in
            for connection in connections.values where connection.isLost(now: now) {
                shutdown(connection.descriptor, Int32(SHUT_RDWR))
            }
        }
    }

    func start() {
        var created = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        guard
            pthread_create(
                &created, nil,
                { context in
                    let watch = Unmanaged<ConnectionWatch>.fromOpaque(context!).takeRetainedValue()
                    watch.run()
                    return nil
                }, context) == 0
        else { return Unmanaged<ConnectionWatch>.fromOpaque(context).release() }
        thread.withLock { $0 = created }
    }

    private func run() {
        var waited = pollfd(fd: bell.heard, events: Int16(POLLIN), revents: 0)
        while poll(&waited, 1, 1_000) <= 0 { cutLost() }
    }

    func stop() {
        guard let thread = thread.withLock({ $0.take() }) else { return }
        var ring: UInt8 = 0
        write(bell.rung, &ring, 1)
        pthread_join(thread, nil)
    }
}
