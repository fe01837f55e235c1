import Dispatch
import Foundation
import RawHTTP
import Synchronization
import Testing

@Suite struct SignalTests {
    @Test(arguments: [SIGTERM, SIGINT, SIGHUP], [false, true])
    func aSignalEndsItCleanly(signal: Int32, withOpenConnection: Bool) throws {
        let serving = try ServingProgram()
        let connection = withOpenConnection ? try RawConnection(port: serving.port) : nil
        if let connection {
            #expect(try ServingProgram.request("GET", "/_understudy/health", on: connection).status == 200)
        }
        let start = ContinuousClock.now
        let result = try serving.stop(signal)
        #expect(ContinuousClock.now - start < .seconds(2))
        #expect(result.exitCode == 0)
        #expect(result.errors == "")
        #expect(!FileManager.default.fileExists(atPath: serving.portFile))
        #expect(try connection?.untilClosed() ?? [] == [])
    }

    /// As `nohup` starts a program.
    @Test func anIgnoredHangUpStaysIgnored() throws {
        let serving = try ServingProgram(launchedBy: ["/bin/sh", "-c", #"trap "" HUP; exec "$0" "$@""#])
        kill(serving.program.processIdentifier, SIGHUP)
        #expect(try serving.request("GET", "/_understudy/health").status == 200)
        #expect(try serving.stop().exitCode == 0)
    }

    @Test func aSecondSignalChangesNothing() throws {
        let serving = try ServingProgram()
        for _ in 0..<3 { serving.program.send(SIGTERM) }
        #expect(try serving.stop(SIGINT).exitCode == 0)
    }

    @Test func underLoadEveryAnswerIsAWholeOne() throws {
        let serving = try ServingProgram()
        let (port, process) = (serving.port, serving.program.processIdentifier)
        let answered = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            // Until the server is gone.
            while let connection = try? RawConnection(port: port) {
                while let answer = try? ServingProgram.request("GET", "/public-api/openapi.json", on: connection) {
                    #expect(answer.status == 200 && answer.json != nil)
                    if answered.add(1, ordering: .relaxed).newValue == 100 { kill(process, SIGTERM) }
                }
                #expect(!connection.isMidAnswer)
            }
        }
        let result = try serving.program.result()
        #expect(result.exitCode == 0)
        #expect(result.errors == "")
        #expect(answered.load(ordering: .relaxed) >= 100)
    }
}
