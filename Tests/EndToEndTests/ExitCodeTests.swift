import Foundation
import Testing

@Suite struct ExitCodeTests {
    /// Options that cannot be, each with the code it ends with. FILE is a regular file, NONE is nothing.
    private static let refused: [(option: String, value: String, code: Int32)] = [
        ("host", "nowhere.invalid", 69), ("port", "x", 64), ("port", "65536", 64), ("port", "-1", 64),
        ("port-file", "FILE/port", 74), ("unix-socket", "FILE/socket", 69), ("unix-socket", "FILE", 69),
        ("unix-socket", "/" + String(repeating: "s", count: 107), 64), ("tls-cert", "NONE", 64),
        ("tls-key", "NONE", 64),
        ("threads", "1", 64), ("threads", "many", 64), ("data", "FILE/below", 74),
        ("data", "FILE", 74), ("seed", "NONE", 74), ("fresh-seed", "NONE", 74), ("mode", "odd", 64),
        ("max-sandboxes", "0", 64), ("memory-limit", "31MiB", 64), ("memory-limit", "1 GiB", 64),
        ("sandbox-limit", "1MB", 64), ("sandbox-limit", "1023KiB", 64), ("sandbox-limit", "1025GiB", 64),
        ("allow-host", "localhost:80", 64), ("allow-host", "http://a.test", 64),
        ("allow-host", "a..test", 64),
        ("clock", "sundial", 64), ("speed", "0", 64), ("speed", "nan", 64), ("speed", "-2", 64), ("speed", "inf", 64),
        ("rate-limit", "maybe", 64), ("admin-token", "fifteen-letters", 64), ("admin-token", "with a space in it", 64),
        ("log-format", "xml", 64), ("no-cors", "perhaps", 64), ("no-control-plane", "perhaps", 64),
        ("log-level", "loud", 64),
    ]

    private static func value(_ value: String, in folder: TemporaryFolder) throws -> String {
        if value.hasPrefix("FILE") { return try folder.write("", to: "file") + value.dropFirst(4) }
        return value == "NONE" ? folder.at("none") : value
    }

