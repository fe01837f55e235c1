import Foundation

/// The package's own files, as tests of its conventions read them.
enum PackageFiles {
    /// The folder of Package.swift.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// One file's path from the root, and its text.
    struct File: Sendable {
        let path: String
        let text: String

        /// The target that it belongs to: `Sources/NeoAPI/…` is NeoAPI's.
        var target: String { String(path.split(separator: "/").dropFirst().first ?? "") }
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// Every Swift file under a folder, in the order of their paths.
    static func swiftFiles(under folder: String) throws -> [File] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
        return try names.filter { $0.hasSuffix(".swift") }.sorted().map {
            File(path: "\(folder)/\($0)", text: try text("\(folder)/\($0)"))
        }
    }
}
