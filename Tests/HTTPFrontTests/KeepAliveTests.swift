import HTTPFront
import RawHTTP
import Testing

@Suite struct KeepAliveTests {
    @Test func aConnectionTakesOneRequestAfterAnother() throws {
        let served = try Served()
        let connection = try served.connect()
        for number in 1...50 {
            let answer = try #require(try connection.request("GET", "/\(number)"))
            #expect(answer.status == 200)
            #expect(answer.text.hasPrefix("GET /\(number)\n"))
            #expect(answer.field("Connection") == nil)
        }
    }

    @Test func requestsSentAtOnceAreAnsweredInOrder() throws {
        let connection = try Served().connectKeeping()
        let requests = (1...40).map { number in
            number.isMultiple(of: 3)
                ? RawConnection.request("POST", "/\(number)", body: String(repeating: "b", count: number))
                : RawConnection.request("GET", "/\(number)")
        }
        try connection.raw.send(requests.joined())
        for number in 1...40 {
            let text = try connection.raw.answer()?.text
            let isPost = number.isMultiple(of: 3)
            #expect(text == "\(isPost ? "POST" : "GET") /\(number)\nquery \nx -\nbody \(isPost ? number : 0)")
        }
    }

    @Test func aRequestMayArriveByteByByte() throws {
        let connection = try Served().connectKeeping()
        for byte in RawConnection.request("POST", "/slow", body: "abc").utf8 { try connection.raw.send([byte]) }
        #expect(try connection.raw.answer()?.text == "POST /slow\nquery \nx -\nbody 3")
    }

    @Test func whoAsksToCloseIsClosed() throws {
        let connection = try Served().connectKeeping()
        let answer = try connection.raw.request("GET", "/", fields: [("Connection", "close")])
        #expect(answer?.field("Connection")?.lowercased() == "close")
        #expect(try connection.raw.untilClosed() == [])
    }

    @Test func version1Point0IsClosedAfterItsAnswer() throws {
        let connection = try Served().connectKeeping()
        try connection.raw.send("GET /old HTTP/1.0\r\n\r\n")
        #expect(try connection.raw.answer()?.text.hasPrefix("GET /old\n") == true)
        #expect(try connection.raw.untilClosed() == [])
    }

    @Test func anAnswerToHEADHasALengthAndNoBody() throws {
        let connection = try Served().connectKeeping()
        let head = try #require(try connection.raw.request("HEAD", "/h"))
        #expect(head.status == 200)
        #expect(head.field("Content-Length") == String("HEAD /h\nquery \nx -\nbody 0".utf8.count))
        // Had a body followed, the next answer would not begin where it must.
        #expect(try connection.raw.request("GET", "/next")?.status == 200)
    }

    @Test(arguments: [
        ("/a%2Fb/%C3%A4?x=%20&y=+", "/a%2Fb/%C3%A4", "x=%20&y=+"), ("/a/../b/./c//d", "/a/../b/./c//d", ""),
        ("http://host.example/p?q", "/p", "q"), ("HTTP://host.example?q", "", "q"), ("http://host.example", "/", ""),
        ("*", "*", ""), ("/%zz%", "/%zz%", ""), ("/a%00b", "/a%00b", ""), ("/?", "/", ""), ("/??", "/", "?"),
    ])
    func theTargetArrivesAsItWasSent(target: String, path: String, query: String) throws {
        let connection = try Served().connectKeeping()
        #expect(try connection.raw.request("GET", target)?.text == "GET \(path)\nquery \(query)\nx -\nbody 0")
    }

    @Test func aMethodNobodyKnowsIsTheApplications() throws {
        let connection = try Served().connectKeeping()
        #expect(try connection.raw.request("BREW", "/pot")?.text.hasPrefix("BREW /pot\n") == true)
    }

    @Test func aFieldsValueKeepsItsCaseAndBytes() throws {
        let connection = try Served().connectKeeping()
        let answer = try connection.raw.request("GET", "/", fields: [("X", "Grüße: a, b;c")])
        #expect(answer?.text.contains("x Grüße: a, b;c\n") == true)
    }
}

/// A connection that keeps its server running.
struct ServedConnection {
    let served: Served
    let raw: RawConnection
}

extension Served {
    func connectKeeping() throws -> ServedConnection { ServedConnection(served: self, raw: try connect()) }
}
