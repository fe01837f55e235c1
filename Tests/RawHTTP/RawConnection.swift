import Glibc

/// Something that a test's socket could not do.
package struct RawConnectionFailed: Error {
    package let call: String
    package let code: Int32
}

/// A TCP connection, or one to a Unix socket, to a server on this machine that sends exactly the bytes it is given.
package final class RawConnection {
    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Connects. Nothing later waits longer than the timeout: it throws instead.
    package init(port: UInt16, timeoutSeconds: Int = 20) throws {
        descriptor = try Self.socket(AF_INET, timeoutSeconds: timeoutSeconds)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try Self.check(connected)
    }

    /// Connects to a Unix socket in the same way.
    package init(unixSocket path: String, timeoutSeconds: Int = 20) throws {
        descriptor = try Self.socket(AF_UNIX, timeoutSeconds: timeoutSeconds)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try Self.check(connected)
    }

    private static func socket(_ family: Int32, timeoutSeconds: Int) throws -> Int32 {
        let descriptor = Glibc.socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw RawConnectionFailed(call: "socket", code: errno) }
        var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return descriptor
    }

    /// What could not connect is closed by the end of it, as any other: an initializer that throws late has one too.
    private static func check(_ connected: Int32) throws {
        guard connected == 0 else { throw RawConnectionFailed(call: "connect", code: errno) }
    }

    deinit { Glibc.close(descriptor) }

    /// Says half a goodbye: nothing more is sent.
    package func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    package func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Sends all of it; throws when the server has closed the connection.
    package func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw RawConnectionFailed(call: "send", code: errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// Says that nothing more will be sent; answers can still be read.
    package func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Makes the end of this connection a reset instead of a goodbye.
    package func resetAtEnd() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// The next answer; nil when the server has closed the connection instead. An answer to HEAD has no body whatever its
    /// fields say.
    package func answer(toHead: Bool = false) throws -> RawAnswer? {
        while true {
            if let (answer, length) = RawAnswer.first(in: received, toHead: toHead) {
                received.removeFirst(length)
                return answer
            }
            guard try receive() else { return nil }
        }
    }

    /// Whether some bytes of an answer have arrived, but not all of it.
    package var isMidAnswer: Bool { !received.isEmpty }

    /// Reads on until the server closes the connection, and gives what it still sent.
    package func untilClosed() throws -> [UInt8] {
        while try receive() {}
        return received
    }

    /// Whether the server has ended the connection with a reset.
    package private(set) var wasReset = false

    /// Reads once, as much as has come, and gives all that is not taken yet; nil at the end of the connection.
    package func next() throws -> [UInt8]? { try receive() ? received : nil }

    /// False at the end of the connection, be it a goodbye or a reset.
    private func receive() throws -> Bool {
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        var count: Int
        repeat { count = recv(descriptor, &piece, piece.count, 0) } while count < 0 && errno == EINTR
        if count == 0 || (count < 0 && (errno == ECONNRESET || errno == EPIPE)) {
            wasReset = count < 0
            return false
        }
        guard count > 0 else { throw RawConnectionFailed(call: "recv", code: errno) }
        received.append(contentsOf: piece[..<count])
        return true
    }
}
