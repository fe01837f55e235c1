import Synchronization

/// One isolated world: one tenant, one database, one lock.
///
/// `@unchecked Sendable` because of `world`: it is only ever reached with `lock` held.
package final class Sandbox: @unchecked Sendable {
    package let name: String
    private let lock = Mutex(())
    private let world: World

    init(_ world: World) {
        name = world.name
        self.world = world
    }

    /// Runs the work with the sandbox to itself. Never reach for another sandbox from inside.
    package func withWorld<Result>(_ work: (World) throws -> Result) rethrows -> Result {
        try lock.withLock { _ in
            defer { world.rest() }
            return Carried(value: try work(world))
        }.value
    }
}

/// Carries a result out of the lock. `@unchecked Sendable` because of `value`: it goes to the caller's own thread.
private struct Carried<Value>: @unchecked Sendable {
    let value: Value
}