    /// One line, unless it is the argument parser that speaks: then help follows it.
    private static func check(_ result: Program.Result, code: Int32, sourceLocation: SourceLocation = #_sourceLocation)
    {
        #expect(result.exitCode == code, "\(result.errors)", sourceLocation: sourceLocation)
        #expect(result.output == "", sourceLocation: sourceLocation)
        if code == 64 {
            #expect(result.errors.hasPrefix("Error: "), "\(result.errors)", sourceLocation: sourceLocation)
        } else {
            #expect(result.errorLines.count == 1, "\(result.errors)", sourceLocation: sourceLocation)
            #expect(result.errors.hasPrefix("understudy: "), "\(result.errors)", sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: refused)
    func anOptionThatCannotBeIsSaid(option: String, value: String, code: Int32) throws {
        let folder = try TemporaryFolder()
        let free = option == "port" ? [] : ["--port", "0"]
        let result = try Program.run(free + ["--\(option)=\(Self.value(value, in: folder))"])
        Self.check(result, code: code)
    }

    @Test(arguments: refused)
    func theEnvironmentIsReadTheSameWay(option: String, value: String, code: Int32) throws {
        let folder = try TemporaryFolder()
        let name = "UNDERSTUDY_" + option.uppercased().replacingOccurrences(of: "-", with: "_")
        var environment = ["UNDERSTUDY_PORT": "0"]
        environment[name] = try Self.value(value, in: folder)
        Self.check(try Program.run([], environment: environment), code: code)
    }

    @Test func aPortInUseIsSaid() throws {
        let serving = try ServingProgram()
        let folder = try TemporaryFolder()
        let result = try Program.run(["--port", "\(serving.port)", "--port-file", folder.at("port")])
        Self.check(result, code: 69)
        #expect(result.errors.contains(":\(serving.port): the port is in use"))
        #expect(!FileManager.default.fileExists(atPath: folder.at("port")))
        #expect(try serving.request("GET", "/_understudy/health").status == 200)
    }

    @Test(arguments: [
        ("", "bad.json: "), ("[1, 2", "bad.json: "), (#"{"agnets": []}"#, "bad.json: agnets: "),
        (#"{"agents": [{"id": "1", "state": "ON"}]}"#, "bad.json: agents[0]"),
    ])
    func aBadSeedSaysWhere(document: String, place: String) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(document, to: "bad.json")
        for option in ["--seed", "--fresh-seed"] {
            let result = try Program.run(["--port", "0", option, file])
            Self.check(result, code: 65)
            #expect(result.errors.contains(place), "\(result.errors)")
        }
    }

    @Test func whatATerminalWouldObeyIsEscaped() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("{\"\u{9B}31m\u{202E}\": 1}", to: "\u{9B}2J.json")
        for arguments in [["--port", "0", "--seed", file], ["--port", "0", "--data", file], ["seed", "check", file]] {
            let result = try Program.run(arguments)
            #expect(result.errors.contains("\\u009b2J.json"), "\(result.errors)")
            #expect(!result.errors.unicodeScalars.contains { (0x80...0x9F).contains($0.value) || $0 == "\u{202E}" })
        }
    }

    @Test func aFolderThatIsNoFileIsNoSeed() throws {
        let folder = try TemporaryFolder()
        Self.check(try Program.run(["--port", "0", "--seed", folder.path]), code: 74)
    }

    @Test func aPortFileThatCannotBeWrittenLeavesNothingBehind() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.at("port"), withIntermediateDirectories: false)
        Self.check(try Program.run(["--port", "0", "--port-file", folder.at("port")]), code: 74)
        #expect(!FileManager.default.fileExists(atPath: folder.at("port.new")))
    }

    @Test(arguments: ["understudy.sqlite", "default.sqlite"])
    func aFileThatIsNoDatabaseIsLeftAlone(name: String) throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.at("data"), withIntermediateDirectories: false)
        let text = String(repeating: "no database at all. ", count: 100)
        _ = try folder.write(text, to: "data/\(name)")
        let result = try Program.run(["--port", "0", "--data", folder.at("data")])
        Self.check(result, code: 74)
        #expect(result.errors.contains("no database"))
        #expect(try folder.files(in: "data")[name] == Data(text.utf8))
    }

    /// What may happen to a database's bytes, and what is said of it then.
    private static let damages: [(file: String, reason: String, damage: @Sendable (inout Data) -> Void)] = [
        (
            "understudy.sqlite", "it is a damaged database",
            { $0.replaceSubrange(100..<2_000, with: Data(repeating: 7, count: 1_900)) }
        ),
        (
            "default.sqlite", "it is a damaged database",
            { $0.replaceSubrange(100..<2_000, with: Data(repeating: 7, count: 1_900)) }
        ),
        ("understudy.sqlite", "it is a damaged database", { $0.removeLast($0.count - 5_000) }),
        ("default.sqlite", "it is a damaged database", { $0.removeLast($0.count - 5_000) }),
        ("default.sqlite", "it is no database of ours", { $0.removeAll() }),
        ("default.sqlite", "it is no database of ours", { $0.replaceSubrange(60..<64, with: [0, 0, 0, 0]) }),
    ]

    /// A data folder with a register and the file of `default`, which is made by the first write.
    private static func makeData(in folder: TemporaryFolder) throws {
        let serving = try ServingProgram(["--data", folder.at("data")])
        #expect(try serving.request("PATCH", "/_understudy/clock", body: #"{"speed": 1}"#).status == 200)
        #expect(try serving.stop().exitCode == 0)
    }

    @Test(arguments: 0..<6)
    func aDamagedDatabaseIsLeftAlone(number: Int) throws {
        let (file, reason, damage) = Self.damages[number]
        let folder = try TemporaryFolder()
        try Self.makeData(in: folder)
        let path = folder.at("data/\(file)")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        damage(&bytes)
        try bytes.write(to: URL(fileURLWithPath: path))
        let result = try Program.run(["--port", "0", "--data", folder.at("data")])
        Self.check(result, code: 74)
        #expect(result.errors.contains("\(path): \(reason); move it away"), "\(result.errors)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    }

    @Test(arguments: ["understudy.sqlite", "default.sqlite"])
    func aDatabaseOfANewerVersionIsLeftAlone(file: String) throws {
        let folder = try TemporaryFolder()
        try Self.makeData(in: folder)
        let path = URL(fileURLWithPath: folder.at("data/\(file)"))
        var bytes = try Data(contentsOf: path)
        // The user version of SQLite's file format: 32 bits, big-endian, at offset 60.
        bytes.replaceSubrange(60..<64, with: [0, 0, 3, 231])
        try bytes.write(to: path)
        let result = try Program.run(["--port", "0", "--data", folder.at("data")])
        Self.check(result, code: 74)
        #expect(result.errors.contains("newer version (schema 999, "))
        #expect(try Data(contentsOf: path) == bytes)
    }
}
