import HTTPFront
import RawHTTP
import Synchronization
import Testing

/// What becomes of a body before its request is answered.
@Suite struct AdmissionTests {
    /// So many bytes, and no more.
    private final class Memory: MemoryUse {
        let limit: Int
        private let held = Atomic(0)

        init(limit: Int) { self.limit = limit }

        var used: Int { held.load(ordering: .relaxed) }

        func reserve(_ bytes: Int) -> Bool {
            let used = held.add(bytes, ordering: .relaxed).newValue
            if used <= limit { return true }
            held.subtract(bytes, ordering: .relaxed)
            return false
        }

        func count(_ bytes: Int) { held.add(bytes, ordering: .relaxed) }
    }

    private static func post(_ length: String) -> String {
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\(length)\r\n\r\n"
    }

    @Test(arguments: ["Content-Length: 67108864", "Transfer-Encoding: chunked"])
    func nobodysBodyIsKept(length: String) throws {
        let served = try Served(admitted: { _ in .unread })
        let connection = try served.connect()
        try connection.send(Self.post(length))
        // Nothing of the body has been sent.
        let answer = try #require(try connection.answer())
        #expect(answer.text.hasSuffix("body 0"))
        #expect(answer.field("Connection") == "close")
    }

    @Test func aSmallBodyIsReadWhateverComesOfIt() throws {
        let served = try Served(admitted: { _ in .unread })
        let connection = try served.connect()
        for _ in 0..<3 {
            #expect(try connection.request("POST", "/", body: String(repeating: "b", count: 16_384))?.status == 200)
        }
    }

    @Test func bodiesBeingReadCount() throws {
        let memory = Memory(limit: 300_000)
        let served = try Served(admitted: { _ in BodyAdmission(limit: 1 << 20, memory: memory) })
        let held = try (0..<2).map { _ in try served.connect() }
        for connection in held {
            try connection.send(Self.post("Content-Length: 200000"))
            try connection.send(String(repeating: "b", count: 100_000))
        }
        #expect(eventually { memory.used >= 200_000 })
        #expect(
            try served.connect().request("POST", "/", body: String(repeating: "b", count: 200_000))?.text == "memory")
        // The first may go on: what it needs is there again.
        for connection in held.prefix(1) {
            try connection.send(String(repeating: "b", count: 100_000))
            #expect(try connection.answer() != nil)
        }
        #expect(try served.isAlive())
    }

    @Test func whatABodyTookIsGivenBack() throws {
        let memory = Memory(limit: 300_000)
        let served = try Served(admitted: { _ in BodyAdmission(limit: 1 << 20, memory: memory) })
        let connection = try served.connect()
        for _ in 0..<20 {
            #expect(try connection.request("POST", "/", body: String(repeating: "b", count: 100_000))?.status == 200)
        }
        do {
            let cut = try served.connect()
            try cut.send(Self.post("Content-Length: 200000") + String(repeating: "b", count: 50_000))
            #expect(eventually { memory.used > 0 })
        }
        #expect(eventually { memory.used == 0 })
    }

    @Test func answersThatNobodyReadsCount() throws {
        let memory = Memory(limit: 1 << 30)
        let body = [UInt8](repeating: 0x61, count: 20 << 20)
        let served = try Served(delivered: { _ in
            var response = HTTPResponse(200, body: body)
            #expect(memory.reserve(body.count))
            response.memory = MemoryHold(body.count, of: memory)
            return response
        })
        do {
            let connection = try served.connect()
            try connection.send(RawConnection.request("GET", "/delivered"))
            #expect(eventually { served.application.answers == 1 })
            #expect(memory.used == body.count)
        }
        #expect(eventually { memory.used == 0 })
    }

    @Test func theLastConnectionsAreForTheControlPlane() throws {
        let served = try Served { $0.maximumConnections = 32 }
        var open: [RawConnection] = []
        // A quarter is kept: more than 24 are a crowd.
        for _ in 0..<24 {
            let connection = try served.connect()
            #expect(try connection.request("GET", "/")?.status == 200)
            open.append(connection)
        }
        let late = try served.connect()
        let refused = try #require(try late.request("GET", "/"))
        #expect(refused.status == 503)
        #expect(refused.field("Connection") == "close")
        #expect(try served.connect().request("POST", "/control", body: "abc")?.text.hasSuffix("body 3") == true)
        open = []
        #expect(eventually { (try? served.connect().request("GET", "/")?.status) == 200 })
    }
}
