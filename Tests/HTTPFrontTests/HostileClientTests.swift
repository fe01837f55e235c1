import HTTPFront
import RawHTTP
import Testing

@Suite struct HostileClientTests {
    private static let halves = [
        "", "G", "GET", "GET /", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHo", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ]

    @Test(arguments: halves, [true, false])
    func whoHangsUpHalfWayIsForgotten(sent: String, byReset: Bool) throws {
        let served = try Served()
        for _ in 0..<3 {
            let connection = try served.connect()
            if byReset { connection.resetAtEnd() }
            try connection.send(sent)
        }
        #expect(try served.isAlive())
        #expect(served.application.answers == 1)
        // What is no longer there is not waited for.
        #expect(seconds { served.server.stop() } < 1)
    }

    @Test(arguments: halves.dropFirst())
    func halfARequestIsNotAnswered(sent: String) throws {
        let served = try Served { $0.idleSeconds = 1 }
        let connection = try served.connect()
        try connection.send(sent)
        connection.finishSending()
        let rest = String(decoding: try connection.untilClosed(), as: UTF8.self)
        #expect(rest.isEmpty || rest.hasPrefix("HTTP/1.1 4"), "\(rest)")
        #expect(served.application.answers == 0)
    }

    @Test func whoStopsSendingStillGetsTheAnswer() throws {
        let connection = try Served().connectKeeping()
        try connection.raw.send(RawConnection.request("GET", "/last"))
        connection.raw.finishSending()
        #expect(try connection.raw.answer()?.status == 200)
    }

    @Test(arguments: [
        "\r\n\r\n\r\n\r\n", "\0\0\0\0\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{fc}\u{3}\u{3}\r\n\r\n",
        "GET\r\n\r\n",
        "GET /\r\n\r\n", "GET / HTTP/9.9\r\nHost: h\r\n\r\n", "GET / FTP/1.1\r\nHost: h\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /a\0b HTTP/1.1\r\nHost: h\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\n Host: folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n folded\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\n: v\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\nabc",
    ])
    func garbageIsAnsweredOrClosedAndTheServerGoesOn(sent: String) throws {
        let served = try Served { $0.idleSeconds = 1 }
        let connection = try served.connect()
        try connection.send(sent)
        connection.finishSending()
        let rest = String(decoding: try connection.untilClosed(), as: UTF8.self)
        #expect(rest.isEmpty || rest.hasPrefix("HTTP/1."), "\(rest)")
        #expect(try served.isAlive())
        #expect(seconds { served.server.stop() } < 1)
    }

    @Test func bytesByChanceAreAnsweredOrClosedAndTheServerGoesOn() throws {
        let served = try Served { $0.idleSeconds = 1 }
        // A linear congruential generator: the same bytes in every run.
        var state: UInt64 = 42
        for round in 0..<200 {
            let bytes = (0..<(1 + round * 7)).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 56)
            }
            let connection = try served.connect()
            try? connection.send(round.isMultiple(of: 2) ? bytes : Array("GET /x?".utf8) + bytes)
            try? connection.send("\r\n\r\n")
            connection.finishSending()
            _ = try connection.untilClosed()
        }
        #expect(try served.isAlive())
        #expect(seconds { served.server.stop() } < 1)
    }

    @Test func whoReadsNoAnswerHoldsNobodyUp() throws {
        let served = try Served()
        let connection = try served.connect()
        for _ in 0..<2_000 { try connection.send(RawConnection.request("GET", "/unread")) }
        #expect(try served.isAlive())
    }

    /// Framing that the server library cannot read: it answers by itself.
    @Test(arguments: [
        ("zz\r\n", "HTTP/1.1 400 "), ("5" + String(repeating: "0", count: 100_000), "HTTP/1.1 413 "),
        ("5;" + String(repeating: "x", count: 1_000_000), "HTTP/1.1 500 "),
        ("5\r\nhello\r\n0\r\nT: " + String(repeating: "x", count: 1_000_000), "HTTP/1.1 431 "),
    ])
    func aChunkThatCannotBeReadEndsItsConnection(chunk: String, start: String) throws {
        let served = try Served()
        let connection = try served.connect()
        try connection.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        // It may be closed before all of this is sent.
        try? connection.send(chunk)
        var answer: [UInt8] = []
        #expect(try seconds { answer = try connection.untilClosed() } < 5)
        #expect(String(decoding: answer, as: UTF8.self).hasPrefix(start))
        #expect(served.application.answers == 0)
        #expect(try served.isAlive())
    }
}
