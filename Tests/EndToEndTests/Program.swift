import Foundation
import Testing

/// A run of the built `understudy`, from its start to its end.
final class Program {
    /// How a run ended and what it said.
    struct Result {
        let exitCode: Int32
        let output: String
        let errors: String

        var errorLines: [Substring] { errors.split(separator: "\n") }
    }

    /// The built program stands beside the test bundle.
    static var path: String {
        URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("understudy").path
    }

    let folder: TemporaryFolder
    private let process = Process()

    /// Starts it. It sees the given environment and no other variable of its own.
    init(
        _ arguments: [String], environment: [String: String] = [:], folder: TemporaryFolder? = nil,
        launchedBy launcher: [String] = []
    ) throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        process.executableURL = URL(fileURLWithPath: launcher.first ?? Self.path)
        process.arguments = launcher.isEmpty ? arguments : launcher.dropFirst() + [Self.path] + arguments
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("UNDERSTUDY_") }
        process.environment = inherited.merging(environment) { _, given in given }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.file(folder.at("stdout"))
        process.standardError = try Self.file(folder.at("stderr"))
        try process.run()
    }

    deinit { if process.isRunning { send(SIGKILL) } }

    private static func file(_ path: String) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    var isRunning: Bool { process.isRunning }
    var processIdentifier: Int32 { process.processIdentifier }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for its end.
    func result() throws -> Result {
        guard Deadline.met(by: { !process.isRunning }) else {
            send(SIGKILL)
            throw StillRunning()
        }
        return Result(exitCode: process.terminationStatus, output: read("stdout"), errors: read("stderr"))
    }

    /// Runs it from start to end.
    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Result {
        try Program(arguments, environment: environment).result()
    }

    func read(_ name: String) -> String {
        String(decoding: (try? Data(contentsOf: URL(fileURLWithPath: folder.at(name)))) ?? Data(), as: UTF8.self)
    }

    struct StillRunning: Error {}
}

/// Waiting for what another process does.
enum Deadline {
    /// Looks again and again, for a while; false when it never came true.
    static func met(seconds: Double = 30, by condition: () throws -> Bool) rethrows -> Bool {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: .seconds(seconds))
        while clock.now < deadline {
            if try condition() { return true }
            usleep(2_000)
        }
        return false
    }
}
