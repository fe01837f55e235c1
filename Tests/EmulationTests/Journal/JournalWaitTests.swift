import AnswerContract
import Emulation
import HTTPFront
import Synchronization
import TestSupport
import Testing

@Suite struct JournalWaitTests {
    private static let path = "/_understudy/requests/wait"

    /// A request that waits, and its answer when it comes.
    private final class Waiting: Sendable {
        private let came = Mutex<[HTTPResponse]>([])
        private let request: HTTPRequest
        let deferred: DeferredResponse?

        init(_ standIn: StandIn, _ query: String, key: String = StandIn.neoKey) {
            request = HTTPRequest(
                "GET", "\(path)?\(query)",
                fields: [HTTPField("Host", "127.0.0.1"), HTTPField("Authorization", "Bearer \(key)")])
            deferred = standIn.application.respond(to: request).deferred
            deferred?.whenComplete { [weak self] in
                guard let self, let answer = self.deferred?.settled() else { return }
                came.withLock { $0.append(answer) }
            }
        }

        /// The answer, held against the document; nil while it is still to come.
        var answer: Answer? {
            guard let response = came.withLock({ $0.first }) else { return nil }
            #expect(Contract.complaints(about: response, to: request) == [])
            return Answer(response)
        }
    }

    @Test func whatIsThereAlreadyCounts() throws {
        let standIn = try StandIn()
        standIn.send("GET", "/public-api/backfills/1")
        standIn.send("GET", "/public-api/backfills/2")
        let answer = standIn.send("GET", "\(Self.path)?count=2&timeout=60")
        #expect(answer.status == 200)
        #expect(answer["data.0.path"]?.string == "/public-api/backfills/2")
        #expect(answer["data"]?.array?.count == 2)
        #expect(standIn.send("GET", "\(Self.path)?count=2&limit=1")["data"]?.array?.count == 1)
    }

    @Test func aRequestThatArrivesWakesWhoWaitsForIt() throws {
        let standIn = try StandIn()
        let waiting = Waiting(standIn, "count=2&method=POST&timeout=60")
        #expect(waiting.deferred?.seconds == 60)
        standIn.send("POST", "/public-api/backfills", body: createBody())
        standIn.send("GET", "/public-api/backfills")
        standIn.send("POST", "/public-api/backfills", key: "neo_sk_test_other", body: createBody())
        #expect(waiting.answer == nil)
        standIn.send("POST", "/public-api/backfills", body: "{}")
        let answer = try #require(waiting.answer)
        #expect(answer.status == 200)
        #expect(answer["data"]?.array?.compactMap { $0.object?["status"]?.integer } == [422, 201])
        standIn.send("POST", "/public-api/backfills", body: "{}")
        #expect(waiting.answer?.text == answer.text)
    }

    @Test func sinceLeavesOutWhatWasBefore() throws {
        let standIn = try StandIn()
        standIn.send("GET", "/public-api/backfills")
        standIn.pass(seconds: 1)
        let waiting = Waiting(standIn, "since=2026-03-02T09:00:00.5Z")
        #expect(waiting.answer == nil)
        standIn.send("GET", "/public-api/backfills")
        #expect(waiting.answer?["data"]?.array?.count == 1)
    }

    @Test func whatIsForgottenMeanwhileDoesNotCount() throws {
        let standIn = try StandIn()
        standIn.send("GET", "/public-api/backfills")
        let waiting = Waiting(standIn, "count=2")
        standIn.send("DELETE", "/_understudy/requests")
        standIn.send("GET", "/public-api/backfills")
        #expect(waiting.answer == nil)
        standIn.send("GET", "/public-api/backfills")
        #expect(waiting.answer?.status == 200)
    }

    @Test func aResetLetsGoOfAllWhoWait() throws {
        let standIn = try StandIn()
        let (waiting, others) = (Waiting(standIn, "count=2"), Waiting(standIn, "", key: "neo_sk_test_other"))
        standIn.send("POST", "/_understudy/sandbox/reset")
        let answer = try #require(waiting.answer)
        #expect(answer.status == 408)
        #expect(answer["error.message"]?.string == "The sandbox was reset, and nobody waits in it any longer.")
        #expect(others.answer == nil)
        #expect(try journal(of: standIn).openWaits == 0)
    }

