import HTTPFront
import Sandboxes
import Time
import Synchronization
import Testing

@testable import Emulation

/// Waits against a reference that looks through the whole journal after each step.
@Suite struct JournalWaitPropertyTests {
    /// A client that waits, and how many entries it got when it was answered.
    private final class Client: Sendable {
        let filter: JournalFilter
        let count: Int
        let limit: Int
        private let deferred = Mutex<DeferredResponse?>(nil)
        private let got = Mutex<[String]?>(nil)

        init(_ filter: JournalFilter, count: Int, limit: Int) {
            (self.filter, self.count, self.limit) = (filter, count, limit)
        }

        func wait(in journal: RequestJournal) throws {
            let response = try journal.wait(
                for: filter, count: count, limit: limit, seconds: 60, otherwise: HTTPResponse(408),
                answer: { [self] entries in
                    got.withLock { $0 = entries.map(\.requestID) }
                    return HTTPResponse(200)
                })
            deferred.withLock { $0 = response.deferred }
            response.deferred?.whenComplete { [self] in _ = deferred.withLock { $0 }?.settled() }
        }

        var answer: [String]? { got.withLock { $0 } }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func theyAreAnsweredAsSoonAsTheJournalHasEnough(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        func next(_ bound: UInt64) -> Int { Int(random.next() % bound) }
        var limits = JournalLimits(entries: 12)
        limits.sandboxBytes = 6_000
        let journals = RequestJournals(
            limits: limits, keepsStrays: true, machine: { Instant(microseconds: 0) }, steadySeconds: { 0 })
        let journal = RequestJournal(of: journals)
        var clients: [Client] = []
        for step in 0..<200 {
            switch next(10) {
            case 0, 1:
                let client = Client(filter(next(4)), count: 1 + next(12), limit: 1 + next(5))
                try client.wait(in: journal)
                clients.append(client)
            case 2: journal.remove(filter(next(4)))
            default:
                let answered = Answered(
                    HTTPResponse(200, body: Array(repeating: 0x61, count: 300 * next(4))), route: nil, sandbox: nil,
                    answer: AnswerContext(requestID: "\(step)", steadySeconds: { 0 }))
                let request = HTTPRequest(["GET", "POST", "PUT"][next(3)], "/")
                journal.write(
                    JournalEntry(
                        sequence: UInt64(step), time: Instant(microseconds: 0), api: "neo", request: request,
                        answered: answered, complaints: []))
            }
            for client in clients {
                let found = journal.entries(client.filter)
                let expected = found.count >= client.count ? found.prefix(client.limit).map(\.requestID) : nil
                if let answer = client.answer {
                    #expect(answer == expected, "step \(step)")
                } else {
                    #expect(expected == nil, "step \(step)")
                }
            }
            clients.removeAll { $0.answer != nil }
            #expect(journal.openWaits == clients.count)
        }
    }

    private func filter(_ number: Int) -> JournalFilter {
        var filter = JournalFilter()
        filter.method = number == 3 ? nil : ["GET", "POST", "PUT"][number]
        return filter
    }
}

extension RequestJournal {
    /// How many clients wait.
    var openWaits: Int { state.withLock { $0.waits.count } }
}
