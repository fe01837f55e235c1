import Glibc
import RawHTTP
import Synchronization
import Testing

@testable import HTTPFront

/// How long a request may take to arrive, on a clock that the test holds.
@Suite struct ConnectionWatchTests {
    private final class Time: Sendable {
        private let now = Mutex(0.0)
        @Sendable func read() -> Double { now.withLock { $0 } }
        func pass() { now.withLock { $0 += 1 } }
    }

    /// A connection whose requests may take 30 seconds, after 30 seconds of quiet.
    private final class Watched {
        let connection: ConnectionWatch.Connection
        let watch: ConnectionWatch
        private let client: RawConnection
        private let time = Time()

        init(isEncrypted: Bool = false) throws {
            let listener = try Listener(host: "127.0.0.1", port: 0)
            defer { listener.close() }
            client = try RawConnection(port: listener.port)
            var waited = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
            poll(&waited, 1, 20_000)
            let descriptor = accept(listener.descriptor, nil, nil)
            try #require(descriptor >= 0)
            watch = ConnectionWatch(
                trickleSeconds: 30, idleSeconds: 30, maximumConnections: 100, clock: AlarmClock(), seconds: time.read)
            connection = watch.opened(descriptor: descriptor, isFromUnixSocket: false, isEncrypted: isEncrypted)
        }

        deinit { close(connection.descriptor) }

        /// Whether the connection is cut within so many seconds, with a byte from the client in each of them.
        func isCut(within seconds: Int, sending piece: String = "") throws -> Bool {
            for _ in 0..<seconds {
                if !piece.isEmpty { try send(piece) }
                time.pass()
                watch.cutLost()
                var waited = pollfd(fd: connection.descriptor, events: 0, revents: 0)
                if poll(&waited, 1, 0) == 1, waited.revents & Int16(POLLHUP) != 0 { return true }
            }
            return false
        }

        /// Returns once the server's side has it, and has read it as libmicrohttpd does.
        private func send(_ piece: String) throws {
            try client.send(piece)
            var waited = pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0)
            poll(&waited, 1, 20_000)
            var read = [UInt8](repeating: 0, count: 100)
            recv(connection.descriptor, &read, read.count, 0)
        }

        func answer() throws {
            watch.requestBegan(on: connection)
            watch.requestArrived(on: connection)
            watch.requestEnded(on: connection, arrivedWhole: true)
        }
    }

    @Test(arguments: [false, true])
    func theTimeOfARequestBeginsWithItsFirstByte(isEncrypted: Bool) throws {
        let watched = try Watched(isEncrypted: isEncrypted)
        #expect(try !watched.isCut(within: 20, sending: "a"))
        watched.watch.requestBegan(on: watched.connection)
        #expect(try !watched.isCut(within: 9, sending: "a"))
        #expect(try watched.isCut(within: 4, sending: "a"))
    }

    @Test func itDoesSoAfterAnAnswerToo() throws {
        let watched = try Watched()
        for _ in 0..<3 {
            try watched.answer()
            // Nobody has begun anything.
            #expect(try !watched.isCut(within: 25))
        }
        #expect(try !watched.isCut(within: 20, sending: "a"))
        watched.watch.requestBegan(on: watched.connection)
        #expect(try !watched.isCut(within: 9, sending: "a"))
        #expect(try watched.isCut(within: 4, sending: "a"))
    }

    @Test func aQuietConnectionsRequestHasAllItsTime() throws {
        let watched = try Watched()
        try watched.answer()
        #expect(try !watched.isCut(within: 29))
        #expect(try !watched.isCut(within: 1, sending: "a"))
        watched.watch.requestBegan(on: watched.connection)
        #expect(try !watched.isCut(within: 28, sending: "a"))
        watched.watch.requestArrived(on: watched.connection)
        #expect(try !watched.isCut(within: 100))
    }

    @Test func whatComesAtOnceHasItsTimeFromThere() throws {
        let watched = try Watched()
        #expect(try !watched.isCut(within: 25))
        watched.watch.requestBegan(on: watched.connection)
        #expect(try !watched.isCut(within: 29))
        #expect(try watched.isCut(within: 3))
    }
}
