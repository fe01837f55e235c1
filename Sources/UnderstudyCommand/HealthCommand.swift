import ArgumentParser
import HTTPFront

/// `understudy health`: asks a running server how it is. A container's health check without a second program.
struct HealthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Ask a running server how it is: exit 0 when it is well, 69 when not.")

    @Option(help: "The address it listens on.") var host = "127.0.0.1"
    @Option(help: "The port it listens on.") var port: UInt16 = 4080
    @Option(help: "The Unix socket it listens on: asked instead of the port.") var unixSocket: String?
    @Option(help: "The certificate it was started with: ask by TLS. The certificate itself is not checked.")
    var tlsCert: String?

    func run() throws {
        let answer = LoneRequest(to: place).get("/_understudy/health", upTo: 12)
        guard answer?.elementsEqual("HTTP/1.1 200".utf8) == true else {
            throw StartFailure.exit(69, "no healthy server at \(unixSocket ?? "\(host):\(port)")")
        }
    }

    private var place: LoneRequest.Place {
        if let unixSocket { return .unixSocket(path: unixSocket) }
        return tlsCert == nil ? .port(host: host, port) : .tlsPort(host: host, port)
    }
}
