import Glibc
import Synchronization

/// The HTTP front: libmicrohttpd with epoll and a pool of threads, in front of an application.
package final class HTTPServer: Sendable {
    /// The port it listens on.
    package let port: UInt16
    private let exchange: Exchange
    private let watch: ConnectionWatch
    private let clock = AlarmClock()
    private let daemons = Mutex<[Daemon]>([])
    private let socketFile: SocketFile?
    private let stopSeconds: Int

    /// Listens and serves until ``stop()``.
    package init(_ configuration: HTTPServerConfiguration, application: some HTTPApplication) throws(CannotListen) {
        let listener = try Listener(host: configuration.host, port: configuration.port)
        port = listener.port
        stopSeconds = configuration.stopSeconds
        watch = ConnectionWatch(
            trickleSeconds: configuration.trickleSeconds, idleSeconds: configuration.idleSeconds,
            maximumConnections: configuration.maximumConnections, clock: clock)
        exchange = Exchange(
            application: application, watch: watch, suspensions: Suspensions(clock: clock),
            maximumHeaderBytes: configuration.maximumHeaderBytes)
        do throws(CannotListen) {
            socketFile = try configuration.unixSocket.map { path throws(CannotListen) in try SocketFile(path: path) }
        } catch {
            listener.close()
            throw error
        }
        var listening = [(listener.descriptor, configuration.tls)]
        if let socketFile { listening.append((socketFile.descriptor, nil)) }
        try start(configuration, listening: listening)
    }

    /// How long a stop takes at most to send its last answers.
    private static let farewellSeconds = 0.5

    deinit { stop() }

    private func start(
        _ configuration: HTTPServerConfiguration, listening: [(descriptor: Int32, tls: TLSIdentity?)]
    ) throws(CannotListen) {
        guard clock.start() else {
            for (descriptor, _) in listening { close(descriptor) }
            throw CannotListen(description: "cannot start the HTTP server: the system has no thread left")
        }
        for (number, (descriptor, tls)) in listening.enumerated() {
            guard
                let daemon = Daemon(configuration, listener: descriptor, tls: tls, exchange: exchange, watch: watch)
            else {
                let reason = String(cString: strerror(errno))
                for (descriptor, _) in listening[number...] { close(descriptor) }
                stop()
                throw CannotListen(description: "cannot start the HTTP server: \(reason)")
            }
            daemons.withLock { $0.append(daemon) }
        }
        watch.start()
    }

    /// Stops accepting, lets what is being answered finish (for at most ``HTTPServerConfiguration/stopSeconds``),
    /// then closes every connection. What was to be answered later is answered now; a request that has not arrived
    /// whole is cut. Safe to call twice.
    package func stop() {
        let daemons = daemons.withLock { daemons in
            defer { daemons = [] }
            return daemons
        }
        // First, so that who finds no server any more is only answered with "Connection: close".
        exchange.beginStop()
        for daemon in daemons { daemon.refuseConnections() }
        socketFile?.remove()
        let deadline = Monotonic.seconds() + Double(stopSeconds) - 2 * Self.farewellSeconds
        // A request that has just been sent is given a moment to be seen.
        var quietRounds = 0
        while !daemons.isEmpty, quietRounds < 3, Monotonic.seconds() < deadline {
            quietRounds = exchange.requestsBeingAnswered == 0 ? quietRounds + 1 : 0
            usleep(5_000)
        }
        // Who still waits for work is told that it will not be done.
        exchange.endWork()
        let end = Monotonic.seconds() + Self.farewellSeconds
        while !daemons.isEmpty, exchange.requestsBeingAnswered > 0, Monotonic.seconds() < end { usleep(5_000) }
        clock.stop()
        for daemon in daemons { daemon.stop() }
    }
}

/// Seconds of the machine's steady clock.
package enum Monotonic {
    /// Seconds since some fixed moment; they never run backwards.
    @Sendable package static func seconds() -> Double { read(CLOCK_MONOTONIC) }

    /// The same, some milliseconds old, which costs next to nothing.
    @Sendable static func roughSeconds() -> Double { read(CLOCK_MONOTONIC_COARSE) }

    private static func read(_ clock: clockid_t) -> Double {
        var now = timespec()
        clock_gettime(clock, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}
