import ControlPlane
import HTTPFront
import RawHTTP
import TestSupport
import Testing

/// What a web page may have sent to the control plane is refused; what a client on this machine sends is not.
@Suite struct ForeignRequestTests {
    private static let loopback = [
        "localhost:4080", "localhost", "LOCALHOST", "localhost.", "localhost.:4080", "localhost:",
        "understudy.localhost",
        "a.b.localhost.:1", "127.0.0.1", "127.1.2.3:1", "127.255.255.254:65535", "127.0.0.1.", "[::1]", "[::1]:",
        "[::1]:4080", "[0:0:0:0:0:0:0:1]:80",
    ]
    /// Addresses say themselves where they lead, and names without a dot are never looked up in the public DNS.
    private static let outOfReach = [
        "192.0.2.7:4080", "0.0.0.0", "[2001:db8::7]:4080", "[::ffff:192.0.2.7]", "understudy:4080", "my_pod-7", "pod.",
    ]
    private static let foreign = [
        "rebound.example", "rebound.example:4080", "127.0.0.1.evil.com", "localhost.evil.com", "evillocalhost.com",
        "host.docker.internal:4080", "xn--localhost.com",
    ]
    private static let malformed = [
        "", " ", ".", ":4080", "[::1].evil.com", "[::1]evil", "[::1", "::1", "[::1]:x", "[]", "[127.0.0.1]",
        "[fe80::1%25lo]", "localhost:80@evil.com", "user@localhost", "user:pass@localhost:80", "localhost:0",
        "localhost:65536", "localhost:-1", "localhost:+80", "localhost:80:80", "localhost:000080", "localhost/x",
        "localhost?", "localhost#", "local host", "localhost,localhost", "0x7f.1", "127.1", "127.0.0.01", "2130706433",
        "0x7f000001", "127.0.0.256", "localhost..", "a..localhost", "lo%63alhost", "löcalhost",
        "localhost\u{202E}", String(repeating: "a", count: 64), String(repeating: "a.", count: 150) + "localhost",
    ]

    private static func ask(
        _ method: String, _ target: String, _ fields: [(String, String)], of standIn: StandIn, unixSocket: Bool = false
    ) -> Answer {
        let key = HTTPField("Authorization", "Bearer \(StandIn.neoKey)")
        return Answer(
            standIn.application.respond(
                to: HTTPRequest(
                    method, target, fields: fields.map { HTTPField($0.0, $0.1) } + [key],
                    isFromUnixSocket: unixSocket)))
    }

    private static func ask(_ fields: [(String, String)], of standIn: StandIn, unixSocket: Bool = false) -> Answer {
        ask("GET", "/_understudy/sandbox", fields, of: standIn, unixSocket: unixSocket)
    }

    @Test(arguments: loopback + outOfReach)
    func namesThatNoPageCanTakeAreItsOwn(host: String) throws {
        let standIn = try StandIn()
        #expect(Self.ask([("Host", host)], of: standIn).status == 200)
        #expect(Self.ask("POST", "/_understudy/sandbox/reset", [("Host", host)], of: standIn).status == 200)
    }

