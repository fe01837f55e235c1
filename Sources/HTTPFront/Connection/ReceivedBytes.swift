// As in ConnectionWatch: the constants of sockets are found in this one.
import CMicrohttpd
import Glibc

/// How much a socket has ever received.
enum ReceivedBytes {
    /// Nil where the system does not say: of a Unix socket, or before Linux 4.1.
    static func count(of descriptor: Int32) -> UInt64? {
        // `struct tcp_info` of <linux/tcp.h>, in which glibc's own lacks this member: `tcpi_bytes_received`.
        let place = 128
        var info = [UInt64](repeating: 0, count: place / 8 + 1)
        var length = socklen_t(info.count * 8)
        let code = getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_INFO, &info, &length)
        return code == 0 && Int(length) >= place + 8 ? info[place / 8] : nil
    }
}
