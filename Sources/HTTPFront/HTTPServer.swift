import CMicrohttpd
import Glibc
import Synchronization

/// The HTTP front: libmicrohttpd with epoll and a pool of threads, in front of an application.
package final class HTTPServer: Sendable {
    /// The port it listens on.
    package let port: UInt16
    private let exchange: Exchange
    private let watch: ConnectionWatch
    private let daemon: Mutex<DaemonHandle?>
    private let stopSeconds: Int

    /// Listens and serves until ``stop()``.
    package init(_ configuration: HTTPServerConfiguration, application: some HTTPApplication) throws(CannotListen) {
        let listener = try Listener(host: configuration.host, port: configuration.port)
        port = listener.port
        stopSeconds = configuration.stopSeconds
        watch = ConnectionWatch(trickleSeconds: configuration.trickleSeconds, idleSeconds: configuration.idleSeconds)
        exchange = Exchange(
            application: application, watch: watch, maximumHeaderBytes: configuration.maximumHeaderBytes)
        daemon = Mutex(nil)
        guard let started = Self.start(configuration, listener: listener, exchange: exchange, watch: watch) else {
            listener.close()
            throw CannotListen(description: "cannot start the HTTP server: \(String(cString: strerror(errno)))")
        }
        let handle = DaemonHandle(pointer: started)
        daemon.withLock { $0 = handle }
        watch.start()
    }

    deinit { stop() }

    private static func start(
        _ configuration: HTTPServerConfiguration, listener: Listener, exchange: Exchange, watch: ConnectionWatch
    ) -> OpaquePointer? {
        let exchangeContext = Unmanaged.passUnretained(exchange).toOpaque()
        let watchContext = Unmanaged.passUnretained(watch).toOpaque()
        // Function pointers travel through the options as integers of their size.
        let completed = unsafeBitCast(onRequestCompleted as RequestCompletedCallback, to: Int.self)
        let target = unsafeBitCast(onTarget as TargetCallback, to: Int.self)
        let connection = unsafeBitCast(onConnection as ConnectionCallback, to: Int.self)
        var options: [MHD_OptionItem] = [
            MHD_OptionItem(option: .LISTEN_SOCKET, value: Int(listener.descriptor), ptr_value: nil),
            MHD_OptionItem(option: .THREAD_POOL_SIZE, value: max(2, configuration.threads), ptr_value: nil),
            MHD_OptionItem(option: .CONNECTION_LIMIT, value: configuration.maximumConnections, ptr_value: nil),
            MHD_OptionItem(option: .CONNECTION_TIMEOUT, value: configuration.idleSeconds, ptr_value: nil),
            MHD_OptionItem(option: .NOTIFY_COMPLETED, value: completed, ptr_value: exchangeContext),
            MHD_OptionItem(option: .URI_LOG_CALLBACK, value: target, ptr_value: exchangeContext),
            MHD_OptionItem(option: .NOTIFY_CONNECTION, value: connection, ptr_value: watchContext),
            MHD_OptionItem(option: .END, value: 0, ptr_value: nil),
        ]
        let flags =
            MHD_USE_EPOLL_INTERNAL_THREAD.rawValue | MHD_USE_ITC.rawValue | MHD_ALLOW_SUSPEND_RESUME.rawValue
            | MHD_USE_TURBO.rawValue
        return understudy_start_daemon(flags, 0, onAccess, exchangeContext, &options)
    }

    /// Stops accepting, lets what is being answered finish (for at most ``HTTPServerConfiguration/stopSeconds``),
    /// then closes every connection. Safe to call twice.
    package func stop() {
        guard let daemon = daemon.withLock({ $0.take() })?.pointer else { return }
        exchange.beginStop()
        let listener = MHD_quiesce_daemon(daemon)
        let deadline = Monotonic.seconds() + Double(stopSeconds)
        // A request that has just been sent is given a moment to be seen.
        var quietRounds = 0
        while quietRounds < 3, Monotonic.seconds() < deadline {
            quietRounds = exchange.requestsInFlight == 0 ? quietRounds + 1 : 0
            watch.cutLost()
            usleep(5_000)
        }
        watch.stop()
        MHD_stop_daemon(daemon)
        if listener >= 0 { close(listener) }
    }
}

/// The running daemon. `@unchecked Sendable` because of the pointer: libmicrohttpd lets any thread stop a daemon.
private struct DaemonHandle: @unchecked Sendable {
    let pointer: OpaquePointer
}

/// Seconds of the machine's steady clock.
package enum Monotonic {
    /// Seconds since some fixed moment; they never run backwards.
    @Sendable package static func seconds() -> Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}