    @Test(arguments: foreign)
    func anotherNameIsRefused(host: String) throws {
        let standIn = try StandIn()
        for (method, target) in [
            ("GET", "/_understudy/sandbox"), ("HEAD", "/_understudy/sandbox"), ("GET", "/_understudy/"),
            ("GET", "/_understudy/openapi.json"), ("GET", "/_understudy/sandbox/export"),
            ("GET", "/_understudy/requests"),
            ("POST", "/_understudy/sandbox/reset"), ("GET", "/_understudy/admin/sandboxes"),
            ("POST", "/_understudy/admin/sandboxes"),
        ] {
            let answer = Self.ask(method, target, [("Host", host)], of: standIn)
            #expect(answer.status == 403, "\(method) \(target)")
            #expect(answer.code == "forbidden")
            #expect(
                answer["error.message"]?.string
                    == "The Host '\(host)' is not known to be this server's: the control plane answers under localhost, "
                    + "addresses, names without a dot, and names that are given by --allow-host NAME.")
        }
    }

    @Test(arguments: malformed)
    func aHostThatIsNoneIsRefused(host: String) throws {
        let standIn = try StandIn()
        let answer = Self.ask([("Host", host)], of: standIn)
        #expect(answer.status == 403)
        #expect(answer["error.message"]?.string?.contains("--allow-host NAME") == true)
    }

    @Test func thereIsOneHostAndNoMore() throws {
        let standIn = try StandIn()
        let none = Self.ask([], of: standIn)
        #expect(none.status == 403)
        #expect(none["error.message"]?.string?.hasPrefix("The request has no Host: ") == true)
        let two = Self.ask([("Host", "localhost"), ("host", "localhost")], of: standIn)
        #expect(two.status == 403)
        #expect(two["error.message"]?.string?.hasPrefix("The request has more than one Host: ") == true)
    }

    @Test(arguments: [
        ("localhost:4080", "http://localhost:4080", true), ("LOCALHOST:4080", "http://localhost:4080", true),
        ("localhost.:4080", "http://localhost:4080", true), ("localhost", "http://localhost:80", true),
        ("localhost:80", "http://localhost", true), ("[::1]:4080", "http://[::1]:4080", true),
        // TLS may end in front of it.
        ("localhost", "https://localhost", true), ("localhost:443", "https://localhost", true),
        ("localhost:4080", "https://localhost:4080", true),
        ("localhost:4080", "null", false), ("localhost:4080", "", false),
        ("localhost:4080", "http://evil.example", false), ("localhost:4080", "http://localhost", false),
        ("localhost:4080", "http://localhost:4081", false), ("localhost:4080", "http://127.0.0.1:4080", false),
        ("localhost:4080", "http://192.0.2.7:4080", false), ("localhost:4080", "ftp://localhost:4080", false),
        ("localhost:4080", "http://localhost:4080/", false), ("localhost:4080", "localhost:4080", false),
        ("localhost:4080", "http://localhost:4080@evil.example", false),
        ("localhost:4080", "http://localhost:4080.evil.example", false),
        ("evil.example", "http://evil.example", false), ("evil.example:4080", "http://evil.example:4080", false),
    ])
    func anotherPagesOriginIsRefused(host: String, origin: String, isOwn: Bool) throws {
        for address in ["127.0.0.1", "0.0.0.0"] {
            let standIn = try StandIn { $0.http.host = address }
            for (method, target) in [
                ("GET", "/_understudy/sandbox"), ("GET", "/_understudy/"), ("POST", "/_understudy/sandbox/reset"),
                ("GET", "/_understudy/admin/sandboxes"),
            ] {
                let answer = Self.ask(method, target, [("Host", host), ("Origin", origin)], of: standIn)
                #expect(answer.status == (isOwn ? 200 : 403), "\(method) \(target)")
                if !isOwn { #expect(answer["error.message"]?.string?.contains("--allow-host NAME") == true) }
            }
        }
    }

    @Test func noPageOfATLSServerCameWithoutIt() throws {
        let certificate = Array(TestCertificate.certificate.utf8)
        let tls = try TLSIdentity(
            certificate: certificate, named: "c", key: Array(TestCertificate.key.utf8), named: "k")
        let standIn = try StandIn { $0.http.tls = tls }
        for (scheme, status) in [("https", 200), ("http", 403)] {
            let fields = [("Host", "localhost:4080"), ("Origin", "\(scheme)://localhost:4080")]
            #expect(Self.ask(fields, of: standIn).status == status)
        }
    }

    @Test func everyOriginCounts() throws {
        let own = [("Host", "localhost:4080"), ("Origin", "http://localhost:4080")]
        let answer = Self.ask(own + [("Origin", "http://evil.example")], of: try StandIn())
        #expect(answer.status == 403)
        #expect(
            answer["error.message"]?.string
                == "The Origin 'http://evil.example' is not that of the Host 'localhost:4080': web pages of other origins "
                + "may not use the control plane. A server that is reached by another name takes it by --allow-host NAME."
        )
    }

    @Test(arguments: ["host.docker.internal", "HOST.docker.internal.", "host.docker.internal:4080"])
    func aNameThatIsAllowedIsItsOwn(host: String) throws {
        let standIn = try StandIn { $0.allowedHosts = Set([HostName("Host.Docker.Internal")].compactMap { $0 }) }
        #expect(Self.ask([("Host", host)], of: standIn).status == 200)
        #expect(Self.ask([("Host", host), ("Origin", "http://\(host)")], of: standIn).status == 200)
        #expect(Self.ask([("Host", "x.\(host)")], of: standIn).status == 403)
        #expect(Self.ask([("Host", host), ("Origin", "http://evil.example")], of: standIn).status == 403)
    }

    @Test(arguments: ["/_understudy/health", "/_understudy/metrics"])
    func healthAndMetricsAreAskedUnderAnyName(target: String) throws {
        let standIn = try StandIn()
        for host in Self.foreign { #expect(Self.ask("GET", target, [("Host", host)], of: standIn).status == 200) }
        #expect(Self.ask("GET", target, [], of: standIn).status == 200)
        let page = [("Host", "localhost:4080"), ("Origin", "http://evil.example")]
        #expect(Self.ask("GET", target, page, of: standIn).status == 403)
    }

    @Test(arguments: foreign + ["", "socket"])
    func onAUnixSocketAnyHostIsTaken(host: String) throws {
        let standIn = try StandIn()
        #expect(Self.ask([("Host", host)], of: standIn, unixSocket: true).status == 200)
        #expect(Self.ask([("Host", host), ("Origin", "null")], of: standIn, unixSocket: true).status == 403)
    }

    @Test(arguments: foreign + malformed)
    func theEmulatedAPIsTakeAnyHost(host: String) throws {
        let standIn = try StandIn()
        let fields = [("Host", host), ("Origin", "http://evil.example")]
        #expect(Self.ask("GET", "/public-api/backfills", fields, of: standIn).status == 200)
        #expect(Self.ask("GET", "/nowhere", fields, of: standIn).status == 404)
    }
}
