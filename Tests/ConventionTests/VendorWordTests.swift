import Testing

/// The core knows no emulated API: a vendor's words stand in the vendor's module.
@Suite struct VendorWordTests {
    /// The modules of APIs, with their documents. Every other target under Sources is the core's.
    private static let modules: Set = ["Neo", "NeoDocuments", "Backside", "BacksideDocuments"]
    /// The one place where the program is put together.
    private static let assembly = "Sources/Understudy/Understudy+APIs.swift"

    /// The places of a vendor's words in a file, its name included: `Sources/Time/Zone.swift:12: the line`.
    private static func findings(in file: PackageFiles.File) -> [String] {
        let words = /(?i)\bneo|backside|backfill|agent_?run|byok|bsk_/
        let name = file.path.split(separator: "/").last ?? ""
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        return (name.contains(words) ? ["\(file.path): its name"] : [])
            + lines.filter { $0.element.contains(words) }.map {
                "\(file.path):\($0.offset + 1): \($0.element.trimmingPrefix(while: \.isWhitespace))"
            }
    }

    @Test func noVendorsWordStandsInTheCore() throws {
        let core = try PackageFiles.files(under: "Sources", endingIn: ".swift", ".c", ".h", ".modulemap")
            .filter { !Self.modules.contains($0.target) && $0.path != Self.assembly }
        #expect(
            Set(core.map(\.target)).isSuperset(of: [
                "Understudy", "UnderstudyCommand", "ControlPlane", "Emulation", "Sandboxes", "HTTPFront", "SQLite",
                "Time", "JSON", "Threads", "CGnuTLS", "CMicrohttpd", "CSQLite", "CMalloc", "EmbeddedDocuments",
            ]))
        #expect(core.flatMap(Self.findings) == [])
    }

    @Test(arguments: [
        "import Neo", "    // as NeoAPI does", "let backsideKey = 1", "func advanceBackfills()", "\"/backfills/{id}\"",
        "struct AgentRun {}", "agent_run", "byok_status", "BYOK", "\"bsk_live_\"",
    ])
    func aWordIsFoundHoweverItIsWritten(line: String) {
        let file = PackageFiles.File(path: "Sources/X/Y.swift", text: "import JSON\n\n\(line)\n")
        #expect(Self.findings(in: file) == ["Sources/X/Y.swift:3: \(line.trimmingPrefix(while: \.isWhitespace))"])
    }

    @Test(arguments: ["simultaneous", "agents", "a run of an agent", "front and back", "runs"])
    func otherTextIsPassedOver(line: String) {
        #expect(Self.findings(in: PackageFiles.File(path: "Sources/X/Y.swift", text: line)) == [])
    }

    @Test func aFilesNameIsLookedAtToo() {
        let file = PackageFiles.File(path: "Sources/X/World+Backfills.swift", text: "")
        #expect(Self.findings(in: file) == ["Sources/X/World+Backfills.swift: its name"])
    }
}
