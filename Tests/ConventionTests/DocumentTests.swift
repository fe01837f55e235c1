import Testing

/// What documents say of the code, and the code of documents.
@Suite struct DocumentTests {
    @Test func everyReferenceToFidelityNamesAHeading() throws {
        let headings = Set(try PackageFiles.text("docs/FIDELITY.md").matches(of: /(?m)^#+ (.+)$/).map { String($0.1) })
        var count = 0
        for file in try PackageFiles.swiftFiles(under: "Sources") {
            // A comment may break its line anywhere inside a reference.
            let text = file.text.replacing(/\n\s*\/\/+ ?/, with: " ")
            for reference in text.matches(of: /docs\/FIDELITY\.md,\s+"([^"]+)"/) {
                count += 1
                #expect(headings.contains(String(reference.1)), "\(file.path) names \"\(reference.1)\"")
            }
        }
        #expect(count > 0)
    }

    @Test func everyTestThatFidelityNamesExists() throws {
        let tests = Set(
            try PackageFiles.swiftFiles(under: "Tests").flatMap { file in
                file.text.matches(of: /func (\w+)\(/).map { String($0.1) }
            })
        let named = Set(
            try PackageFiles.text("docs/FIDELITY.md").split(separator: "\n").flatMap { line -> [String] in
                // The last of a row's four cells names its tests.
                let cells = line.split(separator: "|")
                return cells.count == 4 ? cells[3].matches(of: /`(\w+)`/).map { String($0.1) } : []
            })
        #expect(!named.isEmpty)
        #expect(named.subtracting(tests).sorted() == [])
    }

    @Test func everyFileThatADocumentNamesExists() throws {
        let files = Set(
            try ["Sources", "Tests", "Fuzzing"].flatMap { try PackageFiles.swiftFiles(under: $0) }
                .map { $0.path.split(separator: "/").last.map(String.init) ?? "" })
        for page in ["FIDELITY", "TESTING", "SECURITY", "PERFORMANCE", "ARCHITECTURE"] {
            let text = try PackageFiles.text("docs/\(page).md")
            let named = Set(text.matches(of: /`(?:[\w+]+\/)*([\w+]+\.swift)`/).map { String($0.1) })
            #expect(named.subtracting(files).sorted() == [], "\(page)")
        }
    }

    @Test func theArchitecturesFoldersAreThoseOfTheSources() throws {
        let page = try PackageFiles.text("docs/ARCHITECTURE.md")
        let folders = Set(
            try PackageFiles.swiftFiles(under: "Sources").flatMap { file in
                let parts = file.path.split(separator: "/").dropLast()
                return parts.indices.map { parts[...$0].joined(separator: "/") }
            })
        let rows = page.split(separator: "\n").compactMap { $0.hasPrefix("| ") ? $0.split(separator: "|").first : nil }
        let named = rows.flatMap { $0.matches(of: /`([\w\/]+)\/`/).map { String($0.1) } }
        #expect(!named.isEmpty)
        for folder in named { #expect(folders.contains { $0.hasSuffix("/\(folder)") }, "\(folder)") }
        // And the drawing has every target.
        let drawing = try #require(page.firstMatch(of: /(?s)\n```\n(.+?)\n```/)).1
        let words = Set(drawing.split { !$0.isLetter }.map(String.init))
        let targets = try PackageFiles.paths(under: "Sources").map { $0.split(separator: "/")[1] }
        #expect(Set(targets.map(String.init)).subtracting(words).sorted() == [])
    }

    @Test func everyOptionHasItsLineInTheCommandsPage() throws {
        let source = try PackageFiles.text("Sources/UnderstudyCommand/EnvironmentTwins.swift")
        let lists = source.matches(of: /static let (?:options|lists|flags) = \[([^\]]+)\]/).map(\.1)
        #expect(lists.count == 3)
        let options = lists.flatMap { $0.matches(of: /"([a-z-]+)"/).map { String($0.1) } }
        #expect(!options.isEmpty)
        let page = try PackageFiles.text("docs/COMMAND.md")
        for option in options {
            let twin = "UNDERSTUDY_" + option.uppercased().replacing("-", with: "_")
            #expect(page.contains("| `--\(option)` | `\(twin)` |"), "--\(option)")
        }
    }

    @Test func everyOptionOfServeHasATwin() throws {
        let source = try PackageFiles.text("Sources/UnderstudyCommand/Serve.swift")
        let twins = try PackageFiles.text("Sources/UnderstudyCommand/EnvironmentTwins.swift")
        let options = source.matches(of: /@(?:Option|Flag)\([^\n]+\)\s+var (\w+)/).map { String($0.1) }
        #expect(!options.isEmpty)
        for option in options {
            let name = option.replacing(/[A-Z]/) { "-\($0.output.lowercased())" }
            #expect(twins.contains("\"\(name)\""), "--\(name)")
        }
    }

    @Test func theControlPlanesOwnDocumentNamesNoAPI() throws {
        let text = try PackageFiles.text("openapi/control-plane.json")
        let words = /(?i)\bneo|backside|backfill|\bagent|\bentit|execution|workflow|byok|bsk_|public[-_]api|\/api\/v1/
        #expect(text.matches(of: words).map { String($0.0) } == [])
    }
}
