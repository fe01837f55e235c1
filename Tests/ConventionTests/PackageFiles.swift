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

        /// The target that it belongs to: `Sources/Neo/…` is Neo's.
        var target: String { String(path.split(separator: "/").dropFirst().first ?? "") }
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The paths of everything under a folder, seen from the root, in their order.
    static func paths(under folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path).sorted()
            .map { "\(folder)/\($0)" }
    }

    /// Every file under a folder whose name ends so, in the order of their paths.
    static func files(under folder: String, endingIn endings: String...) throws -> [File] {
        try paths(under: folder).filter { path in endings.contains(where: path.hasSuffix) }
            .map { File(path: $0, text: try text($0)) }
    }

    /// Every Swift file under a folder, in the order of their paths.
    static func swiftFiles(under folder: String) throws -> [File] { try files(under: folder, endingIn: ".swift") }
}
