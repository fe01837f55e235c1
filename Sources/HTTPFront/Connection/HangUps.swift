import CMicrohttpd
import Glibc

/// Watches sockets that nobody reads for their clients' leaving: libmicrohttpd looks at no suspended connection.
final class HangUps: Sendable {
    /// Readable when somebody has left.
    let descriptor: Int32

    init() { descriptor = epoll_create1(Int32(EPOLL_CLOEXEC)) }

    deinit { close(descriptor) }

    /// Watches a socket until ``forget(_:)``, which must come before it is closed. A client that will send no more
    /// counts as gone.
    func watch(_ socket: Int32, as number: UInt64) {
        var event = epoll_event()
        event.events = EPOLLRDHUP.rawValue | EPOLLONESHOT.rawValue
        event.data.u64 = number
        epoll_ctl(descriptor, EPOLL_CTL_ADD, socket, &event)
    }

    func forget(_ socket: Int32) {
        var event = epoll_event()
        epoll_ctl(descriptor, EPOLL_CTL_DEL, socket, &event)
    }

    /// The numbers of those that have left and were not told of yet.
    func next() -> [UInt64] {
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        let count = epoll_wait(descriptor, &events, Int32(events.count), 0)
        return count > 0 ? events[..<Int(count)].map(\.data.u64) : []
    }
}
