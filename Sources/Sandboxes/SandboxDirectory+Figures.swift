import Simulation
import Synchronization

// What is told of all sandboxes together.
extension SandboxDirectory {
    /// How many sandboxes are open, and how many closed on disk.
    package var counts: (open: Int, closed: Int) {
        state.withLock { state in
            guard store != nil else { return (state.entries.count, 0) }
            let open = state.entries.values.count { $0.sandbox.isOpen }
            return (open, state.entries.count - open)
        }
    }

    /// How many backfills and runs are active in so many of the open sandboxes, those used last. A sandbox that is busy, or in
    /// which much is due, is not waited for: of it, what was known last counts.
    package func activeWork(inTheLastUsed limit: Int) -> (backfills: Int, runs: Int) {
        let open = state.withLock { state in
            state.entries.values.compactMap { $0.sandbox.isOpen ? ($0.sandbox, $0.lastUsedAt ?? .earliest) : nil }
        }
        return open.sorted { $0.1 > $1.1 }.prefix(limit).reduce(into: (0, 0)) { sum, next in
            let active = next.0.activeWork()
            sum.0 += active.backfills
            sum.1 += active.runs
        }
    }
}
