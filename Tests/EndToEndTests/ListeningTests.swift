import Foundation
import RawHTTP
import Testing

@Suite struct ListeningTests {
    /// Certificate and key as files, and the options that name them.
    private static func pair(in folder: TemporaryFolder, key: String = TestCertificate.key) throws -> [String] {
        [
            "--tls-cert", try folder.write(TestCertificate.certificate, to: "cert.pem"), "--tls-key",
            try folder.write(key, to: "key.pem"),
        ]
    }

    /// A path that is short enough wherever temporary folders are.
    private static func socketPath() -> String { "/tmp/understudy-\(UUID().uuidString).sock" }

    @Test func aUnixSocketIsServedBesideThePort() throws {
        let path = Self.socketPath()
        let serving = try ServingProgram(["--unix-socket", path])
        let connection = try RawConnection(unixSocket: path)
        let fields = [("Host", "localhost"), ("Authorization", "Bearer neo_sk_test_socket")]
        let request = "POST /_understudy/sandbox/reset HTTP/1.1\r\n" + fields.map { "\($0): \($1)\r\n" }.joined()
        try connection.send(request + "Content-Length: 0\r\n\r\n")
        #expect(try connection.answer()?.status == 200)
        #expect(try serving.request("GET", "/_understudy/health").status == 200)
        #expect(try Program.run(["health", "--unix-socket", path, "--port", "1"]).exitCode == 0)
        #expect(try Program.run(["health"], environment: ["UNDERSTUDY_UNIX_SOCKET": path]).exitCode == 0)
        let result = try serving.stop()
        #expect(result.exitCode == 0)
        #expect(result.output.contains("  Unix socket    \(path)\n"))
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(try Program.run(["health", "--unix-socket", path]).exitCode == 69)
    }

    /// The status of a look at a sandbox under that name.
    private static func status(under host: String, on connection: RawConnection) throws -> Int? {
        try connection.send("GET /_understudy/sandbox HTTP/1.1\r\nHost: \(host)\r\n\r\n")
        return try connection.answer()?.status
    }

    @Test func theControlPlaneAnswersUnderNamesThatAreAllowed() throws {
        let path = Self.socketPath()
        let options = ["--allow-host", "host.docker.internal", "--allow-host", "understudy.test"]
        let listed = ["UNDERSTUDY_ALLOW_HOST": "host.docker.internal, understudy.test"]
        for (arguments, environment) in [(options, [:]), ([], listed), (options, ["UNDERSTUDY_ALLOW_HOST": "a.test"])] {
            let serving = try ServingProgram(arguments + ["--unix-socket", path], environment: environment)
            for (host, status) in [
                ("localhost:\(serving.port)", 200), ("host.docker.internal:1", 200), ("understudy.test.", 200),
                ("a.test", 403), ("evil.example", 403),
            ] {
                #expect(try Self.status(under: host, on: RawConnection(port: serving.port)) == status, "\(host)")
                let socket = try RawConnection(unixSocket: path)
                #expect(try Self.status(under: host, on: socket) == 200, "\(host)")
                // A body is read there as well, whatever the Host.
                let body = #"{"mode": "manual"}"#
                try socket.send(
                    "PATCH /_understudy/clock HTTP/1.1\r\nHost: \(host)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                )
                #expect(try socket.answer()?.status == 200, "\(host)")
            }
            #expect(try serving.stop().exitCode == 0)
        }
    }

    @Test func aKilledServersSocketIsTakenALiveOnesIsNot() throws {
        let path = Self.socketPath()
        defer { unlink(path) }
        let killed = try ServingProgram(["--unix-socket", path])
        _ = try killed.stop(SIGKILL)
        #expect(FileManager.default.fileExists(atPath: path))
        let serving = try ServingProgram(["--unix-socket", path])
        let second = try Program.run(["--port", "0", "--unix-socket", path])
        #expect(second.exitCode == 69)
        #expect(second.errorLines.count == 1)
        #expect(second.errors.contains("--unix-socket"))
        #expect(try RawConnection(unixSocket: path).request("GET", "/_understudy/health")?.status == 200)
        #expect(try serving.stop().exitCode == 0)
    }

    @Test func withACertificateThePortSpeaksTLS() throws {
        let folder = try TemporaryFolder()
        let pair = try Self.pair(in: folder)
        let serving = try ServingProgram(pair)
        let port = "\(serving.port)"
        #expect(try Program.run(["health", "--port", port, "--tls-cert", pair[1]]).exitCode == 0)
        let environment = ["UNDERSTUDY_PORT": port, "UNDERSTUDY_TLS_CERT": pair[1], "UNDERSTUDY_TLS_KEY": pair[3]]
        #expect(try Program.run(["health"], environment: environment).exitCode == 0)
        // Without it there is no HTTP to be had.
        #expect(try Program.run(["health", "--port", port]).exitCode == 69)
        let result = try serving.stop()
        #expect(result.exitCode == 0)
        #expect(result.output.contains("  https://127.0.0.1:\(port)/public-api "))
        #expect(result.output.contains("curl -sk https://127.0.0.1:\(port)/public-api/backfills "))
        #expect(!result.output.contains("http://"))
    }

    @Test func aPairThatCannotBeIsSaidAtStart() throws {
        let folder = try TemporaryFolder()
        let pair = try Self.pair(in: folder)
        let other = try folder.write(TestCertificate.otherKey, to: "other.pem")
        let (good, key) = (pair[1], pair[3])
        for (certificate, key, words) in [
            (good, other, "does not belong to"), (good, good, "no key in PEM"), (key, key, "no certificate in PEM"),
            (good, folder.at("nothing"), "cannot read"), (folder.path, key, "cannot read"),
        ] {
            let result = try Program.run(["--port", "0", "--tls-cert", certificate, "--tls-key", key])
            #expect(result.exitCode == 74)
            #expect(result.errorLines.count == 1, "\(result.errors)")
            #expect(result.errors.hasPrefix("understudy: ") && result.errors.contains(words), "\(result.errors)")
        }
    }
}
