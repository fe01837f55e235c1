package import HTTPFront
package import Sandboxes
package import Time
import Synchronization

/// How much journals keep.
package struct JournalLimits: Sendable {
    /// How many entries a sandbox's journal has.
    package var entries: Int
    package var sandboxBytes = 8 << 20
    package var totalBytes = 256 << 20

    package init(entries: Int) { self.entries = entries }
}

/// The journals of all sandboxes: they share a limit, and live in memory only.
package final class RequestJournals: Sendable {
    package let limits: JournalLimits
    let steadySeconds: @Sendable () -> Double
    private let machine: @Sendable () -> Instant
    /// Whether `default` has the requests that have found no sandbox: in strict mode they would be anybody's to read.
    private let keepsStrays: Bool
    /// What the entries count in.
    private let memory: MemoryBudget

    private let journals = Mutex<[ObjectIdentifier: RequestJournal]>([:])
    private let sequence = Atomic<UInt64>(0)
    private let entryCount = Atomic(0)
    private let byteCount = Atomic(0)
    private let isTrimming = Atomic(false)

    /// A journal's place with its sandbox, which goes when the sandbox goes. The journal itself knows no weak
    /// reference, which would make every other one slower.
    private final class Place: Sendable {
        let journal: RequestJournal
        private let all: RequestJournals

        init(_ journal: RequestJournal, in all: RequestJournals) {
            self.journal = journal
            self.all = all
        }

        deinit {
            all.forget(journal)
            // Who waits holds the journal.
            journal.letGo()
        }
    }

    package init(
        limits: JournalLimits, keepsStrays: Bool, memory: MemoryBudget = MemoryBudget(),
        machine: @escaping @Sendable () -> Instant, steadySeconds: @escaping @Sendable () -> Double
    ) {
        self.limits = limits
        self.memory = memory
        self.keepsStrays = keepsStrays
        self.machine = machine
        self.steadySeconds = steadySeconds
    }

    /// How many entries all journals have together, and how many bytes they count for.
    package var totals: (entries: Int, bytes: Int) {
        (entryCount.load(ordering: .relaxed), byteCount.load(ordering: .relaxed))
    }

    /// The journal of a sandbox.
    package func journal(of sandbox: Sandbox) -> RequestJournal {
        Self.existing(of: sandbox) ?? sandbox.attach(register()).journal
    }

    /// The journal of a sandbox that has one already.
    package static func existing(of sandbox: Sandbox) -> RequestJournal? { sandbox.attachment(Place.self)?.journal }

    private func register() -> Place {
        let made = RequestJournal(of: self)
        journals.withLock { $0[ObjectIdentifier(made)] = made }
        return Place(made, in: self)
    }

    private func forget(_ journal: RequestJournal) {
        _ = journals.withLock { $0.removeValue(forKey: ObjectIdentifier(journal)) }
    }

    // MARK: Writing

    /// When a request arrives: the machine's present.
    package var now: Instant { machine() }

    /// Writes the entry of a request whose answer is known. Never with a lock held: this wakes who waits.
    package func write(
        _ answered: Answered, to request: HTTPRequest, arrivedAt time: Instant, api: String, complaints: [String],
        default sandbox: Sandbox
    ) {
        guard let sandbox = answered.sandbox ?? (keepsStrays ? sandbox : nil) else { return }
        journal(of: sandbox).write(
            JournalEntry(
                sequence: sequence.add(1, ordering: .relaxed).newValue, time: time, api: api, request: request,
                answered: answered, complaints: complaints))
        if byteCount.load(ordering: .relaxed) > limits.totalBytes { trim() }
    }

    func count(entries: Int, bytes: Int) {
        if entries != 0 { entryCount.add(entries, ordering: .relaxed) }
        if bytes != 0 {
            byteCount.add(bytes, ordering: .relaxed)
            memory.count(bytes)
        }
    }

    /// Drops the oldest entries of all journals, a sixteenth of their age at a time, until the limit holds.
    private func trim() {
        // One at a time is enough; nobody waits for it.
        guard !isTrimming.exchange(true, ordering: .acquiring) else { return }
        defer { isTrimming.store(false, ordering: .releasing) }
        let all = journals.withLock { Array($0.values) }
        while byteCount.load(ordering: .relaxed) > limits.totalBytes {
            guard let oldest = all.compactMap(\.oldestSequence).min() else { return }
            let age = sequence.load(ordering: .relaxed) - oldest
            for journal in all { journal.remove(before: oldest + max(1, age / 16)) }
        }
    }
}
