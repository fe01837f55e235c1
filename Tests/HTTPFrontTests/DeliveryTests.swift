import HTTPFront
import RawHTTP
import Testing

@Suite struct DeliveryTests {
    private static func response(_ delivery: Delivery, body: String = "late") -> HTTPResponse {
        var response = HTTPResponse(200, fields: [HTTPField("X-Kind", "test")], body: Array(body.utf8))
        response.delivery = delivery
        return response
    }

    @Test func aDelayedAnswerComesNoSoonerAndWhole() throws {
        let served = try Served(delivered: { _ in Self.response(Delivery(delayMilliseconds: 60)) })
        let connection = try served.connect()
        for method in ["GET", "POST", "HEAD"] {
            var answer: RawAnswer?
            let body = method == "POST" ? "abc" : nil
            let waited = try seconds { answer = try connection.request(method, "/delivered", body: body) }
            #expect(waited >= 0.06)
            #expect(answer?.status == 200)
            #expect(answer?.field("X-Kind") == "test")
            #expect(answer?.text == (method == "HEAD" ? "" : "late"))
        }
        #expect(served.application.answers == 3)
        #expect(seconds { served.server.stop() } < 1)
    }

    @Test func delaysEndInTheirOrderNotInThatOfTheRequests() throws {
        let served = try Served(delivered: { request in
            Self.response(Delivery(delayMilliseconds: request.query == "long" ? 60_000 : 20), body: request.query)
        })
        let long = try served.connect()
        try long.send(RawConnection.request("GET", "/delivered?long"))
        #expect(eventually { served.application.answers == 1 })
        #expect(try served.connect().request("GET", "/delivered?short")?.text == "short")
        served.server.stop()
        #expect(try long.answer()?.text == "long")
    }

