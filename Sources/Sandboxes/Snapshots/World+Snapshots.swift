import SQLite
import Time

/// Why no snapshot is taken.
package enum SnapshotRefusal: Error, Hashable {
    /// The name is none; the message says what one is.
    case badName(message: String)
    case tooMany(limit: Int)
    /// With this one the sandbox's snapshots would have more bytes than that.
    case tooLarge(limitBytes: Int)
}

extension World {
    /// All snapshots, by name.
    package func allSnapshots() throws -> [Snapshot] { try snapshots.all() }

    /// Copies what an export holds, under a name, over the snapshot of that name if there is one.
    ///
    /// - Throws: ``SnapshotRefusal``; then nothing is changed.
    package func takeSnapshot(named name: String) throws -> (snapshot: Snapshot, isNew: Bool) {
        guard PlainName.isOne(name) else { throw SnapshotRefusal.badName(message: PlainName.message) }
        let all = try snapshots.all()
        let others = all.filter { $0.name != name }
        guard others.count < settings.snapshotLimits.count else {
            throw SnapshotRefusal.tooMany(limit: settings.snapshotLimits.count)
        }
        var clock = clock
        clock.set(to: now, machine: machine())
        try advanceIfThereIsRoom(to: clock.base)
        guard others.reduce(try database.byteCount(), { $0 + $1.sizeBytes }) <= settings.snapshotLimits.bytes else {
            throw SnapshotRefusal.tooLarge(limitBytes: settings.snapshotLimits.bytes)
        }
        // Under a data folder what belongs to the sandbox is beside its file.
        if snapshots.isStored { try makeWritten() }
        let isShared = database.shared != nil && sharesImage && !snapshots.isStored
        let added = (isShared ? 0 : try database.byteCount()) - (try snapshots.countedBytes(named: name))
        guard added <= 0 || reserve(added) else { throw SandboxFull(settings.account) }
        do {
            let contents = SandboxContents(
                image: try database.image(), clock: clock, random: random, rateLimitPlan: rateLimitPlan,
                isShared: isShared)
            let snapshot = try snapshots.put(contents, named: name)
            if added < 0 { release(-added) }
            return (snapshot, others.count == all.count)
        } catch {
            if added > 0 { release(added) }
            throw error
        }
    }

    /// Deletes a snapshot and gives what it was; nil when there is none of that name.
    package func deleteSnapshot(named name: String) throws -> Snapshot? {
        guard PlainName.isOne(name), let snapshot = try snapshots.all().first(where: { $0.name == name }) else {
            return nil
        }
        let counted = try snapshots.countedBytes(named: name)
        try snapshots.remove(named: name)
        release(counted)
        return snapshot
    }

    /// Brings everything back to as it was when a snapshot was taken, the clock's present included, from which a real
    /// one runs on; false when there is none of that name.
    ///
    /// Choice: of a real clock too it is the sandbox's time that comes back (docs/FIDELITY.md, "Snapshots").
    package func restoreSnapshot(named name: String) throws -> Bool {
        guard PlainName.isOne(name), var contents = try snapshots.contents(named: name) else { return false }
        contents.clock.set(to: contents.clock.base, machine: machine())
        try replaceContents(with: contents, as: .restore)
        return true
    }

    /// Takes what a snapshot needs: memory, or a part of a file.
    private func reserve(_ bytes: Int) -> Bool {
        snapshots.isStored ? settings.account.reserveStored(bytes) : settings.account.reserve(bytes)
    }

    private func release(_ bytes: Int) {
        if snapshots.isStored { settings.account.countStored(-bytes) } else { settings.account.count(-bytes) }
    }
}
