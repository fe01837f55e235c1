/// Entries in the order of their last use. An entry is in one list at most; each step costs the same however many there
/// are.
struct RecencyList {
    unowned(unsafe) private(set) var oldest: SandboxEntry?
    unowned(unsafe) private var newest: SandboxEntry?
    private(set) var count = 0

    /// Adds an entry that is in no list, as the one used last.
    mutating func append(_ entry: SandboxEntry) {
        entry.older = newest
        entry.newer = nil
        newest?.newer = entry
        newest = entry
        if oldest == nil { oldest = entry }
        count += 1
    }

    mutating func remove(_ entry: SandboxEntry) {
        if let older = entry.older { older.newer = entry.newer } else { oldest = entry.newer }
        if let newer = entry.newer { newer.older = entry.older } else { newest = entry.older }
        entry.older = nil
        entry.newer = nil
        count -= 1
    }

    /// Makes an entry of this list the one used last.
    mutating func touch(_ entry: SandboxEntry) {
        guard entry !== newest else { return }
        remove(entry)
        append(entry)
    }
}
