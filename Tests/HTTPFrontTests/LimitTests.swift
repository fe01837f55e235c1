import HTTPFront
import RawHTTP
import Testing

@Suite struct LimitTests {
    /// A GET whose header block, from the request line to the empty line, has that many bytes.
    private static func get(headerBytes: Int, fieldBytes: Int) -> String {
        let start = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        var fields = ""
        while start.utf8.count + fields.utf8.count + fieldBytes + 20 < headerBytes - 2 {
            fields += "F: " + String(repeating: "v", count: fieldBytes - 5) + "\r\n"
        }
        let rest = headerBytes - start.utf8.count - fields.utf8.count - 2
        return start + fields + "L: " + String(repeating: "v", count: rest - 5) + "\r\n\r\n"
    }

    @Test(arguments: [
        (16_200, 16_000, 200), (16_200, 1_000, 200), (16_200, 100, 200), (16_500, 16_000, 431), (16_500, 100, 431),
        (18_000, 100, 431), (22_000, 200, 431), (27_000, 26_000, 431), (27_000, 1_000, 431),
    ])
    func theHeaderBlockHasALimit(headerBytes: Int, fieldBytes: Int, status: Int) throws {
        let connection = try Served().connectKeeping()
        let request = Self.get(headerBytes: headerBytes, fieldBytes: fieldBytes)
        #expect(request.utf8.count == headerBytes)
        try connection.raw.send(request)
        let answer = try #require(try connection.raw.answer())
        #expect(answer.status == status)
        #expect(status == 200 || answer.text == "headers")
    }

    /// Each field costs the daemon more than its bytes, so many short ones are too many sooner: it refuses them itself.
    @Test(arguments: [(16_200, 8), (16_200, 20), (40_000, 40)])
    func tooManyFieldsGetTheSameStatus(headerBytes: Int, fieldBytes: Int) throws {
        let served = try Served()
        let connection = try served.connect()
        try connection.send(Self.get(headerBytes: headerBytes, fieldBytes: fieldBytes))
        #expect(try connection.answer()?.status == 431)
        #expect(served.application.answers == 0)
    }

    @Test func aLongTargetCountsAsWell() throws {
        let connection = try Served().connectKeeping()
        let long = "/" + String(repeating: "t", count: 12_000)
        #expect(try connection.raw.request("GET", long)?.text.hasPrefix("GET \(long)\n") == true)
        #expect(try connection.raw.request("GET", long + String(repeating: "t", count: 5_000))?.status == 431)
    }

    @Test(arguments: [30_000, 40_000, 100_000, 5_000_000])
    func aHeaderBlockFarOverTheLimitIsRefusedAndTheClientCanReadIt(headerBytes: Int) throws {
        let served = try Served()
        for fieldBytes in [100, headerBytes - 100] {
            let connection = try served.connect()
            try connection.send(Self.get(headerBytes: headerBytes, fieldBytes: fieldBytes))
            let status = try connection.answer()?.status
            #expect(status == 431)
        }
        #expect(served.application.answers == 0 || headerBytes < 60_000)
        #expect(try served.isAlive())
    }

    @Test func aBodyUpToTheLimitArrives() throws {
        let connection = try Served().connectKeeping()
        let answer = try connection.raw.request(
            "POST", "/", body: String(repeating: "b", count: TestApplication.bodyLimit))
        #expect(answer?.text.hasSuffix("body \(TestApplication.bodyLimit)") == true)
    }

    @Test(arguments: [20_001, 100_000, 3_000_000])
    func aLargerBodyIsRefusedAndTheConnectionGoesOn(bytes: Int) throws {
        let connection = try Served().connectKeeping()
        let answer = try connection.raw.request("POST", "/", body: String(repeating: "b", count: bytes))
        #expect(answer?.status == 413)
        #expect(try connection.raw.request("GET", "/next")?.status == 200)
    }

    @Test(arguments: [(900, 200), (20_001, 413), (200_000, 413)])
    func aChunkedBodyHasTheSameLimit(bytes: Int, status: Int) throws {
        let connection = try Served().connectKeeping()
        try connection.raw.send("POST /c HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        for start in stride(from: 0, to: bytes, by: 700) {
            let piece = String(repeating: "c", count: min(700, bytes - start))
            try connection.raw.send("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n")
        }
        try connection.raw.send("0\r\n\r\n")
        let answer = try #require(try connection.raw.answer())
        #expect(answer.status == status)
        #expect(status != 200 || answer.text == "POST /c\nquery \nx -\nbody \(bytes)")
        #expect(try connection.raw.request("GET", "/next")?.status == 200)
    }

    /// What is dropped counts from the limit on, so that a limit as large as that leaves room for the refusal too.
    @Test func aChunkedBodyPastALargeLimitIsRefusedNotCut() throws {
        let served = try Served(bodyLimit: 64 << 20)
        let connection = try served.connect()
        try connection.send("POST /c HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        let piece = "100000\r\n" + String(repeating: "c", count: 1 << 20) + "\r\n"
        for _ in 0..<65 { try connection.send(piece) }
        try connection.send("0\r\n\r\n")
        #expect(try connection.answer()?.status == 413)
    }

    @Test func whoAsksBeforeSendingTooMuchIsToldAtOnce() throws {
        let connection = try Served().connectKeeping()
        try connection.raw.send(
            "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50000\r\nExpect: 100-continue\r\n\r\n")
        #expect(try connection.raw.answer()?.status == 413)
    }

    @Test func whoAsksBeforeSendingLittleIsToldToGoOn() throws {
        let connection = try Served().connectKeeping()
        try connection.raw.send(
            "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        #expect(try connection.raw.answer()?.status == 100)
        try connection.raw.send("12345")
        #expect(try connection.raw.answer()?.text.hasSuffix("body 5") == true)
    }

    @Test func aBodyAnnouncedWithoutMeasureIsRefusedAtOnce() throws {
        let served = try Served()
        let connection = try served.connect()
        try connection.send("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000000000000000000\r\n\r\n")
        #expect(try connection.answer()?.status == 413)
        #expect(try served.isAlive())
    }

    @Test func connectionsPastTheLimitWaitOrAreClosedAndTheRestGoOn() throws {
        let served = try Served { $0.maximumConnections = 8 }
        var open: [RawConnection] = []
        for _ in 0..<8 {
            let connection = try served.connect()
            // The last ones are closed with their answer.
            if let answer = try? connection.request("GET", "/"), answer.status == 200,
                answer.field("Connection") != "close"
            {
                open.append(connection)
            }
        }
        #expect(!open.isEmpty)
        let refused = try RawConnection(port: served.server.port, timeoutSeconds: 1)
        _ = try? refused.request("GET", "/")
        for connection in open { #expect(try connection.request("GET", "/still")?.status == 200) }
        open = []
        #expect(eventually { (try? served.isAlive()) == true })
    }

    @Test func manyConnectionsAreServedAtOnce() throws {
        let served = try Served()
        let connections = try (0..<400).map { _ in try served.connect() }
        for connection in connections { try connection.send(RawConnection.request("GET", "/many")) }
        for connection in connections { #expect(try connection.answer()?.status == 200) }
        #expect(served.application.answers == 400)
    }
}

/// Whether it comes true within a while.
func eventually(seconds limit: Double = 20, _ condition: () throws -> Bool) rethrows -> Bool {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: .seconds(limit))
    while clock.now < deadline { if try condition() { return true } }
    return false
}
