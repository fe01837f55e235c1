import Emulation
import HTTPFront
import Sandboxes
import Time
import Synchronization
import TestSupport
import Testing

/// Journals by themselves, with limits of their own.
@Suite struct JournalLimitTests {
    /// A directory whose own journals are off, and journals to fill by hand.
    private struct Scene {
        let standIn: StandIn
        let journals: RequestJournals
        let seconds = Steady()

        final class Steady: Sendable { let now = Mutex(0.0) }

        init(entries: Int = 1_000, sandboxBytes: Int = 8 << 20, totalBytes: Int = 256 << 20) throws {
            standIn = try StandIn { $0.journalEntries = 0 }
            var limits = JournalLimits(entries: entries)
            limits.sandboxBytes = sandboxBytes
            limits.totalBytes = totalBytes
            let seconds = seconds
            journals = RequestJournals(
                limits: limits, keepsStrays: true, machine: { Instant(microseconds: 0) },
                steadySeconds: { seconds.now.withLock { $0 } })
        }

        func sandbox(_ name: String) throws -> Sandbox {
            try #require(try standIn.directory.resolve(.key("neo_sk_test_\(name)"))).sandbox
        }

        func write(_ path: String, in sandbox: Sandbox, answer: Int = 0, delivery: Delivery? = nil) {
            var response = HTTPResponse(200, body: Array(repeating: 0x61, count: answer))
            response.delivery = delivery
            let answer = AnswerContext(requestID: path, steadySeconds: { 0 })
            journals.write(
                Answered(response, route: nil, sandbox: sandbox, answer: answer), to: HTTPRequest("GET", path),
                arrivedAt: journals.now, api: "neo", complaints: [], default: standIn.directory.defaultSandbox)
        }

        func paths(_ sandbox: Sandbox) -> [String] { journals.journal(of: sandbox).entries().map(\.path) }
    }

    @Test func aSandboxsBytesAreLimited() throws {
        let scene = try Scene(sandboxBytes: 100_000)
        let sandbox = try scene.sandbox("a")
        for number in 1...10 { scene.write("/\(number)", in: sandbox, answer: 30_000) }
        #expect(scene.paths(sandbox) == ["/10", "/9", "/8"])
        #expect((90_000...100_000).contains(scene.journals.totals.bytes))
        #expect(scene.journals.totals.entries == 3)
    }

    @Test func theOldestOfAllGoesPastTheCommonLimit() throws {
        let scene = try Scene(totalBytes: 200_000)
        let (first, second) = (try scene.sandbox("a"), try scene.sandbox("b"))
        for number in 1...3 { scene.write("/\(number)", in: first, answer: 30_000) }
        for number in 4...6 { scene.write("/\(number)", in: second, answer: 30_000) }
        #expect(scene.journals.totals.entries == 6)
        scene.write("/7", in: second, answer: 30_000)
        #expect(scene.paths(first) == ["/3", "/2"])
        #expect(scene.paths(second) == ["/7", "/6", "/5", "/4"])
        for number in 8...12 { scene.write("/\(number)", in: second, answer: 30_000) }
        #expect(scene.paths(first) == [])
        #expect(scene.journals.totals.bytes <= 200_000)
    }

    @Test func aBodyCountsForWhatIsKeptOfIt() throws {
        let scene = try Scene()
        let sandbox = try scene.sandbox("a")
        scene.write("/", in: sandbox, answer: 1 << 20)
        #expect((65_536...70_000).contains(scene.journals.totals.bytes))
        #expect(scene.journals.journal(of: sandbox).entries().first?.responseBody.size == 1 << 20)
    }

