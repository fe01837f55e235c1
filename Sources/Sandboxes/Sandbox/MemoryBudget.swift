import Synchronization

/// How much memory the server may use for all sandboxes together, and how much it uses.
package final class MemoryBudget: Sendable {
    /// In bytes.
    package let limit: Int
    private let held = Atomic(0)

    package init(limit: Int = .max) { self.limit = limit }

    /// How many bytes are used, as far as they are counted.
    package var used: Int { max(0, held.load(ordering: .relaxed)) }

    /// How many more may be used.
    package var room: Int { max(0, limit - used) }

    /// Takes that many bytes if there is room for them.
    package func reserve(_ bytes: Int) -> Bool {
        guard bytes <= limit else { return false }
        let (_, used) = held.add(bytes, ordering: .relaxed)
        if used <= limit { return true }
        held.subtract(bytes, ordering: .relaxed)
        return false
    }

    /// Counts what is there already, or (a negative number) is there no longer.
    package func count(_ bytes: Int) { held.add(bytes, ordering: .relaxed) }
}

/// What it takes to read a large document, as long as this lives.
package final class ReadingMemory {
    private let budget: MemoryBudget
    private var held = 0
    /// Whether there was not enough.
    package private(set) var isExhausted = false

    package init(_ budget: MemoryBudget) { self.budget = budget }

    deinit { budget.count(-held) }

    func reserve(_ bytes: Int) -> Bool {
        guard budget.reserve(bytes) else {
            isExhausted = true
            return false
        }
        held += bytes
        return true
    }
}

/// What one sandbox uses of the budget: its database, snapshots and journal, the bodies being read for it.
package final class MemoryAccount: Sendable {
    /// What the sandbox may use, in bytes.
    package let limit: Int
    package let budget: MemoryBudget
    private let held = Atomic(0)
    /// Of these, the database's bytes.
    private let database = Atomic(0)
    /// What the budget has for everything else.
    private let others = Atomic(0)
    /// Whether the snapshots that a file has are counted.
    private let snapshotsAreCounted = Atomic(false)
    /// What the budget has for the database: of a file, only what its connection needs.
    private let resident = Atomic(0)

    package init(limit: Int = .max, budget: MemoryBudget = MemoryBudget()) {
        self.limit = limit
        self.budget = budget
    }

    deinit { budget.count(-others.load(ordering: .relaxed) - resident.load(ordering: .relaxed)) }

    /// How many bytes the sandbox uses.
    package var used: Int { max(0, held.load(ordering: .relaxed)) }

    /// How many more it may use.
    package var room: Int { max(0, min(limit - used, budget.room)) }

    /// Whether it is the server's limit that leaves less room than the sandbox's own.
    package var isServerFull: Bool { budget.room < limit - used }

    /// How many of its bytes are in memory.
    var inMemory: Int { resident.load(ordering: .relaxed) + others.load(ordering: .relaxed) }

    /// How many bytes the database has.
    var databaseBytes: Int { database.load(ordering: .relaxed) }

    /// How many bytes the database may have that an import puts in its place: those that it has, and all that nothing
    /// else uses.
    var importAllowance: Int {
        let (sum, overflow) = databaseBytes.addingReportingOverflow(room)
        return overflow ? .max : sum
    }

    /// How many bytes the database may have after other writes: a sixteenth less, so that what was exported fits where
    /// it is imported, however it is packed there.
    var databaseAllowance: Int { min(importAllowance, max(0, limit - limit / 16 - (used - databaseBytes))) }

    /// Takes that many bytes if there is room for them.
    package func reserve(_ bytes: Int) -> Bool {
        guard reserveStored(bytes) else { return false }
        guard budget.reserve(bytes) else {
            held.subtract(bytes, ordering: .relaxed)
            return false
        }
        others.add(bytes, ordering: .relaxed)
        return true
    }

    /// Counts what is there already, or (a negative number) is there no longer.
    package func count(_ bytes: Int) {
        held.add(bytes, ordering: .relaxed)
        others.add(bytes, ordering: .relaxed)
        budget.count(bytes)
    }

    /// Counts the snapshots that were there when the sandbox's file was opened first. They are files: the budget has
    /// none of them.
    func countStoredSnapshots(_ bytes: () throws -> Int) rethrows {
        guard !snapshotsAreCounted.exchange(true, ordering: .relaxed) else { return }
        countStored(try bytes())
    }

    /// Counts bytes that are in files.
    func countStored(_ bytes: Int) { held.add(bytes, ordering: .relaxed) }

    /// Takes bytes that are in files, if the sandbox has room for them.
    func reserveStored(_ bytes: Int) -> Bool {
        let used = held.add(bytes, ordering: .relaxed).newValue
        if used <= limit { return true }
        held.subtract(bytes, ordering: .relaxed)
        return false
    }

    /// Says how large the database is now, and how much of it, with what its connection needs, is in memory. Only by
    /// whoever has the sandbox's turn.
    func setDatabase(bytes: Int, inMemory resident: Int) {
        let before = database.exchange(bytes, ordering: .relaxed)
        if before != bytes { held.add(bytes - before, ordering: .relaxed) }
        let residentBefore = self.resident.exchange(resident, ordering: .relaxed)
        if residentBefore != resident { budget.count(resident - residentBefore) }
    }
}

/// What is on its way to or from a sandbox's clients, bodies or large answers: so many bytes, or one of them.
package final class TransitMemory: Sendable {
    package let limit: Int
    private let budget: MemoryBudget
    private let held = Atomic(0)

    init(limit: Int, budget: MemoryBudget) {
        self.limit = limit
        self.budget = budget
    }

    package func reserve(_ bytes: Int) -> Bool {
        let (before, after) = held.add(bytes, ordering: .relaxed)
        if before == 0 || after <= limit, budget.reserve(bytes) { return true }
        held.subtract(bytes, ordering: .relaxed)
        return false
    }

    package func count(_ bytes: Int) {
        held.add(bytes, ordering: .relaxed)
        budget.count(bytes)
    }
}
