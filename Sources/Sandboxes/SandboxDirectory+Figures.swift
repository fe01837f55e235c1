import Synchronization

// What is told of all sandboxes together.
extension SandboxDirectory {
    /// How many sandboxes are open in memory, and how many closed on disk.
    package var counts: (open: Int, closed: Int) {
        state.withLock { ($0.openCount, $0.entries.count - $0.openCount) }
    }

    /// How many backfills and runs are active in so many of the open sandboxes, those used last, as of their present. Each is
    /// locked for itself, and none is opened or counts as used.
    package func activeWork(inTheLastUsed limit: Int) -> (backfills: Int, runs: Int) {
        let open = state.withLock { state in
            state.entries.values.compactMap { entry in entry.sandbox.map { ($0, entry.lastUse) } }
        }
        var (backfills, runs) = (0, 0)
        for (sandbox, _) in open.sorted(by: { $0.1 > $1.1 }).prefix(limit) {
            // One that cannot be read says so to whoever uses it.
            let active = try? sandbox.withWorld { world in
                try world.advance(to: world.now)
                return try world.activeWork()
            }
            backfills += Int(active?.backfills ?? 0)
            runs += Int(active?.runs ?? 0)
        }
        return (backfills, runs)
    }
}
