import Glibc

/// Wakes one who waits, now or later, for each time it is rung.
///
/// `@unchecked Sendable` because of `semaphore`: a POSIX semaphore, which any thread may use.
package final class Bell: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    package init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    package func ring() { sem_post(semaphore) }

    /// Returns for one ring.
    package func wait() { while sem_wait(semaphore) != 0 {} }
}
