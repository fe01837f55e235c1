import Dispatch
import Foundation
import RawHTTP
import Testing

@Suite struct SnapshotDurabilityTests {
    private static let key = "neo_sk_test_snapshots"
    private static let path = "/_understudy/snapshots/before"

    private static func export(_ serving: ServingProgram) throws -> String {
        try serving.request("GET", "/_understudy/sandbox/export", key: key).text
    }

    @Test func aSnapshotOutlivesARestartAndAReset() throws {
        let folder = try TemporaryFolder()
        let options = ["--data", folder.at("data"), "--clock", "manual"]
        let first = try ServingProgram(options)
        #expect(try first.request("POST", "/public-api/backfills", key: Self.key, body: createBody).status == 201)
        let before = try Self.export(first)
        let taken = try first.request("PUT", Self.path, key: Self.key)
        #expect(taken.status == 201)
        _ = try first.request("POST", "/_understudy/clock/advance", key: Self.key, body: #"{"until": "idle"}"#)
        #expect(try first.request("PUT", "/_understudy/snapshots/after", key: Self.key).status == 201)
        #expect(try first.request("DELETE", "/_understudy/snapshots/after", key: Self.key).status == 200)
        #expect(try first.stop(SIGKILL).exitCode == SIGKILL)
        let second = try ServingProgram(options)
        #expect(try second.request("POST", "/_understudy/sandbox/reset", key: Self.key).status == 200)
        let list = try second.request("GET", "/_understudy/snapshots", key: Self.key).text
        #expect(list == #"{"data":["# + taken.text + "]}")
        #expect(try second.request("POST", Self.path + "/restore", key: Self.key).status == 200)
        #expect(try Self.export(second) == before)
        #expect(try second.request("GET", "/_understudy/snapshots").text == #"{"data":[]}"#)
        #expect(try second.stop().exitCode == 0)
        let third = try ServingProgram(options)
        #expect(try Self.export(third) == before)
        #expect(try third.stop().errors == "")
    }

    /// A restore and a reset are each one transaction.
    @Test func aKillInTheMidstOfARestoreLeavesTheOldOrTheNew() throws {
        let folder = try TemporaryFolder()
        let options = ["--data", folder.at("data"), "--clock", "manual"]
        let first = try ServingProgram(options)
        let fresh = try Self.export(first)
        _ = try first.request("POST", "/public-api/backfills", key: Self.key, body: createBody)
        _ = try first.request("POST", "/_understudy/clock/advance", key: Self.key, body: #"{"seconds": 120}"#)
        _ = try first.request("PUT", Self.path, key: Self.key)
        let kept = try Self.export(first)
        #expect(kept != fresh)
        #expect(try first.stop().exitCode == 0)
        for round in 1...4 {
            let serving = try ServingProgram(options)
            #expect([fresh, kept].contains(try Self.export(serving)))
            let (port, process) = (serving.port, serving.program.processIdentifier)
            DispatchQueue.concurrentPerform(iterations: 3) { worker in
                guard let connection = try? RawConnection(port: port) else { return }
                let target = worker == 0 ? "/_understudy/sandbox/reset" : "\(Self.path)/restore"
                for number in 1...1_000 {
                    guard let answer = try? ServingProgram.request("POST", target, key: Self.key, on: connection),
                        answer.status == 200
                    else { return }
                    if worker == 1, number == 3 * round { kill(process, SIGKILL) }
                }
            }
            #expect(try serving.program.result().exitCode == SIGKILL)
        }
    }
}
