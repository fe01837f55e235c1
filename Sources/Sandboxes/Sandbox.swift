import Synchronization

/// One isolated world: one tenant, one database, one lock.
///
/// `@unchecked Sendable` because of `world`: it is only ever reached with `lock` held.
package final class Sandbox: @unchecked Sendable {
    package let name: String
    private let lock = YieldingLock()
    private let world: World
    private let attached = Mutex<[any AnyObject & Sendable]>([])

    init(_ world: World) {
        name = world.name
        self.world = world
    }

    /// Runs the work with the sandbox to itself. Never reach for another sandbox from inside.
    package func withWorld<Result>(_ work: (World) throws -> Result) rethrows -> Result {
        try lock.withLock {
            defer { world.rest() }
            return try work(world)
        }
    }

    /// What a layer above keeps with the sandbox, one of each type; nil when it has attached none.
    package func attachment<Attached: AnyObject & Sendable>(_ type: Attached.Type) -> Attached? {
        attached.withLock { attached in
            for element in attached { if let found = element as? Attached { return found } }
            return nil
        }
    }

    /// Attaches what goes when the sandbox goes; gives what is attached then, which is another's that was there first.
    package func attach<Attached: AnyObject & Sendable>(_ made: Attached) -> Attached {
        attached.withLock { attached in
            for element in attached { if let found = element as? Attached { return found } }
            attached.append(made)
            return made
        }
    }
}
