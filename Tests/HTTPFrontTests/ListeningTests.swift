import CGnuTLS
import Glibc
import HTTPFront
import RawHTTP
import Testing

/// A folder for sockets, which goes with all that is in it.
private final class Folder {
    let path: String

    init() throws {
        var template = Array("/tmp/understudy-front-XXXXXX".utf8CString)
        path = String(cString: try #require(mkdtemp(&template)))
    }

    deinit {
        unlink(path + "/socket")
        rmdir(path)
    }

    var socket: String { path + "/socket" }
    var hasSocket: Bool { access(socket, F_OK) == 0 }
}

private func identity(
    certificate: String = TestCertificate.certificate, key: String = TestCertificate.key
) throws(CannotUseTLS) -> TLSIdentity {
    try TLSIdentity(certificate: Array(certificate.utf8), named: "c.pem", key: Array(key.utf8), named: "k.pem")
}

@Suite struct UnixSocketTests {
    @Test func itIsServedBesideThePortForItsOwnerAlone() throws {
        let folder = try Folder()
        let served = try Served { $0.unixSocket = folder.socket }
        var found = stat()
        #expect(lstat(folder.socket, &found) == 0 && found.st_mode & 0o777 == 0o600)
        let connection = try RawConnection(unixSocket: folder.socket)
        for _ in 0..<3 { #expect(try connection.request("POST", "/u", body: "abc")?.text.hasSuffix("body 3") == true) }
        #expect(try served.isAlive())
        #expect(served.application.answers == 4)
        #expect(seconds { served.server.stop() } < 1)
        #expect(!folder.hasSocket)
        #expect(try connection.untilClosed() == [])
    }

    @Test func whatADeadServerLeftIsReplaced() throws {
        let folder = try Folder()
        // A socket that is bound and closed leaves its file.
        let left = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: folder.socket.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(left, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        close(left)
        try #require(bound == 0 && folder.hasSocket)
        let served = try Served { $0.unixSocket = folder.socket }
        #expect(try RawConnection(unixSocket: folder.socket).request("GET", "/")?.status == 200)
        served.server.stop()
        #expect(!folder.hasSocket)
    }

    @Test func aLiveServersSocketIsLeftAlone() throws {
        let folder = try Folder()
        let served = try Served { $0.unixSocket = folder.socket }
        let refusal = #expect(throws: CannotListen.self) { try Served { $0.unixSocket = folder.socket } }
        #expect(refusal?.description.contains("--unix-socket") == true)
        #expect(try RawConnection(unixSocket: folder.socket).request("GET", "/")?.status == 200)
        served.server.stop()
    }

    @Test func aFileThatIsNoSocketIsLeftAlone() throws {
        let folder = try Folder()
        let file = try #require(fopen(folder.socket, "w"))
        fclose(file)
        #expect(throws: CannotListen.self) { try Served { $0.unixSocket = folder.socket } }
        #expect(folder.hasSocket)
    }

    @Test(arguments: ["", "/nowhere/at/all/socket", "/tmp/" + String(repeating: "s", count: 103)])
    func aPathThatCannotBeIsSaid(path: String) throws {
        let refusal = #expect(throws: CannotListen.self) { try Served { $0.unixSocket = path } }
        #expect(refusal?.description.contains("path") == true)
    }

    /// A reset is TCP's: here the end is a plain one.
    @Test(arguments: Delivery.Breakage.allCases)
    func answersBreakThereToo(breakage: Delivery.Breakage) throws {
        let folder = try Folder()
        let served = try Served(delivered: { _ in
            var response = HTTPResponse(200)
            response.delivery = Delivery(delayMilliseconds: 5, breakage: breakage)
            return response
        }) { $0.unixSocket = folder.socket }
        let connection = try RawConnection(unixSocket: folder.socket)
        try connection.send(RawConnection.request("GET", "/delivered"))
        #expect(try connection.untilClosed().isEmpty == (breakage == .empty || breakage == .reset))
        #expect(try served.isAlive())
    }
}

@Suite struct TLSTests {
    private static func get(_ path: String, from served: Served) -> String? {
        LoneRequest(to: .tlsPort(host: "127.0.0.1", served.server.port)).get(path, upTo: 1 << 20)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func answersAreEncrypted() throws {
        let tls = try identity()
        let served = try Served { $0.tls = tls }
        for _ in 0..<5 {
            let answer = try #require(Self.get("/tls", from: served))
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(answer.hasSuffix("GET /tls\nquery \nx -\nbody 0"))
        }
        #expect(seconds { served.server.stop() } < 1)
    }

    /// Whether a client that offers that version of TLS and no other comes to terms with the server.
    private static func shakesHands(_ version: String, with served: Served) throws -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = served.server.port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0)
        var (credentials, session): (gnutls_certificate_credentials_t?, gnutls_session_t?)
        gnutls_certificate_allocate_credentials(&credentials)
        let context = UnsafeMutableRawPointer(try #require(credentials))
        gnutls_init(&session, UInt32(GNUTLS_CLIENT))
        let client = try #require(session)
        defer {
            gnutls_deinit(client)
            gnutls_certificate_free_credentials(credentials)
        }
        try #require(gnutls_priority_set_direct(client, "LEGACY:-VERS-ALL:+VERS-\(version)", nil) == 0)
        gnutls_credentials_set(client, GNUTLS_CRD_CERTIFICATE, context)
        gnutls_transport_set_int2(client, descriptor, descriptor)
        var code = gnutls_handshake(client)
        while code < 0, gnutls_error_is_fatal(code) == 0 { code = gnutls_handshake(client) }
        return code == 0
    }

    @Test(arguments: [("TLS1.0", false), ("TLS1.1", false), ("TLS1.2", true), ("TLS1.3", true)])
    func onlyVersionsThatHoldAreSpoken(version: String, isSpoken: Bool) throws {
        let tls = try identity()
        let served = try Served { $0.tls = tls }
        #expect(try Self.shakesHands(version, with: served) == isSpoken)
    }

    @Test(arguments: [
        // From 2026-11-21T08:25:49Z to 2126-10-28T08:25:49Z.
        (1_795_249_549, nil), (4_948_849_549, nil), (1_800_000_000, nil),
        (
            1_795_249_548,
            "the certificate c.pem is not valid before 2026-11-21T08:25:49Z: clients that check it will refuse it"
        ),
        (
            4_948_849_550,
            "the certificate c.pem has expired, on 2126-10-28T08:25:49Z: clients that check it will refuse it"
        ),
    ])
    func whatClientsWillRefuseIsSaid(now: Int, warning: String?) throws {
        #expect(try identity().warning(at: now) == warning)
    }

    @Test func whoSpeaksPlainlyGetsNoHTTP() throws {
        let tls = try identity()
        let served = try Served { $0.tls = tls }
        let connection = try served.connect()
        try connection.send(RawConnection.request("GET", "/"))
        #expect(try !String(decoding: connection.untilClosed(), as: UTF8.self).contains("HTTP"))
        #expect(served.application.answers == 0)
        #expect(Self.get("/", from: served) != nil)
    }

    @Test func theUnixSocketIsPlain() throws {
        let tls = try identity()
        let folder = try Folder()
        let served = try Served {
            $0.tls = tls
            $0.unixSocket = folder.socket
        }
        #expect(try RawConnection(unixSocket: folder.socket).request("GET", "/")?.status == 200)
        let answer = LoneRequest(to: .unixSocket(path: folder.socket)).get("/", upTo: 12)
        #expect(answer == Array("HTTP/1.1 200".utf8))
        #expect(Self.get("/", from: served) != nil)
    }

    @Test func answersWaitAndDribbleThereToo() throws {
        let tls = try identity()
        let body = String(repeating: "t", count: 100_000)
        let served = try Served(delivered: { _ in
            var response = HTTPResponse(200, body: Array(body.utf8))
            response.delivery = Delivery(delayMilliseconds: 30, dribble: .init(chunks: 3, milliseconds: 60))
            return response
        }) { $0.tls = tls }
        var answer: String?
        #expect(seconds { answer = Self.get("/delivered", from: served) } >= 0.09)
        #expect(answer?.hasSuffix("\r\n\r\n" + body) == true)
    }

    @Test(arguments: Delivery.Breakage.allCases)
    func aBrokenAnswerIsAnAbruptEnd(breakage: Delivery.Breakage) throws {
        let tls = try identity()
        let served = try Served(delivered: { _ in
            var response = HTTPResponse(200)
            response.delivery = Delivery(breakage: breakage)
            return response
        }) { $0.tls = tls }
        #expect(Self.get("/delivered", from: served) == "")
        #expect(Self.get("/", from: served) != nil)
    }

    @Test(arguments: [
        (
            TestCertificate.certificate, TestCertificate.otherKey,
            "the key k.pem does not belong to the certificate c.pem"
        ),
        ("no certificate", TestCertificate.key, "c.pem is no certificate"), (TestCertificate.certificate, "", "k.pem"),
        (TestCertificate.key, TestCertificate.certificate, "c.pem is no certificate"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", TestCertificate.key, "cannot use"),
    ])
    func aPairThatDoesNotFitIsSaidInOneLine(certificate: String, key: String, words: String) {
        let refusal = #expect(throws: CannotUseTLS.self) { _ = try identity(certificate: certificate, key: key) }
        #expect(refusal?.description.contains(words) == true, "\(refusal?.description ?? "")")
        #expect(refusal?.description.contains("\n") == false)
    }
}
