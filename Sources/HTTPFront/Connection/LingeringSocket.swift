// As in ConnectionWatch: the constants of sockets are found in this one.
import CMicrohttpd
import Glibc

/// A connection that the daemon closes while its client may still be sending: kept until the client has read why.
///
/// To close a socket to which more comes resets the connection, and a client that is reset loses the answer.
final class LingeringSocket: Sendable {
    private let descriptor: Int32
    private let deadline: Double

    /// Says goodbye. Nil when there is nothing to wait for: the client has left, or is to be reset.
    init?(closing original: Int32, isMidRequest: Bool) {
        var option = linger()
        var length = socklen_t(MemoryLayout<linger>.size)
        var next: UInt8 = 0
        let unread = recv(original, &next, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
        guard unread > 0 || (unread < 0 && errno == EAGAIN && isMidRequest),
            getsockopt(original, SOL_SOCKET, SO_LINGER, &option, &length) == 0, option.l_onoff == 0
        else { return nil }
        descriptor = fcntl(original, F_DUPFD_CLOEXEC, 0)
        deadline = Monotonic.seconds() + 2
        guard descriptor >= 0 else { return nil }
        shutdown(descriptor, Int32(SHUT_WR))
    }

    deinit { close(descriptor) }

    /// Drops what has come. False when that was all, or it takes too long.
    func goesOn() -> Bool {
        var dropped = [UInt8](repeating: 0, count: 64 * 1024)
        for _ in 0..<16 {
            let count = recv(descriptor, &dropped, dropped.count, Int32(MSG_DONTWAIT))
            if count < 0, errno == EAGAIN { break }
            guard count > 0 else { return false }
        }
        return Monotonic.seconds() < deadline
    }
}
