import Dispatch
import Foundation
import Synchronization
import Testing
import Threads

@Suite struct SerialQueueTests {
    /// What ran, in its order.
    private final class Log: Sendable {
        private let entries = Mutex<[Int]>([])
        private let written = DispatchSemaphore(value: 0)

        func add(_ number: Int) {
            entries.withLock { $0.append(number) }
            written.signal()
        }

        /// All entries, once there are so many.
        func wait(for count: Int) -> [Int] {
            for _ in 0..<count { #expect(written.wait(timeout: .now() + 20) == .success) }
            return entries.withLock { $0 }
        }
    }

    /// A queue that is busy until it is let go.
    private static func held(_ queue: SerialQueue) -> DispatchSemaphore {
        let (entered, released) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        Thread.detachNewThread {
            queue.run {
                entered.signal()
                released.wait()
            }
        }
        entered.wait()
        return released
    }

    @Test func briefWorkRunsAtOnceOnAFreeQueue() {
        let queue = SerialQueue(pool: WorkerPool())
        let thread = pthread_self()
        let ran = Mutex(false)
        let submission = queue.submit(.brief) { mayTakeLong in
            ran.withLock { $0 = pthread_self() == thread && !mayTakeLong }
            return true
        }
        #expect(submission == .done)
        #expect(ran.withLock { $0 })
    }

    @Test func whatComesFirstRunsFirst() {
        let queue = SerialQueue(pool: WorkerPool())
        let log = Log()
        let held = Self.held(queue)
        for number in 0..<300 {
            let submission = queue.submit(number % 7 == 0 ? .long : .brief) { _ in
                log.add(number)
                return true
            }
            #expect(submission == .queued)
        }
        held.signal()
        #expect(log.wait(for: 300) == Array(0..<300))
    }

    @Test func longWorkNeverRunsWhereItIsBrought() {
        let queue = SerialQueue(pool: WorkerPool())
        let log = Log()
        let thread = pthread_self()
        let submission = queue.submit(.long) { mayTakeLong in
            log.add(mayTakeLong && pthread_self() != thread ? 1 : 0)
            return true
        }
        #expect(submission == .queued)
        #expect(log.wait(for: 1) == [1])
    }

    @Test func whatTurnsOutToBeLongRunsOnceAndBeforeWhatCameLater() {
        let queue = SerialQueue(pool: WorkerPool())
        let log = Log()
        let held = Self.held(queue)
        for number in 0..<20 {
            _ = queue.submit(.brief) { mayTakeLong in
                if number == 5, !mayTakeLong { return false }
                log.add(number)
                return true
            }
        }
        held.signal()
        #expect(log.wait(for: 20) == Array(0..<20))
        let submission = queue.submit(.brief) { mayTakeLong in
            if mayTakeLong { log.add(20) }
            return mayTakeLong
        }
        #expect(submission == .queued)
        #expect(log.wait(for: 1).last == 20)
    }

    @Test func pastTheLimitWorkIsRefused() {
        let queue = SerialQueue(pool: WorkerPool())
        let log = Log()
        let held = Self.held(queue)
        for number in 0..<SerialQueue.limit {
            #expect(
                queue.submit(.brief) { _ in
                    log.add(number); return true
                } == .queued)
        }
        #expect(
            queue.submit(.brief) { _ in
                log.add(-1); return true
            } == .full)
        #expect(
            queue.submit(.long) { _ in
                log.add(-1); return true
            } == .full)
        #expect(
            queue.submit(.long, evenWhenFull: true) { _ in
                log.add(SerialQueue.limit); return true
            } == .queued)
        held.signal()
        #expect(log.wait(for: SerialQueue.limit + 1) == Array(0...SerialQueue.limit))
        #expect(queue.submit(.brief) { _ in true } != .full)
    }

    @Test func longWorkOfManyQueuesKeepsNobodysBriefWorkWaiting() {
        let pool = WorkerPool()
        let released = DispatchSemaphore(value: 0)
        let queues = (0..<50).map { _ in SerialQueue(pool: pool) }
        for queue in queues {
            _ = queue.submit(.long) { _ in
                released.wait()
                return true
            }
        }
        let queue = SerialQueue(pool: pool)
        let log = Log()
        let held = Self.held(queue)
        _ = queue.submit(.brief) { _ in
            log.add(1); return true
        }
        held.signal()
        #expect(log.wait(for: 1) == [1])
        for _ in queues { released.signal() }
    }

    @Test func whatWaitsWhenThePoolStopsIsDroppedAndThreadsGoOn() {
        let pool = WorkerPool()
        let queue = SerialQueue(pool: pool)
        let log = Log()
        let held = Self.held(queue)
        _ = queue.submit(.brief) { _ in
            log.add(0); return true
        }
        pool.stop()
        Thread.detachNewThread { queue.run { log.add(1) } }
        held.signal()
        #expect(log.wait(for: 1) == [1])
    }

    @Test func neverMoreThanOneIsInside() {
        let queue = SerialQueue(pool: WorkerPool())
        let inside = Atomic(0)
        let most = Atomic(0)
        let log = Log()
        let work: @Sendable () -> Void = {
            let now = inside.add(1, ordering: .relaxed).newValue
            if now > most.load(ordering: .relaxed) { most.store(now, ordering: .relaxed) }
            inside.subtract(1, ordering: .relaxed)
            log.add(0)
        }
        DispatchQueue.concurrentPerform(iterations: 8) { worker in
            for number in 0..<500 {
                switch (worker + number) % 3 {
                case 0: queue.run(work)
                case 1:
                    while queue.submit(
                        .brief,
                        { _ in
                            work(); return true
                        }) == .full
                    { sched_yield() }
                default:
                    while queue.submit(
                        .long,
                        { _ in
                            work(); return true
                        }) == .full
                    { sched_yield() }
                }
            }
        }
        #expect(log.wait(for: 4_000).count == 4_000)
        #expect(most.load(ordering: .relaxed) == 1)
    }
}
