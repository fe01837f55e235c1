public import ArgumentParser
import ControlPlane
import Emulation
import Glibc
import HTTPFront
import Logging
import Sandboxes
import Time
public import Understudy

/// `understudy serve`: the server itself, until SIGTERM, SIGINT or SIGHUP.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve the APIs and the control plane (the default).")

    @Option(help: "The address to listen on.") var host = "127.0.0.1"
    @Option(help: "The port to listen on; 0 takes a free one.") var port: UInt16 = 4080
    @Option(help: "A file to write the port to once the server listens; removed at exit.") var portFile: String?
    @Option(help: "The path of a Unix socket to listen on as well, without TLS; removed at exit.")
    var unixSocket: String?
    @Option(help: "A certificate in PEM: makes the port speak TLS; with --tls-key.") var tlsCert: String?
    @Option(help: "The certificate's key in PEM, not encrypted.") var tlsKey: String?
    @Option(help: "Threads that answer requests, at least 2 (default: one for each processor).") var threads: Int?
    @Option(help: "A folder to keep the sandboxes in; in memory without it.") var data: String?
    @Option(help: "What the sandbox 'default' starts from: blank, demo or a file.") var seed = "demo"
    @Option(help: "What every other sandbox starts from (default: blank, or --seed when that is a file).")
    var freshSeed: String?
    @Option(help: "open: every well-formed credential gets a sandbox; strict: only credentials that a seed file names.")
    var mode = SandboxConfiguration.Mode.open
    @Option(
        help:
            "The token of whoever may act on every sandbox, at least 16 characters; without it, in open mode, anybody.")
    var adminToken: String?
    @Option(
        help:
            "A name that the control plane answers under besides localhost, addresses and names without a dot; may be given several times."
    )
    var allowHost: [String] = []
    @Option(help: "How many sandboxes are kept; past that one goes that was not used for ten minutes.")
    var maxSandboxes = 10_000
    @Option(
        help:
            "How much memory all sandboxes may take, like 600MiB or 2GiB (default: half of what there is, at most 2GiB)."
    )
    var memoryLimit: ByteSize?
    @Option(help: "How much one sandbox may take, its files included.") var sandboxLimit = ByteSize(bytes: 128 << 20)
    @Option(help: "How time passes in sandboxes: real, manual or poll (default: as the seed says).")
    var clock: Understudy.Clock?
    @Option(help: "How fast a real clock runs: 60 makes a minute of every second (default: as the seed says).")
    var speed: Double?
    @Option(help: "on: the documented limits; count: counted, never refused; off: neither.")
    var rateLimit = PipelineConfiguration.RateLimiting.on
    @Option(help: "How many requests the journal of each sandbox keeps; 0 turns it off.") var journal = 1_000
    @Flag(help: "Hold every answer against its OpenAPI document, and say which break it.") var checkContract = false
    @Flag(help: "Ignore what requests ask for by Prefer: code=… and delay=….") var noPrefer = false
    @Flag(help: "Nothing under /_understudy but health.") var noControlPlane = false
    @Flag(help: "No CORS headers: web pages of other origins may not call the APIs.") var noCors = false
    @Option(help: "How log lines look: text or json.") var logFormat = LogFormat.text
    @Option(help: "trace, debug, info, notice, warning, error or critical (default: notice).", transform: readLogLevel)
    var logLevel = Logger.Level.notice

    func validate() throws {
        if let threads, !(2...1024).contains(threads) {
            throw ValidationError("--threads takes a number from 2 to 1024.")
        }
        if (tlsCert == nil) != (tlsKey == nil) {
            throw ValidationError("--tls-cert and --tls-key belong together: give both or neither.")
        }
        let longest = HTTPServerConfiguration.maximumSocketPathBytes
        if let unixSocket, !(1...longest).contains(unixSocket.utf8.count) {
            throw ValidationError("--unix-socket takes a path of 1 to \(longest) bytes.")
        }
        if let adminToken, AdminToken(adminToken) == nil {
            throw ValidationError(
                "--admin-token takes at least \(AdminToken.minimumLength) visible ASCII characters, and no space.")
        }
        if let name = allowHost.first(where: { HostName($0) == nil }) {
            throw ValidationError("--allow-host takes a host name without a port, not '\(name)'.")
        }
        if let memoryLimit, memoryLimit.bytes < 32 << 20 {
            throw ValidationError("--memory-limit takes at least 32MiB.")
        }
        if !(1 << 20...1 << 40).contains(sandboxLimit.bytes) {
            throw ValidationError("--sandbox-limit takes a size from 1MiB to 1024GiB.")
        }
        if maxSandboxes < 1 { throw ValidationError("--max-sandboxes takes a number from 1.") }
        if !(0...1_000_000).contains(journal) { throw ValidationError("--journal takes a number from 0 to 1000000.") }
        if let speed, !(speed > 0 && speed <= 1_000_000) {
            throw ValidationError("--speed takes a number above 0, at most 1000000.")
        }
    }

    func run() throws {
        let signals = StopSignals()
        FileLimit.raise()
        let server: Understudy
        do {
            server = try Understudy.start(try serverConfiguration())
        } catch let refusal as SeedRefusal {
            throw StartFailure.badSeed(refusal, among: [seed] + (freshSeed.map { [$0] } ?? []))
        } catch {
            throw StartFailure.report(error)
        }
        // What reading the seed took goes back to the system, instead of waiting for a use in this process.
        Understudy.giveMemoryBack()
        if let portFile { try PortFile.write(server.port, to: portFile, orStop: server) }
        StartScreen(
            server: server, unixSocket: unixSocket, seed: seed, mode: mode, hasControlPlane: !noControlPlane
        ).print()
        if mode == .open, adminToken == nil, !listensOnLoopback { warn() }
        signals.wait()
        server.stop()
        if let portFile { unlink(portFile) }
        // Work that was not done in time is undone by the store. Nothing of the process is torn down under it.
        if server.isWorking { _exit(0) }
    }

    private var listensOnLoopback: Bool {
        HostName(host.contains(":") ? "[\(host)]" : host)?.isLoopback ?? false
    }

    private func warn() {
        Understudy.Configuration.logger(logFormat).warning(
            "listening on \(host) in open mode without --admin-token: anybody who reaches this port can use every sandbox"
        )
    }

    private func serverConfiguration() throws -> Understudy.Configuration {
        var configuration = Understudy.Configuration(seed: try SeedArgument.seed(seed))
        configuration.freshSeed = try freshSeed.map { try SeedArgument.seed($0) }
        configuration.http.host = host
        configuration.http.port = port
        configuration.http.unixSocket = unixSocket
        if let tlsCert, let tlsKey {
            configuration.http.tls = try TLSIdentity(
                certificate: try Self.bytes(ofFile: tlsCert, for: "--tls-cert"), named: tlsCert,
                key: try Self.bytes(ofFile: tlsKey, for: "--tls-key"), named: tlsKey)
        }
        configuration.http.threads = threads ?? max(2, min(64, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
        configuration.dataFolder = data
        configuration.mode = mode
        configuration.maximumSandboxes = maxSandboxes
        configuration.memoryLimit = memoryLimit?.bytes
        configuration.sandboxLimit = sandboxLimit.bytes
        configuration.clock = clock
        configuration.clockSpeed = speed
        configuration.rateLimiting = rateLimit
        configuration.journalEntries = journal
        configuration.checksContract = checkContract
        configuration.honorsPrefer = !noPrefer
        configuration.adminToken = adminToken.flatMap { AdminToken($0) }
        configuration.allowedHosts = Set(allowHost.compactMap { HostName($0) })
        configuration.hasControlPlane = !noControlPlane
        configuration.allowsCrossOrigin = !noCors
        configuration.logger = Understudy.Configuration.logger(logFormat, level: logLevel)
        return configuration
    }

    private static func bytes(ofFile path: String, for option: String) throws -> [UInt8] {
        guard let bytes = TextFile.read(path, limit: 1 << 20) else {
            let reason = String(cString: strerror(errno))
            throw StartFailure.exit(74, "cannot read \(path): \(reason); give \(option) a PEM file")
        }
        return bytes
    }
}

extension SandboxConfiguration.Mode: ExpressibleByArgument {}
extension Understudy.Clock: ExpressibleByArgument {}
extension PipelineConfiguration.RateLimiting: ExpressibleByArgument {}
extension LogFormat: ExpressibleByArgument {}
extension ByteSize: ExpressibleByArgument {
    /// As people write it: `600MiB`.
    public init?(argument: String) { self.init(argument) }
    /// The same.
    public var defaultValueDescription: String { description }
}

private func readLogLevel(_ text: String) throws -> Logger.Level {
    guard let level = Logger.Level(rawValue: text) else {
        throw ValidationError("Choose from \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    return level
}

/// SIGTERM, SIGINT and SIGHUP, waited for instead of handled: that works for process 1 of a container as well.
private struct StopSignals {
    private var set = sigset_t()

    /// Blocks the signals, for this thread and all that it starts later. A broken pipe and a file that may not grow are
    /// error codes, not deaths.
    init() {
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        // Who starts a program by nohup wants it to outlive the terminal.
        var hangUp = sigaction()
        if sigaction(SIGHUP, nil, &hangUp) == 0, !Self.isIgnored(hangUp) { sigaddset(&set, SIGHUP) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }

    /// `SIG_IGN` is the number 1 in the place of a function.
    private static func isIgnored(_ action: sigaction) -> Bool {
        unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    func wait() {
        var set = set
        var received: Int32 = 0
        sigwait(&set, &received)
    }
}

/// The limit of open files: raised as far as the system lets us, for many connections.
private enum FileLimit {
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

/// The file that tells scripts which port was taken.
private enum PortFile {
    static func write(_ port: UInt16, to path: String, orStop server: Understudy) throws {
        guard TextFile.write("\(port)\n", to: path + ".new"), rename(path + ".new", path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(path + ".new")
            server.stop()
            throw StartFailure.exit(
                74, "cannot write the port file \(path): \(reason); give --port-file a path that can be written")
        }
    }
}
