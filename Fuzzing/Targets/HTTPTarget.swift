import Glibc
import HTTPFront
import RawHTTP
import Synchronization

/// Any bytes at the socket of a running server: after them it still answers a good request.
///
/// An input's first byte says into pieces of what size the rest is cut; 0 sends it at once.
final class HTTPTarget: FuzzTarget {
    let takesJSON = false
    private let server: HTTPServer
    private let good = Mutex<RawConnection?>(nil)

    init() {
        var configuration = HTTPServerConfiguration()
        configuration.maximumConnections = 256
        let scene = Scene()
        server = mustSucceed("the server") { try HTTPServer(configuration, application: scene.application) }
    }

    func take(_ input: [UInt8]) {
        guard let size = input.first else { return }
        let connection = HostileConnection(port: server.port)
        connection.send(Array(input.dropFirst()), inPiecesOf: Int(size))
        let received = connection.receive()
        let head = String(decoding: received.prefix(12), as: UTF8.self)
        require(received.isEmpty || head.hasPrefix("HTTP/1."), "bytes that are no answer: \(head)")
        require(!head.hasSuffix(" 500"), "a defect: \(String(decoding: received.prefix(2_000), as: UTF8.self))")
        connection.close()
        checkItServes()
    }

    private func checkItServes() {
        good.withLock { kept in
            let isNew = kept == nil
            let connection = kept ?? mustSucceed("a connection") { try RawConnection(port: server.port) }
            let answer = mustSucceed("a good request") { try connection.request("GET", "/_understudy/health") }
            require(answer != nil || !isNew, "a new connection is closed")
            require(answer == nil || answer?.status == 200, "a good request is answered \(answer?.status ?? 0)")
            // The server may close one that has lived long.
            kept = answer == nil ? nil : connection
        }
    }
}

/// A connection that sends what it likes, and does not wait long.
private struct HostileConnection {
    private let descriptor: Int32

    init(port: UInt16) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        // Closed by a reset, so that no port stays taken.
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                var result: Int32
                // libFuzzer looks at the clock by a signal, which ends a call, but not the connecting itself.
                repeat {
                    result = connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
                } while result != 0 && (errno == EINTR || errno == EALREADY)
                return result == 0 || errno == EISCONN
            }
        }
        require(connected, "the server takes no connection: \(errno)")
    }

    func send(_ bytes: [UInt8], inPiecesOf size: Int) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = size == 0 ? rest : rest.prefix(max(size, bytes.count / 16))
            let count = piece.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// What has come within a few milliseconds.
    func receive() -> [UInt8] {
        var received: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&waited, 1, received.isEmpty ? 3 : 0) > 0 {
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { break }
            received += piece[..<count]
        }
        return received
    }

    func close() { Glibc.close(descriptor) }
}