    private func journal(of standIn: StandIn) throws -> RequestJournal {
        let sandbox = try #require(try standIn.directory.resolve(.key(StandIn.neoKey))).sandbox
        return try #require(RequestJournals.existing(of: sandbox))
    }

    @Test func aThousandMayWaitInASandbox() throws {
        let standIn = try StandIn()
        let waiters = (0..<1_000).map { _ in Waiting(standIn, "count=2") }
        let refused = standIn.send("GET", "\(Self.path)?count=2")
        #expect(refused.status == 422)
        #expect(refused.code == "invalid_request")
        #expect(refused["error.message"]?.string == "wait is one too many: 1000 of this sandbox are open")
        #expect(refused.violatedFields == ["wait"])
        // Each has its own thousand, and what is answered at once does not wait.
        #expect(Waiting(standIn, "count=2", key: "neo_sk_test_other").deferred != nil)
        #expect(standIn.send("GET", "\(Self.path)?timeout=0").status == 408)
        waiters.first?.deferred?.abandon()
        #expect(Waiting(standIn, "count=2").deferred != nil)
    }

    @Test func whoseTimeIsOverOrWhoHangsUpIsGoneAtOnce() throws {
        let standIn = try StandIn()
        let (expired, abandoned, waiting) = (Waiting(standIn, ""), Waiting(standIn, ""), Waiting(standIn, ""))
        let journal = try journal(of: standIn)
        #expect(journal.openWaits == 3)
        #expect(expired.deferred?.settled().status == 408)
        #expect(journal.openWaits == 2)
        abandoned.deferred?.abandon()
        #expect(journal.openWaits == 1)
        standIn.send("GET", "/public-api/backfills")
        #expect(journal.openWaits == 0)
        #expect(abandoned.answer == nil)
        #expect(waiting.answer?.status == 200)
    }

    @Test func whatDoesNotComeIsATimeout() throws {
        let standIn = try StandIn()
        let waiting = Waiting(standIn, "count=2&timeout=0.25")
        let deferred = try #require(waiting.deferred)
        #expect(deferred.seconds == 0.25)
        #expect(deferred.complete(with: deferred.otherwise))
        let answer = try #require(waiting.answer)
        #expect(answer.status == 408)
        #expect(answer.code == "timeout")
        #expect(Waiting(standIn, "").deferred?.seconds == 10)
        let atOnce = standIn.send("GET", "\(Self.path)?timeout=0")
        #expect(atOnce.status == 408)
    }

    @Test(arguments: [
        ("count=0", "count"), ("count=1001", "count"), ("count=x", "count"), ("timeout=61", "timeout"),
        ("timeout=-1", "timeout"), ("timeout=nan", "timeout"), ("timeout=", "timeout"), ("api=x", "api"),
    ])
    func aWaitThatMakesNoSenseIsRefused(query: String, field: String) throws {
        let answer = try StandIn().send("GET", "\(Self.path)?\(query)")
        #expect(answer.status == 422)
        #expect(answer.violatedFields == [field])
    }

    @Test func moreThanTheJournalKeepsNeverComes() throws {
        let answer = try StandIn { $0.journalEntries = 5 }.send("GET", "\(Self.path)?count=6")
        #expect(answer.status == 409)
    }

    @Test func noneOfManyWaitersIsForgottenUnderRacingRequests() async throws {
        let standIn = try StandIn()
        let waiters = await withTaskGroup(of: Waiting?.self) { group in
            for number in 1...60 {
                group.addTask { Waiting(standIn, "path=/public-api/backfills/*&count=\(number)") }
                group.addTask {
                    standIn.send("GET", "/public-api/backfills/\(number)")
                    return nil
                }
            }
            return await group.reduce(into: [Waiting]()) { if let waiting = $1 { $0.append(waiting) } }
        }
        #expect(waiters.count == 60)
        // Who was answered at once has nothing to wait for.
        #expect(waiters.allSatisfy { $0.deferred == nil || $0.answer?.status == 200 })
    }
}
