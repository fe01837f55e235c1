import Dispatch
import HTTPFront
import RawHTTP
import Synchronization
import Testing

@Suite struct DeferredTests {
    private static func deferred(seconds: Double) -> DeferredResponse {
        DeferredResponse(seconds: seconds, otherwise: HTTPResponse(200, body: Array("otherwise".utf8)))
    }

    private static let answer = HTTPResponse(200, body: Array("answer".utf8))

    @Test func anAnswerMayComeFromAnotherThread() throws {
        let deferred = Self.deferred(seconds: 600)
        let served = try Served(delivered: { _ in HTTPResponse(deferred: deferred) })
        let connection = try served.connect()
        try connection.send(RawConnection.request("GET", "/delivered"))
        #expect(eventually { served.application.answers == 1 })
        #expect(try served.isAlive())
        DispatchQueue.global().async { #expect(deferred.complete(with: Self.answer)) }
        #expect(try connection.answer()?.text == "answer")
        #expect(!deferred.complete(with: Self.answer))
        #expect(try connection.request("GET", "/next")?.status == 200)
    }

    @Test func anAnswerMayBeThereAlready() throws {
        let served = try Served(delivered: { _ in
            let deferred = Self.deferred(seconds: 600)
            deferred.complete(with: Self.answer)
            return HTTPResponse(deferred: deferred)
        })
        let connection = try served.connect()
        for _ in 0..<20 { #expect(try connection.request("GET", "/delivered")?.text == "answer") }
    }

    @Test(arguments: [0.05, 0, -1, .nan])
    func afterItsTimeThereIsAnother(limit: Double) throws {
        let deferred = Self.deferred(seconds: limit)
        let served = try Served(delivered: { _ in HTTPResponse(deferred: deferred) })
        var answer: RawAnswer?
        let waited = try seconds { answer = try served.connect().request("GET", "/delivered") }
        #expect(!(waited < limit))
        #expect(answer?.text == "otherwise")
        // Whoever comes later learns that nobody waits any more.
        #expect(!deferred.complete(with: Self.answer))
    }

    @Test(arguments: [
        Delivery(delayMilliseconds: 50), Delivery(dribble: .init(chunks: 3, milliseconds: 50)),
        Delivery(delayMilliseconds: 50, breakage: .empty),
    ])
    func theAnswerMayBeDeliveredInItsOwnWay(delivery: Delivery) throws {
        let deferred = Self.deferred(seconds: 600)
        let served = try Served(delivered: { _ in HTTPResponse(deferred: deferred) })
        let connection = try served.connect()
        try connection.send(RawConnection.request("GET", "/delivered"))
        #expect(eventually { served.application.answers == 1 })
        var answer = Self.answer
        answer.delivery = delivery
        var text: String?
        let waited = try seconds {
            deferred.complete(with: answer)
            text = try connection.answer()?.text
        }
        #expect(waited >= 0.05)
        #expect(text == (delivery.breakage == nil ? "answer" : nil))
    }

    @Test func anAnswerMayBeDeferredOnceMore() throws {
        let served = try Served(delivered: { _ in
            let (first, second) = (Self.deferred(seconds: 600), Self.deferred(seconds: 0.02))
            first.complete(with: HTTPResponse(deferred: second))
            return HTTPResponse(deferred: first)
        })
        #expect(try served.connect().request("GET", "/delivered")?.text == "otherwise")
    }

    @Test func aStopGivesTheOtherAnswer() throws {
        let deferred = Self.deferred(seconds: 600)
        let served = try Served(delivered: { _ in HTTPResponse(deferred: deferred) })
        let connection = try served.connect()
        try connection.send(RawConnection.request("GET", "/delivered"))
        #expect(eventually { served.application.answers == 1 })
        #expect(seconds { served.server.stop() } < 4)
        #expect(try connection.answer()?.text == "otherwise")
        #expect(!deferred.complete(with: Self.answer))
    }

    /// Answers, their time, and a stop, all at once: each connection is resumed once, and gets one of both answers.
    @Test func manyAreCompletedWhileTheServerStops() throws {
        for round in 0..<5 {
            let waiting = Mutex<[DeferredResponse]>([])
            let keep: @Sendable (DeferredResponse) -> Void = { deferred in waiting.withLock { $0.append(deferred) } }
            let served = try Served(delivered: { _ in
                let deferred = Self.deferred(seconds: 0.001 * Double(round))
                keep(deferred)
                return HTTPResponse(deferred: deferred)
            })
            let connections = try (0..<100).map { _ in try served.connect() }
            for connection in connections { try connection.send(RawConnection.request("GET", "/delivered")) }
            #expect(eventually { served.application.answers == 100 })
            DispatchQueue.concurrentPerform(iterations: 3) { number in
                if number == 0 { return served.server.stop() }
                for deferred in waiting.withLock({ $0 }) { deferred.complete(with: Self.answer) }
            }
            for connection in connections {
                let text = try connection.answer()?.text
                #expect(text == "answer" || text == "otherwise")
            }
        }
    }

    /// By closing the connection, or by half a goodbye.
    @Test(arguments: [false, true])
    func whoHangsUpWhileWaitingIsNoticedAtOnce(isHalf: Bool) throws {
        let deferred = Self.deferred(seconds: 600)
        let over = DispatchSemaphore(value: 0)
        deferred.whenOver { over.signal() }
        let served = try Served(delivered: { _ in HTTPResponse(deferred: deferred) })
        var connection: RawConnection? = try served.connect()
        try connection?.send(RawConnection.request("GET", "/delivered"))
        #expect(eventually { served.application.answers == 1 })
        if isHalf { connection?.endSending() } else { connection = nil }
        #expect(over.wait(timeout: .now() + 20) == .success)
        #expect(!deferred.complete(with: Self.answer))
        #expect(try served.isAlive())
    }

    @Test(arguments: [false, true])
    func whatMakesAnAnswerIsLetGoOfWhenItIsGivenOrNotWanted(isGiven: Bool) {
        final class Made: Sendable {}
        let deferred = Self.deferred(seconds: 600)
        weak var kept: Made?
        do {
            let made = Made()
            kept = made
            deferred.complete(making: {
                withExtendedLifetime(made) {}
                return Self.answer
            })
        }
        #expect(kept != nil)
        if isGiven { #expect(deferred.settled().body == Self.answer.body) } else { deferred.abandon() }
        #expect(kept == nil)
        #expect(deferred.isOver)
    }

    @Test func whoWaitsForWorkGetsItWhenTheServerStops() throws {
        let deferred = Self.deferred(seconds: .infinity)
        let served = try Served(delivered: { _ in HTTPResponse(deferred: deferred) })
        let connection = try served.connect()
        try connection.send(RawConnection.request("GET", "/delivered"))
        #expect(eventually { served.application.answers == 1 })
        let stopped = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            served.server.stop()
            stopped.signal()
        }
        #expect(stopped.wait(timeout: .now() + 0.1) == .timedOut)
        deferred.complete(with: Self.answer)
        #expect(try connection.answer()?.text == "answer")
        #expect(stopped.wait(timeout: .now() + 20) == .success)
    }

    @Test func aStopWaitsOnlySoLongForWork() throws {
        let deferred = Self.deferred(seconds: .infinity)
        let served = try Served(delivered: { _ in HTTPResponse(deferred: deferred) }) { $0.stopSeconds = 1 }
        let connection = try served.connect()
        try connection.send(RawConnection.request("GET", "/delivered"))
        #expect(eventually { served.application.answers == 1 })
        #expect(seconds { served.server.stop() } < 4)
        #expect(try connection.answer()?.text == "otherwise")
    }

    @Test func whoKeepsItIsToldOnceThatItIsOver() {
        let endings: [(DeferredResponse) -> Void] = [
            { $0.complete(with: Self.answer) }, { _ = $0.settled() }, { $0.abandon() },
        ]
        for end in endings {
            let deferred = Self.deferred(seconds: 600)
            let told = Atomic(0)
            let later = Atomic(0)
            deferred.whenOver { told.add(1, ordering: .relaxed) }
            #expect(told.load(ordering: .relaxed) == 0)
            for end in endings + [end] { end(deferred) }
            #expect(told.load(ordering: .relaxed) == 1)
            deferred.whenOver { later.add(1, ordering: .relaxed) }
            #expect(later.load(ordering: .relaxed) == 1)
        }
    }

    @Test func whatIsAbandonedIsAnsweredNoMore() {
        let deferred = Self.deferred(seconds: 600)
        let completed = Atomic(0)
        deferred.whenComplete { completed.add(1, ordering: .relaxed) }
        deferred.abandon()
        #expect(!deferred.complete(with: Self.answer))
        #expect(completed.load(ordering: .relaxed) == 0)
        #expect(deferred.settled().body == deferred.otherwise.body)
    }

    @Test func anAnswerIsMadeWhenItIsSent() {
        let deferred = Self.deferred(seconds: 600)
        let made = Atomic(0)
        deferred.complete(making: {
            made.add(1, ordering: .relaxed)
            return Self.answer
        })
        #expect(made.load(ordering: .relaxed) == 0)
        #expect(deferred.settled().body == Self.answer.body)
        #expect(made.load(ordering: .relaxed) == 1)
    }
}
