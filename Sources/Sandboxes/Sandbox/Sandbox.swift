import Synchronization
package import Threads

/// One isolated world: one tenant, one database, one queue of what is to be done in it.
///
/// The database is opened when somebody's turn comes first, and may be closed again: none of that is done while others
/// are kept waiting. `@unchecked Sendable` because of `world`, which is only ever reached by whoever has the queue's
/// turn.
package final class Sandbox: @unchecked Sendable {
    package let name: String
    /// What it uses of the server's memory.
    package let account: MemoryAccount
    /// Its large answers that are being sent.
    package let answers: TransitMemory
    /// The bodies that are being read for it. A seed may have twice as many bytes as the sandbox.
    package let bodies: TransitMemory
    private let queue: SerialQueue
    private var world: World?
    /// Whether its files are gone. Only by whoever has the turn.
    var isRemoved = false
    private let opening: SandboxOpening
    private let openState = Atomic(false)
    /// What the metrics say of it, as of when somebody last counted; empty until then.
    private let figures = Mutex<[Int64]>([])
    private let attached = Mutex<[any AnyObject & Sendable]>([])

    init(_ name: String, account: MemoryAccount, opening: SandboxOpening, pool: WorkerPool) {
        self.name = name
        self.account = account
        answers = TransitMemory(limit: account.limit, budget: account.budget)
        bodies = TransitMemory(
            limit: account.limit > .max / 2 ? .max : max(64 << 20, account.limit * 2), budget: account.budget)
        self.opening = opening
        queue = SerialQueue(pool: pool)
    }

    /// Runs the work when it is its turn; this thread waits until then. Never reach for another sandbox from inside.
    package func withWorld<Result>(_ work: (World) throws -> Result) throws -> Result {
        try queue.run { try inside(work) }
    }

    /// The same for somebody who answers also where there is no world.
    package func withOpened<Outcome>(_ work: (Swift.Result<World, any Error>) -> Outcome) -> Outcome {
        queue.run {
            let opened = Swift.Result { try openedWorld() }
            defer { world?.rest() }
            return work(opened)
        }
    }

    /// Takes the turn at once if the sandbox is open and nobody is before; nil if not. ``leave()`` is to follow.
    package func enterIfFree() -> World? {
        guard isOpen, queue.enterIfFree() else { return nil }
        if let world, !isRemoved { return world }
        // It was closed or removed since.
        queue.leave()
        return nil
    }

    /// Gives up the turn that ``enterIfFree()`` has given.
    package func leave() {
        world?.rest()
        queue.leave()
    }

    /// Runs the work when it is its turn: at once, on this thread, when it is brief and nobody is before it. What it
    /// throws it must see to itself; ``SandboxCannotOpen`` is handed to it.
    ///
    /// - Parameter work: gets the world, or why there is none, and whether it may take long; gives false when it would
    ///   and may not, and has then done nothing.
    package func submit(
        _ effort: Effort, evenWhenQueueIsFull: Bool = false,
        _ work: @escaping @Sendable (Swift.Result<World, any Error>?, _ mayTakeLong: Bool) -> Bool
    ) -> SerialQueue.Submission {
        let effort = effort == .brief && !isOpen && opening.takesLong() ? .long : effort
        return queue.submit(effort, evenWhenFull: evenWhenQueueIsFull) { [self] mayTakeLong in
            // It may have been closed since.
            if !mayTakeLong, world == nil, opening.takesLong() { return false }
            let opened = Swift.Result { try openedWorld() }
            defer { world?.rest() }
            return work(opened, mayTakeLong)
        }
    }

    private func inside<Result>(_ work: (World) throws -> Result) throws -> Result {
        let world = try openedWorld()
        defer { world.rest() }
        return try work(world)
    }

    private func openedWorld() throws -> World {
        if isRemoved { throw DirectoryRefusal.busy }
        if let world { return world }
        let made = try opening.world()
        world = made
        openState.store(true, ordering: .releasing)
        return made
    }

    // MARK: Opening and closing

    /// Whether its database is open.
    var isOpen: Bool { openState.load(ordering: .acquiring) }

    /// Closes the database when nobody is in the sandbox. Whoever comes next opens it again.
    func close() {
        _ = queue.submit(.long, evenWhenFull: true) { [self] _ in
            letGo()
            return true
        }
    }

    private func letGo() {
        world?.countClosed()
        world = nil
        openState.store(false, ordering: .releasing)
    }

    // MARK: What is remembered

    fileprivate var rememberedFigures: [Int64] { figures.withLock { $0 } }

    fileprivate func remember(_ counted: [Int64]) { figures.withLock { $0 = counted } }

    // MARK: Attachments

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

extension Sandbox {
    /// What the metrics say of it, in the order of the modules' figures, as of the sandbox's present if nobody is
    /// before us and little is due.
    func currentFigures() -> [Int64] {
        // One that cannot be read says so to whoever uses it.
        guard let world = enterIfFree() else { return rememberedFigures }
        defer { leave() }
        if let counted = try? world.briefFigures() { remember(counted) }
        return rememberedFigures
    }
}

extension World {
    /// What holds now; nil where to find out takes long.
    fileprivate func briefFigures() throws -> [Int64]? {
        let now = now
        guard try dueIsBrief(at: now), !needsFile else { return nil }
        try advance(to: now)
        return try figures()
    }
}
