import HTTPFront
import RawHTTP
import Testing

@Suite struct TimeoutTests {
    /// Sends pieces of a request for ever, one whenever the server has looked at the one before; gives how long it could.
    private static func trickle(_ start: String, piece: String, to served: Served) throws -> Double {
        let connection = try served.connect()
        try connection.send(start)
        return seconds {
            while true {
                // A request of somebody else is the beat.
                guard (try? served.isAlive()) == true, (try? connection.send(piece)) != nil else { return }
            }
        }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\n", "X: a\r\n"), ("GET /", "a"),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000\r\n\r\n", "b"),
    ])
    func aRequestThatTricklesInIsCut(start: String, piece: String) throws {
        let served = try Served {
            $0.trickleSeconds = 1
            $0.idleSeconds = 20
        }
        #expect(try Self.trickle(start, piece: piece, to: served) < 10)
        #expect(seconds { served.server.stop() } < 1)
    }

    @Test func anIdleConnectionIsClosed() throws {
        let served = try Served { $0.idleSeconds = 1 }
        let connection = try served.connect()
        #expect(try connection.request("GET", "/")?.status == 200)
        let waited = try seconds { _ = try connection.untilClosed() }
        #expect(waited > 0.5 && waited < 10)
    }

    @Test func aConnectionThatNeverAsksIsClosed() throws {
        let served = try Served { $0.idleSeconds = 1 }
        let connection = try served.connect()
        let waited = try seconds { _ = try connection.untilClosed() }
        #expect(waited < 10)
    }

    @Test func anAnswerThatTakesLongerThanARequestMayIsSentAllTheSame() throws {
        let served = try Served {
            $0.trickleSeconds = 1
            $0.idleSeconds = 1
        }
        let connection = try served.connect()
        try connection.send(RawConnection.request("GET", "/wait"))
        try served.application.waitUntilEntered()
        // As long as it takes to cut another connection that only waits.
        _ = try served.connect().untilClosed()
        served.application.release()
        #expect(try connection.answer()?.status == 200)
    }
}
