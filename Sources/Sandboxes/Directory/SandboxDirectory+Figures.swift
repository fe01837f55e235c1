import Time
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

    /// What the modules' figures come to in so many of the open sandboxes, those used last. A sandbox that is busy, or
    /// in which much is due, is not waited for: of it, what was known last counts.
    package func figures(inTheLastUsed limit: Int) -> [(figure: RowCount, sum: Int64)] {
        let open = state.withLock { state in
            state.entries.values.compactMap { $0.sandbox.isOpen ? ($0.sandbox, $0.lastUsedAt ?? .earliest) : nil }
        }
        let figures = configuration.modules.figures
        var sums = [Int64](repeating: 0, count: figures.count)
        for (sandbox, _) in open.sorted(by: { $0.1 > $1.1 }).prefix(limit) {
            for (index, value) in zip(sums.indices, sandbox.currentFigures()) { sums[index] += value }
        }
        return zip(figures, sums).map { ($0, $1) }
    }
}
