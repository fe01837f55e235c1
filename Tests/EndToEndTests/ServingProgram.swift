import Foundation
import JSON
import RawHTTP
import Testing

/// A built `understudy` that serves on a free port, with the port file in a folder of its own.
final class ServingProgram {
    let program: Program
    let port: UInt16
    let portFile: String

    /// - Parameter launchedBy: a program, with its arguments, that turns into this one.
    init(
        _ arguments: [String] = [], environment: [String: String] = [:], folder: TemporaryFolder? = nil,
        launchedBy launcher: [String] = []
    ) throws {
        let folder = try folder ?? TemporaryFolder()
        let portFile = folder.at("port-\(UUID().uuidString)")
        let program = try Program(
            ["--port", "0", "--port-file", portFile] + arguments, environment: environment, folder: folder,
            launchedBy: launcher)
        self.program = program
        self.portFile = portFile
        var found: UInt16?
        _ = Deadline.met {
            found = (try? String(contentsOfFile: portFile, encoding: .utf8)).flatMap {
                UInt16($0.trimmingCharacters(in: .newlines))
            }
            return found != nil || !program.isRunning
        }
        port = try #require(found, "\(program.read("stderr"))")
    }

    /// Asks on a connection of its own.
    func request(_ method: String, _ target: String, key: String? = nil, body: String? = nil) throws -> Answer {
        try Self.request(method, target, key: key, body: body, on: RawConnection(port: port))
    }

    static func request(
        _ method: String, _ target: String, key: String? = nil, body: String? = nil, on connection: RawConnection
    ) throws -> Answer {
        let fields = key.map { [("Authorization", "Bearer \($0)")] } ?? []
        guard let raw = try connection.request(method, target, fields: fields, body: body) else { throw HungUp() }
        return Answer(raw)
    }

    /// The server closed the connection instead of answering.
    struct HungUp: Error {}

    /// Ends it as an operator would, and gives how it ended.
    func stop(_ signal: Int32 = SIGTERM) throws -> Program.Result {
        program.send(signal)
        return try program.result()
    }
}

/// An answer, with its JSON at hand.
struct Answer {
    let status: Int
    let raw: RawAnswer
    let json: JSONNode?

    init(_ raw: RawAnswer) {
        status = raw.status
        self.raw = raw
        json = try? JSONParser.parse(raw.body)
    }

    var text: String { raw.text }

    /// The value at a path like `data.backfill.id`.
    subscript(path: String) -> JSONNode? {
        path.split(separator: ".").reduce(json) { node, step in node?.object?[String(step)] }
    }
}
