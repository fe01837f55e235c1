import Testing

/// What the compiler does not check of who imports what.
@Suite struct ImportTests {
    private static let modifiers: Set<Substring> = ["package", "public", "internal", "private", "fileprivate"]
    private static let kinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
    ]

    /// The modules that a file imports, whatever stands before or behind the word.
    private static func imports(of file: PackageFiles.File) -> [String] {
        file.text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").drop { $0.hasPrefix("@") || modifiers.contains($0) }
            guard words.first == "import" else { return nil }
            return words.dropFirst().drop { kinds.contains($0) }.first?.split(separator: ".").first.map(String.init)
        }
    }

    @Test(arguments: [
        ("CMicrohttpd", ["HTTPFront"]), ("CSQLite", ["SQLite"]), ("CGnuTLS", ["HTTPFront", "Sandboxes"]),
        ("CMalloc", ["Understudy"]),
    ])
    func aCLibraryIsImportedWhereItBelongs(library: String, targets: [String]) throws {
        let files = try PackageFiles.swiftFiles(under: "Sources").filter { Self.imports(of: $0).contains(library) }
        #expect(Set(files.map(\.target)) == Set(targets), "\(files.map(\.path))")
    }

    @Test func noSourceImportsFoundation() throws {
        let files = try PackageFiles.swiftFiles(under: "Sources")
            .filter { Self.imports(of: $0).contains { $0.hasPrefix("Foundation") } }
        #expect(files.map(\.path) == [])
    }

    @Test(arguments: [
        "import Foundation", "package import Foundation", "@testable import Foundation", "  public import Foundation",
        "@preconcurrency import Foundation", "import struct Foundation.Data", "import Foundation // why",
    ])
    func anImportIsSeenHoweverItIsWritten(line: String) {
        let file = PackageFiles.File(path: "Sources/X/Y.swift", text: "import JSON\n\(line)\n")
        #expect(Self.imports(of: file) == ["JSON", "Foundation"])
    }
}