    @Test func moreDelaysAtOnceThanThreadsHoldNobodyUp() throws {
        let served = try Served(delivered: { _ in Self.response(Delivery(delayMilliseconds: 600_000)) })
        let waiting = try (0..<1_000).map { _ in try served.connect() }
        for connection in waiting { try connection.send(RawConnection.request("GET", "/delivered")) }
        #expect(eventually { served.application.answers == 1_000 })
        for _ in 0..<50 { #expect(try served.isAlive()) }
        // A stop answers all of them, long before their time.
        #expect(seconds { served.server.stop() } < 60)
        for connection in waiting { #expect(try connection.answer()?.text == "late") }
    }

    @Test func aDelayMayBeLongerThanAConnectionMayBeIdle() throws {
        let served = try Served(delivered: { _ in Self.response(Delivery(delayMilliseconds: 2_200)) }) {
            $0.idleSeconds = 1
            $0.trickleSeconds = 1
        }
        #expect(try served.connect().request("GET", "/delivered")?.text == "late")
    }

    @Test(arguments: [0, -5, Double.nan, -Double.infinity])
    func aDelayThatIsNoneIsNone(milliseconds: Double) throws {
        let served = try Served(delivered: { _ in Self.response(Delivery(delayMilliseconds: milliseconds)) })
        #expect(try served.connect().request("GET", "/delivered")?.text == "late")
    }

    @Test(arguments: [(4, 10_000), (2, 100_000), (100, 50), (3, 2), (1, 7)])
    func aDribbledBodyComesWholeAndNoSooner(chunks: Int, bytes: Int) throws {
        let body = String((0..<bytes).map { Character(UnicodeScalar(UInt8(97 + $0 % 26))) })
        let served = try Served(delivered: { _ in
            Self.response(Delivery(dribble: .init(chunks: chunks, milliseconds: 80)), body: body)
        })
        let connection = try served.connect()
        for _ in 0..<2 {
            var answer: RawAnswer?
            let waited = try seconds { answer = try connection.request("GET", "/delivered") }
            #expect(waited >= 0.08)
            #expect(answer?.text == body)
            #expect(answer?.field("Content-Length") == "\(bytes)")
        }
    }

    @Test func piecesOfADribbledBodyComeOneByOne() throws {
        let served = try Served(delivered: { _ in
            Self.response(Delivery(dribble: .init(chunks: 4, milliseconds: 400)), body: "abcdefgh")
        })
        let connection = try served.connect()
        try connection.send(RawConnection.request("GET", "/delivered"))
        var sizes: Set<Int> = []
        while let bytes = try connection.next() {
            sizes.insert(bytes.count)
            if bytes.suffix(8).elementsEqual("abcdefgh".utf8) { break }
        }
        #expect(sizes.count >= 2)
    }

    @Test func aDribbleWithNothingToSpreadIsNone() throws {
        let served = try Served(delivered: { request in
            let milliseconds = request.query == "never" ? 0 : 600_000.0
            let chunks = request.query == "none" ? 0 : 3
            return Self.response(
                Delivery(dribble: .init(chunks: chunks, milliseconds: milliseconds)),
                body: request.query == "empty" ? "" : "body")
        })
        let connection = try served.connect()
        for query in ["never", "none", "empty"] {
            #expect(try connection.request("GET", "/delivered?\(query)")?.text == (query == "empty" ? "" : "body"))
        }
        #expect(try connection.request("HEAD", "/delivered")?.field("Content-Length") == "4")
    }

    @Test(arguments: Delivery.Breakage.allCases, [0, 40.0])
    func aBrokenAnswerIsBrokenInItsWay(breakage: Delivery.Breakage, delay: Double) throws {
        let served = try Served(delivered: { _ in
            Self.response(Delivery(delayMilliseconds: delay, breakage: breakage))
        })
        let connection = try served.connect()
        #expect(try connection.request("GET", "/kept-alive")?.status == 200)
        var rest: [UInt8] = []
        let waited = try seconds {
            try connection.send(RawConnection.request("POST", "/delivered", body: "abc"))
            rest = try connection.untilClosed()
        }
        #expect(waited >= delay / 1_000)
        #expect(connection.wasReset == (breakage == .reset))
        let text = String(decoding: rest, as: UTF8.self)
        switch breakage {
        case .empty, .reset: #expect(rest == [])
        case .malformedChunk:
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\nX-Kind: test\r\nTransfer-Encoding: chunked\r\n\r\n"))
            let chunk = text.split(separator: "\r\n\r\n", maxSplits: 1).last ?? ""
            #expect(!chunk.isEmpty && chunk.prefix { $0.isHexDigit }.isEmpty)
        case .randomThenClose: #expect(!rest.isEmpty && !text.contains("HTTP"))
        }
        #expect(try served.isAlive())
        #expect(seconds { served.server.stop() } < 1)
    }

    @Test func randomBytesAreTheSameEveryTime() throws {
        let served = try Served(delivered: { _ in Self.response(Delivery(breakage: .randomThenClose)) })
        let bytes = try (0..<2).map { _ in
            let connection = try served.connect()
            try connection.send(RawConnection.request("GET", "/delivered"))
            return try connection.untilClosed()
        }
        #expect(bytes[0] == bytes[1])
    }

    @Test(arguments: [nil] + Delivery.Breakage.allCases)
    func aStopDoesNotWaitForADelay(breakage: Delivery.Breakage?) throws {
        let delivery = Delivery(delayMilliseconds: 600_000, breakage: breakage)
        let served = try Served(delivered: { _ in Self.response(delivery) })
        let connection = try served.connect()
        try connection.send(RawConnection.request("GET", "/delivered"))
        #expect(eventually { served.application.answers == 1 })
        #expect(seconds { served.server.stop() } < 4)
        if breakage == nil {
            let answer = try #require(try connection.answer())
            #expect(answer.text == "late")
            #expect(answer.field("Connection")?.lowercased() == "close")
        }
        _ = try connection.untilClosed()
        #expect(connection.wasReset == (breakage == .reset))
    }

    @Test func aStopFinishesWhatIsDribbled() throws {
        let delivery = Delivery(dribble: .init(chunks: 1_000, milliseconds: 600_000))
        let body = String(repeating: "d", count: 200_000)
        let served = try Served(delivered: { _ in Self.response(delivery, body: body) })
        let connection = try served.connect()
        try connection.send(RawConnection.request("GET", "/delivered"))
        #expect(eventually { served.application.answers == 1 })
        #expect(seconds { served.server.stop() } < 4)
        #expect(try connection.answer()?.text == body)
    }

    @Test(arguments: [true, false])
    func whoHangsUpWhileWaitingIsForgottenInTime(byReset: Bool) throws {
        let served = try Served(delivered: { request in
            let delivery =
                request.query == "dribble"
                ? Delivery(dribble: .init(chunks: 4, milliseconds: 400)) : Delivery(delayMilliseconds: 200)
            return Self.response(delivery)
        })
        for (number, query) in ["delay", "dribble"].enumerated() {
            let connection = try served.connect()
            if byReset { connection.resetAtEnd() }
            try connection.send(RawConnection.request("GET", "/delivered?\(query)"))
            #expect(eventually { served.application.answers == number + 1 })
        }
        #expect(try served.isAlive())
        #expect(seconds { served.server.stop() } < 4)
    }

    @Test func requestsSentAtOnceAreStillAnsweredInOrder() throws {
        let served = try Served(delivered: { request in
            Self.response(Delivery(delayMilliseconds: request.query == "1" ? 40 : 5), body: request.query)
        })
        let connection = try served.connect()
        try connection.send((1...5).map { RawConnection.request("GET", "/delivered?\($0)") }.joined())
        for number in 1...5 { #expect(try connection.answer()?.text == "\(number)") }
    }

    /// It is answered before its body has come, and that answer waits.
    @Test func anEarlyRefusalMayBeDelayed() throws {
        let served = try Served(delivered: { _ in Self.response(Delivery(delayMilliseconds: 30)) })
        let connection = try served.connect()
        try connection.send(
            "POST /delivered HTTP/1.1\r\nHost: h\r\nContent-Length: 50000\r\nExpect: 100-continue\r\n\r\n")
        #expect(try connection.answer()?.text == "late")
        #expect(served.application.answers == 1)
    }
}
