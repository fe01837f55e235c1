import HTTPFront
package import Sandboxes
import Time

/// A running stand-in, in this process.
///
///     let server = try Understudy.start(.init(seed: .blank))
///     defer { server.stop() }
///     // requests to server.url …
public final class Understudy: Sendable {
    /// What this version is called.
    public static let version = "0.1.0"

    /// Where it answers: `http://127.0.0.1:49152`, without a slash at the end; with TLS `https:`.
    public let url: String
    package let port: UInt16
    package let directory: SandboxDirectory
    private let server: HTTPServer
    private let application: any HTTPApplication

    /// Starts a server; it answers when this returns.
    ///
    /// - Throws: `CannotListen`, `CannotStore`, `SeedRefusal` or `NoTimeZones`, each described in one line.
    public static func start(_ configuration: Configuration = Configuration()) throws -> Understudy {
        try Understudy(configuration)
    }

    private init(_ asked: Configuration) throws {
        let configuration = asked.withinDescriptors()
        let assembly = try Assembly(configuration)
        directory = assembly.directory
        application = assembly.application
        server = try HTTPServer(configuration.http, application: assembly.application)
        port = server.port
        let host = configuration.http.host
        let scheme = configuration.http.tls == nil ? "http" : "https"
        url = "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    /// The sandbox that a credential leads to; in open mode one is made for a credential that nobody has named.
    public func sandbox(key: String) -> SandboxControl { SandboxControl(key: key, application: application) }

    /// Whether work is still being done that a stop did not wait for.
    package var isWorking: Bool { directory.isWorking }

    /// Stops accepting, finishes what is being answered, lets go of the data folder. Safe to call twice.
    public func stop() {
        server.stop()
        directory.close()
        LogWriter.standardError.flush(within: 0.3)
    }
}

/// Without time zone data no execution window can be kept.
package struct NoTimeZones: Error, CustomStringConvertible {
    package let description = "cannot find time zone data in \(Zone.systemFolder): install the package tzdata"
}
