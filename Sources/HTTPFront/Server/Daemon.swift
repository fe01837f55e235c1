import CMicrohttpd
import Glibc

/// One daemon of libmicrohttpd, behind one listening socket. `@unchecked Sendable` because of the pointers:
/// libmicrohttpd lets any thread stop a daemon, and the texts are only freed after that.
struct Daemon: @unchecked Sendable {
    private let pointer: OpaquePointer
    private let listener: Int32
    /// Certificate, key and priorities, which libmicrohttpd wants kept.
    private let texts: [UnsafeMutablePointer<CChar>]

    /// Starts it; nil when libmicrohttpd refuses, else the listening socket is its own. Exchange and watch must outlive
    /// it.
    init?(
        _ configuration: HTTPServerConfiguration, listener: Int32, tls: TLSIdentity?, exchange: Exchange,
        watch: ConnectionWatch
    ) {
        let exchangeContext = Unmanaged.passUnretained(exchange).toOpaque()
        let watchContext = Unmanaged.passUnretained(watch).toOpaque()
        // Function pointers travel through the options as integers of their size.
        let completed = unsafeBitCast(onRequestCompleted as RequestCompletedCallback, to: Int.self)
        let target = unsafeBitCast(onTarget as TargetCallback, to: Int.self)
        let connection = unsafeBitCast(onConnection as ConnectionCallback, to: Int.self)
        let texts =
            tls.map { [$0.certificate, $0.key, TLSIdentity.priorities].compactMap { (text: String) in strdup(text) } }
            ?? []
        var options: [MHD_OptionItem] = [
            MHD_OptionItem(option: .LISTEN_SOCKET, value: Int(listener), ptr_value: nil),
            MHD_OptionItem(option: .THREAD_POOL_SIZE, value: max(2, configuration.threads), ptr_value: nil),
            MHD_OptionItem(option: .CONNECTION_LIMIT, value: configuration.maximumConnections, ptr_value: nil),
            MHD_OptionItem(option: .CONNECTION_TIMEOUT, value: configuration.idleSeconds, ptr_value: nil),
            MHD_OptionItem(option: .CONNECTION_MEMORY_LIMIT, value: configuration.connectionBytes, ptr_value: nil),
            MHD_OptionItem(option: .NOTIFY_COMPLETED, value: completed, ptr_value: exchangeContext),
            MHD_OptionItem(option: .URI_LOG_CALLBACK, value: target, ptr_value: exchangeContext),
            MHD_OptionItem(option: .NOTIFY_CONNECTION, value: connection, ptr_value: watchContext),
        ]
        var flags =
            MHD_USE_EPOLL_INTERNAL_THREAD.rawValue | MHD_USE_ITC.rawValue | MHD_ALLOW_SUSPEND_RESUME.rawValue
            | MHD_USE_TURBO.rawValue
        if texts.count == 3 {
            flags |= MHD_USE_TLS.rawValue
            options.append(MHD_OptionItem(option: .HTTPS_MEM_CERT, value: 0, ptr_value: texts[0]))
            options.append(MHD_OptionItem(option: .HTTPS_MEM_KEY, value: 0, ptr_value: texts[1]))
            options.append(MHD_OptionItem(option: .HTTPS_PRIORITIES, value: 0, ptr_value: texts[2]))
        }
        options.append(MHD_OptionItem(option: .END, value: 0, ptr_value: nil))
        guard let started = understudy_start_daemon(flags, 0, onAccess, exchangeContext, &options) else {
            for text in texts { free(text) }
            return nil
        }
        pointer = started
        self.listener = listener
        self.texts = texts
    }

    /// Accepts nothing new from now on.
    ///
    /// Not by `MHD_quiesce_daemon`: in 0.9.75 it takes the listening socket out of a thread's epoll set, as that thread
    /// does too when it notices, and whoever comes second ends the process. A socket that is shut down accepts nothing.
    func refuseConnections() { shutdown(listener, Int32(SHUT_RDWR)) }

    /// Closes every connection, and the listening socket. None may be suspended.
    func stop() {
        MHD_stop_daemon(pointer)
        for text in texts { free(text) }
    }
}
