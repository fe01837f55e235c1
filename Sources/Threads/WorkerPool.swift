import Glibc
import Synchronization

/// The threads that run what waits in queues: some for brief work, others, at a lower priority, for long work, so that
/// no amount of long work keeps brief work waiting. Each is started when it is first needed.
package final class WorkerPool: Sendable {
    private let brief: Crew
    private let long: Crew

    /// - Parameter threads: how many threads read requests.
    package init(threads: Int = 2) {
        brief = Crew(mostThreads: max(1, threads / 2), niceness: 0)
        // More than there are processors: who brings long work waits for nobody else's, but shares the processors with
        // it.
        long = Crew(mostThreads: max(32, threads * 4), niceness: 10)
    }

    deinit { stop() }

    /// Has a worker run what waits in a queue. False once the pool has stopped.
    func take(_ queue: SerialQueue, _ effort: Effort) -> Bool { (effort == .brief ? brief : long).take(queue, effort) }

    /// What waits is not run any more. Does not wait for what runs.
    package func stop() {
        brief.stop()
        long.stop()
    }

    /// How many pieces of work are being run.
    package var running: Int { brief.running + long.running }

    /// Waits until none is being run, so many milliseconds at most. An answer may be out before its worker is through,
    /// which on a busy machine takes its time.
    package func finish(withinMilliseconds limit: Int) {
        for _ in 0..<limit where running > 0 { usleep(1_000) }
    }
}

/// Threads of one priority.
private final class Crew: Sendable {
    private struct State {
        var ready = FIFO<(queue: SerialQueue, effort: Effort)>()
        var threads = 0
        var idle = 0
        var isOver = false
    }

    private let mostThreads: Int
    private let niceness: Int32
    private let state = Mutex(State())
    private let bell = Bell()

    init(mostThreads: Int, niceness: Int32) {
        self.mostThreads = mostThreads
        self.niceness = niceness
    }

    var running: Int { state.withLock { $0.threads - $0.idle } }

    func take(_ queue: SerialQueue, _ effort: Effort) -> Bool {
        let needsThread: Bool? = state.withLock { state in
            guard !state.isOver else { return nil }
            state.ready.append((queue, effort))
            guard state.idle < state.ready.count, state.threads < mostThreads else { return false }
            state.threads += 1
            state.idle += 1
            return true
        }
        guard let needsThread else { return false }
        if needsThread { start() }
        bell.ring()
        return true
    }

    private func start() {
        let thread = SystemThread { self.serve() }
        guard thread == nil else {
            thread?.detach()
            return
        }
        // Others do it; where there are none, the next piece of work tries again.
        state.withLock { state in
            state.threads -= 1
            state.idle -= 1
        }
    }

    private func serve() {
        // Of this thread alone: Linux keeps a priority for each (setpriority(2), "C library/kernel differences").
        if niceness > 0 { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
        while !state.withLock({ $0.isOver }) {
            bell.wait()
            let next: (queue: SerialQueue, effort: Effort)? = state.withLock { state in
                guard let next = state.ready.popFirst() else { return nil }
                state.idle -= 1
                return next
            }
            guard let next else { continue }
            next.queue.work(next.effort)
            state.withLock { $0.idle += 1 }
        }
        state.withLock { state in
            state.threads -= 1
            state.idle -= 1
        }
    }

    func stop() {
        let (threads, dropped) = state.withLock { state in
            state.isOver = true
            return (state.threads, state.ready.removeAll())
        }
        for _ in 0..<threads { bell.ring() }
        // What waits in them is dropped, and threads that wait there go on.
        for (queue, _) in dropped { queue.leave() }
    }
}
