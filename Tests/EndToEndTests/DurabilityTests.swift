import Dispatch
import Foundation
import RawHTTP
import SQLite
import Synchronization
import Testing

@Suite struct DurabilityTests {
    /// What the server has said it made.
    private struct Acknowledged: Sendable {
        let key: String
        let id: String
    }

    /// Creates backfills, each with a key of its own, on several connections at once, and kills the server in the midst of it.
    private func createUntilKilled(_ serving: ServingProgram, round: Int, kills: Int) -> [Acknowledged] {
        let acknowledged = Mutex<[Acknowledged]>([])
        let (port, process) = (serving.port, serving.program.processIdentifier)
        DispatchQueue.concurrentPerform(iterations: 4) { worker in
            guard let connection = try? RawConnection(port: port) else { return }
            for number in 0..<10_000 {
                let key = "neo_sk_test_r\(round)w\(worker)n\(number)"
                guard
                    let answer = try? ServingProgram.request(
                        "POST", "/public-api/backfills", key: key, body: createBody, on: connection),
                    answer.status == 201, let id = answer["data.backfill.id"]?.string
                else { return }
                let count = acknowledged.withLock { all in
                    all.append(Acknowledged(key: key, id: id))
                    return all.count
                }
                if count == kills { kill(process, SIGKILL) }
            }
        }
        return acknowledged.withLock { $0 }
    }

    @Test func whatWasAcknowledgedOutlivesAKill() throws {
        let folder = try TemporaryFolder()
        var all: [Acknowledged] = []
        for round in 1...3 {
            let serving = try ServingProgram(["--data", folder.at("data")])
            let made = createUntilKilled(serving, round: round, kills: 20 * round)
            #expect(made.count >= 20 * round)
            #expect(try serving.program.result().exitCode == SIGKILL)
            all += made
        }
        let serving = try ServingProgram(["--data", folder.at("data")])
        let connection = try RawConnection(port: serving.port)
        for one in all {
            let answer = try ServingProgram.request(
                "GET", "/public-api/backfills/\(one.id)", key: one.key, on: connection)
            #expect(answer.status == 200)
            #expect(answer["data.id"]?.string == one.id)
        }
        #expect(try serving.stop().errors == "")
        for name in try folder.files(in: "data").keys where name.hasSuffix(".sqlite") {
            let database = try Database(path: folder.at("data/\(name)"))
            let check = try database.statement("PRAGMA integrity_check")
            #expect(try check.step() && check.text == "ok", "\(name)")
        }
    }

    @Test func aDataFolderIsForOneServerAtATime() throws {
        let folder = try TemporaryFolder()
        let options = ["--data", folder.at("data")]
        let serving = try ServingProgram(options)
        let second = try Program.run(["--port", "0"] + options)
        #expect(second.exitCode == 74)
        #expect(second.errors.contains("another understudy uses it"), "\(second.errors)")
        #expect(second.errorLines.count == 1)
        let created = try serving.request("POST", "/public-api/backfills", key: "neo_sk_test_a", body: createBody)
        #expect(created.status == 201)
        #expect(try serving.stop().exitCode == 0)
        #expect(try ServingProgram(options).stop().exitCode == 0)
    }

    @Test func aSandboxIsTheSameAfterARestart() throws {
        let folder = try TemporaryFolder()
        let options = ["--data", folder.at("data"), "--clock", "manual"]
        let key = "neo_sk_test_restart"
        let first = try ServingProgram(options)
        #expect(try first.request("POST", "/public-api/backfills", key: key, body: createBody).status == 201)
        let before = try [key, nil].map { try first.request("GET", "/_understudy/sandbox/export", key: $0).text }
        #expect(before[0].contains(#""backfills""#))
        #expect(try first.stop().exitCode == 0)
        // The databases are closed: nothing is left to be recovered.
        #expect(try folder.files(in: "data").keys.allSatisfy { $0.hasSuffix(".sqlite") })
        let second = try ServingProgram(options)
        let after = try [key, nil].map { try second.request("GET", "/_understudy/sandbox/export", key: $0).text }
        #expect(before == after)
        #expect(try second.request("POST", "/public-api/backfills", key: key, body: createBody).status == 409)
    }

    @Test func noCredentialStandsInTheDataFolder() throws {
        let folder = try TemporaryFolder()
        let serving = try ServingProgram(["--data", folder.at("data")])
        let secret = "NobodyMayReadThis42"
        let backsideKey = "bsk_live_" + secret + String(repeating: "x", count: 43 - secret.count)
        #expect(
            try serving.request("POST", "/public-api/backfills", key: "neo_sk_test_\(secret)", body: createBody).status
                == 201)
        #expect(
            try serving.request("PATCH", "/_understudy/clock", key: backsideKey, body: #"{"speed": 1}"#).status == 200)
        let running = try folder.files(in: "data")
        #expect(running.keys.filter { $0.hasPrefix("key-") && $0.hasSuffix(".sqlite") }.count == 2)
        #expect(try serving.stop().exitCode == 0)
        // Neither theirs nor those of the seed.
        for (name, bytes) in Array(running) + Array(try folder.files(in: "data")) {
            for token in [secret, "adminKey1", "EverythingUnderstudy"] {
                #expect(bytes.range(of: Data(token.utf8)) == nil, "\(name)")
            }
        }
    }
}
