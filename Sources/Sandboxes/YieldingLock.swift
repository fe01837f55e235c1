import Glibc

/// A lock that is held for tens of microseconds, again and again: for less time than it takes to fall asleep and be woken.
///
/// Whoever waits offers its processor to others first, and sleeps only when that was not enough. `@unchecked Sendable`
/// because of `mutex`, which is made to be shared.
final class YieldingLock: @unchecked Sendable {
    /// Half a millisecond when nobody else wants the processor.
    private static let mostYields = 1_000

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        mutex = .allocate(capacity: 1)
        let code = pthread_mutex_init(mutex, nil)
        precondition(code == 0, "a mutex cannot be made: \(code)")
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func withLock<Result>(_ work: () throws -> Result) rethrows -> Result {
        lock()
        defer { pthread_mutex_unlock(mutex) }
        return try work()
    }

    private func lock() {
        for _ in 0..<Self.mostYields {
            if pthread_mutex_trylock(mutex) == 0 { return }
            sched_yield()
        }
        pthread_mutex_lock(mutex)
    }
}
