import Glibc

/// A listening socket: made here rather than by libmicrohttpd, so that a refusal can be said in one clear line.
struct Listener {
    let descriptor: Int32
    let port: UInt16

    init(host: String, port: UInt16) throws(CannotListen) {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICHOST | AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        let host = host == "localhost" ? "127.0.0.1" : host
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else {
            throw CannotListen(description: "cannot listen on \(host): give --host an IPv4 or IPv6 address")
        }
        defer { freeaddrinfo(found) }
        descriptor = socket(
            address.pointee.ai_family,
            address.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw Self.refusal(host, port) }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0,
            listen(descriptor, 4096) == 0
        else {
            let refusal = Self.refusal(host, port)
            Glibc.close(descriptor)
            throw refusal
        }
        self.port = Self.boundPort(of: descriptor)
    }

    func close() { Glibc.close(descriptor) }

    private static func refusal(_ host: String, _ port: UInt16) -> CannotListen {
        switch errno {
        case EADDRINUSE:
            CannotListen(
                description:
                    "cannot listen on \(host):\(port): the port is in use; stop what uses it, or take another with --port (0 takes a free one)"
            )
        case EACCES:
            CannotListen(description: "cannot listen on \(host):\(port): not permitted; take a --port of 1024 or more")
        case let code:
            CannotListen(description: "cannot listen on \(host):\(port): \(String(cString: strerror(code)))")
        }
    }

    private static func boundPort(of descriptor: Int32) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
            // The port stands at the same place in sockaddr_in and sockaddr_in6.
            return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                UInt16(bigEndian: $0.pointee.sin_port)
            }
        }
    }
}
