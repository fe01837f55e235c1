import Dispatch
import HTTPFront
import RawHTTP
import Testing

@Suite struct StopTests {
    @Test func idleConnectionsDoNotHoldAStopUp() throws {
        let served = try Served()
        let connections = try (0..<20).map { _ in try served.connect() }
        for connection in connections.prefix(10) { #expect(try connection.request("GET", "/")?.status == 200) }
        #expect(seconds { served.server.stop() } < 1)
        for connection in connections { #expect(try connection.untilClosed() == []) }
        #expect(throws: RawConnectionFailed.self) { try served.connect() }
    }

    @Test func whatIsBeingAnsweredIsFinished() throws {
        let served = try Served()
        let connection = try served.connect()
        try connection.send(RawConnection.request("GET", "/wait"))
        try served.application.waitUntilEntered()
        let stopped = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            served.server.stop()
            stopped.signal()
        }
        // A stopping server takes no new connections: only then is the answer let go.
        #expect(
            eventually { (try? RawConnection(port: served.server.port, timeoutSeconds: 1).request("GET", "/")) == nil })
        #expect(stopped.wait(timeout: .now()) == .timedOut)
        served.application.release()
        let answer = try #require(try connection.answer())
        #expect(answer.status == 200)
        #expect(answer.field("Connection")?.lowercased() == "close")
        #expect(stopped.wait(timeout: .now() + 20) == .success)
    }

    /// A client that may still send the rest has asked nothing yet.
    @Test(arguments: [
        "GET /half HTTP/1.1\r\n", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ])
    func aRequestThatHasNotArrivedHoldsNoStopUp(sent: String) throws {
        let served = try Served { $0.stopSeconds = 60 }
        let connection = try served.connect()
        try connection.send(sent)
        #expect(try served.isAlive())
        #expect(seconds { served.server.stop() } < 10)
        #expect(try connection.untilClosed() == [])
    }

    @Test func aServerMayBeStoppedTwice() throws {
        let served = try Served()
        served.server.stop()
        served.server.stop()
    }

    @Test func aPortInUseIsSaidInOneLine() throws {
        let served = try Served()
        let port = served.server.port
        #expect(port > 0)
        let refusal = #expect(throws: CannotListen.self) { try Served { $0.port = port } }
        #expect(refusal?.description.hasPrefix("cannot listen on 127.0.0.1:\(port): the port is in use;") == true)
        #expect(refusal?.description.contains("\n") == false)
        #expect(try served.isAlive())
    }

    @Test func aPortIsFreeAgainAfterAStop() throws {
        let first = try Served()
        #expect(try first.isAlive())
        first.server.stop()
        let second = try Served { $0.port = first.server.port }
        #expect(try second.isAlive())
    }

    @Test(arguments: ["example.invalid", "300.0.0.1", "", "127.0.0.1:80"])
    func aNameIsNoAddressToListenOn(host: String) throws {
        let refusal = #expect(throws: CannotListen.self) { try Served { $0.host = host } }
        #expect(refusal?.description.contains("--host") == true)
    }

    @Test func twoServersStandSideBySide() throws {
        let one = try Served()
        let two = try Served()
        #expect(one.server.port != two.server.port)
        #expect(try one.isAlive() && two.isAlive())
        one.server.stop()
        #expect(try two.isAlive())
        #expect(one.application.answers == 1)
    }
}
