import CGnuTLS
import Glibc

/// One GET to a server on this machine, for a program that has no HTTP client.
package struct LoneRequest: Sendable {
    /// Where the server listens.
    package enum Place: Sendable {
        case port(host: String, UInt16)
        /// By TLS. The certificate is not checked: this asks how a server is, and sends nothing that is secret.
        case tlsPort(host: String, UInt16)
        case unixSocket(path: String)
    }

    private let place: Place

    package init(to place: Place) { self.place = place }

    /// The first so many bytes of the answer, less when it is shorter; nil when there is no server.
    package func get(_ path: String, upTo count: Int) -> [UInt8]? {
        guard let descriptor = connected() else { return nil }
        defer { close(descriptor) }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        if case .tlsPort = place { return Self.exchangeByTLS(request, upTo: count, on: descriptor) }
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return nil }
        return Self.read(upTo: count) { recv(descriptor, $0.baseAddress, $0.count, 0) }
    }

    private func connected() -> Int32? {
        switch place {
        case .port(let host, let port), .tlsPort(let host, let port): Self.connected(host: host, port: port)
        case .unixSocket(let path):
            path.utf8.count > SocketFile.maximumPathBytes
                ? nil : SocketFile.withAddress(of: path) { Self.connected(AF_UNIX, $0, $1) }
        }
    }

    private static func connected(host: String, port: UInt16) -> Int32? {
        // What listens on every address answers on the loopback one; `serve` takes this name as well.
        let host = host == "0.0.0.0" || host == "localhost" ? "127.0.0.1" : host == "::" ? "::1" : host
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICHOST
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found?.pointee else { return nil }
        defer { freeaddrinfo(found) }
        return connected(address.ai_family, address.ai_addr, address.ai_addrlen)
    }

    private static func connected(_ family: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32? {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var limit = timeval(tv_sec: 3, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        if connect(descriptor, address, length) == 0 { return descriptor }
        close(descriptor)
        return nil
    }

    private static func exchangeByTLS(_ request: [UInt8], upTo count: Int, on descriptor: Int32) -> [UInt8]? {
        var credentials: gnutls_certificate_credentials_t?
        var session: gnutls_session_t?
        guard gnutls_certificate_allocate_credentials(&credentials) >= 0, let credentials else { return nil }
        defer { gnutls_certificate_free_credentials(credentials) }
        guard gnutls_init(&session, UInt32(GNUTLS_CLIENT) | UInt32(GNUTLS_NO_SIGNAL)) >= 0, let session else {
            return nil
        }
        defer { gnutls_deinit(session) }
        gnutls_set_default_priority(session)
        gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(credentials))
        gnutls_transport_set_int2(session, descriptor, descriptor)
        var code = gnutls_handshake(session)
        while code < 0, gnutls_error_is_fatal(code) == 0 { code = gnutls_handshake(session) }
        guard code >= 0, gnutls_record_send(session, request, request.count) == request.count else { return nil }
        return read(upTo: count) { gnutls_record_recv(session, $0.baseAddress, $0.count) }
    }

    private static func read(upTo count: Int, _ receive: (UnsafeMutableRawBufferPointer) -> Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var piece = [UInt8](repeating: 0, count: min(16 * 1024, count - bytes.count))
            let received = piece.withUnsafeMutableBytes(receive)
            guard received > 0 else { break }
            bytes.append(contentsOf: piece[..<received])
        }
        return bytes
    }
}
