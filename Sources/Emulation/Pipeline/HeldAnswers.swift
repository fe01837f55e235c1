package import HTTPFront
package import Sandboxes
import Synchronization

/// The answers of a sandbox that a fault delays, so that a reset can let go of them.
package final class HeldAnswers: Sendable {
    private let held = Mutex<[ObjectIdentifier: DeferredResponse]>([:])

    private init() {}

    /// Those of a sandbox.
    package static func of(_ sandbox: Sandbox) -> HeldAnswers {
        sandbox.attachment(HeldAnswers.self) ?? sandbox.attach(HeldAnswers())
    }

    /// Keeps one as long as it waits.
    package func add(_ deferred: DeferredResponse) {
        let key = ObjectIdentifier(deferred)
        held.withLock { $0[key] = deferred }
        deferred.whenOver { [weak self] in
            guard let self else { return }
            _ = held.withLock { $0.removeValue(forKey: key) }
        }
    }

    /// Sends all of them now.
    package func letGo() {
        for deferred in held.withLock({ Array($0.values) }) { deferred.completeOtherwise() }
    }
}
