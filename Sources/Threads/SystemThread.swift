import Glibc

/// A thread of the system's own, for work that waits: the runtime's are for work that does not.
package struct SystemThread: Sendable {
    private let handle: pthread_t

    /// Does the work, once, on a new thread. Nil, and the work is not done, when the system has no thread left.
    package init?(_ work: @escaping @Sendable () -> Void) {
        var made = pthread_t()
        let context = Unmanaged.passRetained(Work(work))
        let code = pthread_create(
            &made, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().work()
                return nil
            }, context.toOpaque())
        guard code == 0 else {
            context.release()
            return nil
        }
        handle = made
    }

    /// Waits until the work is done. Either this or ``detach()``, once.
    package func join() { pthread_join(handle, nil) }

    /// Leaves it to itself.
    package func detach() { pthread_detach(handle) }

    private final class Work: Sendable {
        let work: @Sendable () -> Void

        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }
}
