import Foundation
import JSON
import RawHTTP
import SQLite
import Testing

/// What the files under `--data` are, and what is said when they do not belong together.
@Suite struct DataFolderTests {
    private static let token = "OpenSesame-of-the-admin"
    private static let environment = ["UNDERSTUDY_ADMIN_TOKEN": token]

    /// A folder in which a server has made a sandbox for an admin and one at first use, and was killed or stopped.
    private static func used(_ folder: TemporaryFolder, by signal: Int32, admin: String? = "team") throws {
        let serving = try ServingProgram(["--data", folder.at("data")], environment: environment)
        #expect(
            try serving.request("POST", "/public-api/backfills", key: "neo_sk_test_one", body: createBody).status == 201
        )
        #expect(try serving.request("PUT", "/_understudy/snapshots/one", key: "neo_sk_test_one").status == 201)
        if let admin {
            let body = #"{"name": "\#(admin)"}"#
            let made = try serving.request("POST", "/_understudy/admin/sandboxes", key: token, body: body)
            let key = try #require(made["credentials"]?.array?.first?.object?["token"]?.string)
            #expect(try serving.request("POST", "/public-api/backfills", key: key, body: createBody).status == 201)
        }
        _ = try serving.stop(signal)
    }

    private static func countFrom1970(_ path: String) throws {
        let database = try Database(path: path)
        for (table, columns) in [
            ("backfill", ["created_at", "started_at", "completed_at", "ticked_at", "due_at"]),
            ("backfill_signal", ["sent_at"]), ("execution", ["created_at", "ends_at"]),
            ("run", ["deadline_at", "run_at", "enqueued_at", "due_at", "created_at", "updated_at"]),
            ("run_step", ["started_at", "completed_at"]),
        ] {
            let changes = columns.map { "\($0) = \($0) + clock_start" }.joined(separator: ", ")
            try database.execute(script: "UPDATE \(table) SET \(changes) FROM sandbox")
        }
        try database.execute(script: "UPDATE module SET version = 1")
    }

    private static func start(_ folder: TemporaryFolder) throws -> Program.Result {
        try Program.run(["--port", "0", "--data", folder.at("data")])
    }

    /// The rights of every file, by name.
    private static func rights(in folder: TemporaryFolder) throws -> [String: Int] {
        try FileManager.default.contentsOfDirectory(atPath: folder.at("data")).reduce(into: [:]) { rights, name in
            let found = try FileManager.default.attributesOfItem(atPath: folder.at("data/\(name)"))
            rights[name] = (found[.posixPermissions] as? NSNumber)?.intValue
        }
    }

    /// Before version 2 of both APIs' tables, the times of work counted from 1970.
    @Test func aFolderWhoseTimesCountFrom1970IsBroughtUpToDate() throws {
        let folder = try TemporaryFolder()
        let arguments = ["--data", folder.at("data"), "--seed", "demo", "--clock", "manual"]
        func exported(by serving: ServingProgram) throws -> String {
            try serving.request("GET", "/_understudy/sandbox/export", key: "neo_sk_test_adminKey1").text
        }
        var serving = try ServingProgram(arguments)
        let advance = try serving.request(
            "POST", "/_understudy/clock/advance", key: "neo_sk_test_adminKey1", body: #"{"seconds": 20}"#)
        #expect(advance.status == 200)
        let before = try exported(by: serving)
        _ = try serving.stop(SIGTERM)

        try Self.countFrom1970(folder.at("data/default.sqlite"))
        serving = try ServingProgram(arguments)
        #expect(try exported(by: serving) == before)
        #expect(before.contains("RUNNING"))
        _ = try serving.stop(SIGTERM)
    }

    @Test func filesAreTheirOwnersWhateverTheMaskSays() throws {
        let folder = try TemporaryFolder()
        let script =
            "umask 0; exec \(Program.path) --port 0 --port-file \(folder.at("port")) --data \(folder.at("data"))"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        defer { process.terminate() }
        var port: UInt16?
        _ = Deadline.met {
            port = (try? String(contentsOfFile: folder.at("port"), encoding: .utf8)).flatMap {
                UInt16($0.trimmingCharacters(in: .newlines))
            }
            return port != nil
        }
        let connection = try RawConnection(port: try #require(port))
        for (method, target, body) in [
            ("POST", "/public-api/backfills", createBody), ("PUT", "/_understudy/snapshots/one", nil as String?),
        ] {
            let answer = try ServingProgram.request(method, target, key: "neo_sk_test_one", body: body, on: connection)
            #expect(answer.status == 201)
        }
        let rights = try Self.rights(in: folder)
        for ending in [".sqlite", ".sqlite-wal", ".sqlite-shm", ".snapshots"] {
            #expect(rights.keys.contains { $0.hasSuffix(ending) }, "\(ending)")
        }
        #expect(rights.filter { $0.value != 0o600 } == [:])
        let found = try FileManager.default.attributesOfItem(atPath: folder.at("data"))
        #expect((found[.posixPermissions] as? NSNumber)?.intValue == 0o700)
    }

    @Test func anOlderVersionsFilesBecomeTheirOwners() throws {
        let folder = try TemporaryFolder()
        try Self.used(folder, by: SIGKILL)
        for name in try Self.rights(in: folder).keys { chmod(folder.at("data/\(name)"), 0o644) }
        let serving = try ServingProgram(["--data", folder.at("data")], environment: Self.environment)
        #expect(try serving.request("GET", "/_understudy/snapshots", key: "neo_sk_test_one").status == 200)
        let opened = try Self.rights(in: folder).filter { !$0.key.hasPrefix("team") }
        #expect(opened.filter { $0.value != 0o600 } == [:])
        #expect(try serving.stop().exitCode == 0)
    }

    @Test(arguments: ["missing", "empty"], [SIGTERM, SIGKILL])
    func withoutItsRegisterAFolderIsNotServed(what: String, signal: Int32) throws {
        for admin in ["team", nil] {
            let folder = try TemporaryFolder()
            try Self.used(folder, by: signal, admin: admin)
            let register = folder.at("data/understudy.sqlite")
            if what == "empty" { truncate(register, 0) } else { unlink(register) }
            let before = try folder.files(in: "data")
            let result = try Self.start(folder)
            #expect(result.exitCode == 74)
            #expect(
                result.errors
                    == "understudy: cannot use \(folder.at("data")): \(register), the register of the sandboxes that are "
                    + "there, is \(what); put it back from a copy, or move the other files away to start anew, or give --data "
                    + "another folder\n")
            #expect(try folder.files(in: "data") == before)
        }
    }

    @Test func anotherFoldersRegisterIsRefused() throws {
        let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
        try Self.used(folder, by: SIGTERM)
        try Self.used(other, by: SIGTERM, admin: "another")
        let register = folder.at("data/understudy.sqlite")
        unlink(register)
        try FileManager.default.copyItem(atPath: other.at("data/understudy.sqlite"), toPath: register)
        let result = try Self.start(folder)
        #expect(result.exitCode == 74)
        #expect(
            result.errors
                == "understudy: cannot use \(folder.at("data")): the register \(register) does not know the sandbox in "
                + "team.sqlite; put the right register back, or move the file away, or give --data another folder\n")
    }

    @Test func aRegisterWhoseRowsAreDamagedIsRefused() throws {
        let folder = try TemporaryFolder()
        try Self.used(folder, by: SIGTERM)
        let path = URL(fileURLWithPath: folder.at("data/understudy.sqlite"))
        let whole = try Data(contentsOf: path)
        // Every page but the first, one after the other.
        for page in 1..<(whole.count / 4096) {
            var bytes = whole
            bytes.replaceSubrange(page * 4096..<(page + 1) * 4096, with: Data(repeating: 7, count: 4096))
            try bytes.write(to: path)
            let result = try Self.start(folder)
            #expect(result.exitCode == 74)
            #expect(
                result.errors.contains("understudy.sqlite: it is a damaged database; move it away"), "\(result.errors)")
        }
    }

    @Test func aFileWithoutItsRowIsServedWhereAKillLeavesOne() throws {
        let folder = try TemporaryFolder()
        try Self.used(folder, by: SIGKILL)
        // As a server that is killed between the file of a first use and its row, or before a file has got its name.
        for name in ["key-0123456789abcdef.sqlite", "tenant-0123456789abcdef.sqlite", "late.sqlite.new"] {
            try FileManager.default.copyItem(
                atPath: folder.at("data/team.sqlite"), toPath: folder.at("data/\(name)"))
        }
        let serving = try ServingProgram(["--data", folder.at("data")], environment: Self.environment)
        let team = try serving.request("GET", "/_understudy/admin/sandboxes/team", key: Self.token)
        #expect(team.status == 200)
        #expect(try serving.stop().exitCode == 0)
    }
}