    @Test func whatIsRemovedIsNotCounted() throws {
        let scene = try Scene(entries: 5)
        let sandbox = try scene.sandbox("a")
        for round in 1...30 {
            scene.write("/\(round)", in: sandbox, answer: round * 100)
            if round % 7 == 0 {
                var filter = JournalFilter()
                filter.path = PathGlob("/?\(round % 2)")
                scene.journals.journal(of: sandbox).remove(filter)
            }
        }
        #expect(scene.paths(sandbox) == ["/30", "/29", "/28", "/27", "/26"])
        #expect(scene.journals.totals.entries == 5)
        #expect(scene.journals.journal(of: sandbox).remove() == 5)
        #expect(scene.journals.totals == (0, 0))
    }

    @Test func aJournalGoesWithItsSandbox() throws {
        let standIn = try StandIn { $0.maximumSandboxes = 2 }
        weak var journal: RequestJournal?
        do {
            standIn.send("GET", "/public-api/backfills", key: "neo_sk_test_a")
            let sandbox = try #require(try standIn.directory.resolve(.key("neo_sk_test_a"))).sandbox
            journal = RequestJournals.existing(of: sandbox)
        }
        #expect(journal != nil)
        standIn.pass(seconds: 600)
        standIn.send("GET", "/public-api/backfills", key: "neo_sk_test_b")
        #expect(journal == nil)
        standIn.pass(seconds: 600)
        #expect(standIn.send("GET", "/_understudy/requests/count", key: "neo_sk_test_a")["count"]?.integer == 0)
    }

    @Test func bytesOfADroppedSandboxAreNotCounted() throws {
        let scene = try Scene()
        let kept = try scene.sandbox("kept")
        scene.write("/", in: kept, answer: 10)
        let before = scene.journals.totals
        do {
            let other = try StandIn { $0.journalEntries = 0 }
            scene.write("/", in: other.directory.defaultSandbox, answer: 10_000)
            #expect(scene.journals.totals.bytes > before.bytes + 10_000)
        }
        #expect(scene.journals.totals == before)
    }

    @Test(arguments: [
        (Delivery.Breakage.empty, 0, 0, 0), (.reset, 0, 0, 0), (.randomThenClose, 0, 0, 0),
        (.malformedChunk, 200, 1, 0),
    ])
    func ofABrokenAnswerIsKeptWhatTheClientSaw(breakage: Delivery.Breakage, status: Int, fields: Int, body: Int) throws
    {
        let scene = try Scene()
        let sandbox = try scene.sandbox("a")
        var response = HTTPResponse(200, fields: [HTTPField("X-Understudy-Fault", "cut")], body: [1, 2])
        response.delivery = Delivery(delayMilliseconds: 250, breakage: breakage)
        let answer = AnswerContext(requestID: "", steadySeconds: { 0 })
        scene.journals.write(
            Answered(response, route: nil, sandbox: sandbox, answer: answer), to: HTTPRequest("GET", "/"),
            arrivedAt: scene.journals.now, api: "neo", complaints: [],
            default: scene.standIn.directory.defaultSandbox)
        let entry = try #require(scene.journals.journal(of: sandbox).entries().first)
        #expect(entry.status == status)
        #expect(entry.responseFields.count == fields)
        #expect(entry.responseBody.size == body)
        #expect(entry.fault == "cut")
        #expect(entry.milliseconds == 250)
    }

    @Test func whoWaitsTooLongIsForgotten() throws {
        let scene = try Scene()
        let sandbox = try scene.sandbox("a")
        let journal = scene.journals.journal(of: sandbox)
        let asked = Mutex(0)
        let answer = try journal.wait(
            for: JournalFilter(), count: 1, limit: 1, seconds: 5, otherwise: HTTPResponse(408),
            answer: { _ in
                asked.withLock { $0 += 1 }
                return HTTPResponse(200)
            })
        let deferred = try #require(answer.deferred)
        #expect(deferred.seconds == 5)
        #expect(deferred.otherwise.status == 408)
        scene.seconds.now.withLock { $0 = 5 }
        scene.write("/", in: sandbox)
        #expect(asked.withLock { $0 } == 0)
    }
}
