package import Time
import SQLite

/// A named copy of what a sandbox's export holds.
package struct Snapshot: Sendable, Hashable {
    package let name: String
    /// The sandbox's time when it was taken, to which a restore sets the clock back.
    package let createdAt: Instant
    package let sizeBytes: Int
}

/// How many snapshots a sandbox may keep, and how large they may be together.
package struct SnapshotLimits: Sendable {
    package var count = 100
    package var bytes = 256 << 20
}

/// A sandbox's snapshots: in memory, or, when the sandbox is a file, in another file beside it.
enum SnapshotShelf {
    case memory([String: SandboxContents])
    case file(SnapshotFile)

    /// All of them, by name.
    func all() throws -> [Snapshot] {
        switch self {
        case .memory(let kept): kept.sorted { $0.key < $1.key }.map { Snapshot(name: $0.key, of: $0.value) }
        case .file(let file): try file.all()
        }
    }

    /// Whether they are in a file.
    var isStored: Bool { if case .file = self { true } else { false } }

    /// How many bytes the snapshot of that name counts for: none when its image is one that other sandboxes read as
    /// well.
    func countedBytes(named name: String) throws -> Int {
        switch self {
        case .memory(let kept): kept[name].map { $0.isShared ? 0 : $0.image.count } ?? 0
        case .file(let file): try file.all().first { $0.name == name }?.sizeBytes ?? 0
        }
    }

    /// What the snapshot of that name holds; nil when there is none.
    func contents(named name: String) throws -> SandboxContents? {
        switch self {
        case .memory(let kept): kept[name]
        case .file(let file): try file.contents(named: name)
        }
    }

    /// Keeps contents under a name, in place of what was kept under it.
    mutating func put(_ contents: SandboxContents, named name: String) throws -> Snapshot {
        let snapshot = Snapshot(name: name, of: contents)
        switch self {
        case .memory(var kept):
            kept[name] = contents
            self = .memory(kept)
        case .file(let file): try file.put(snapshot, contents.image)
        }
        return snapshot
    }

    mutating func remove(named name: String) throws {
        switch self {
        case .memory(var kept):
            kept[name] = nil
            self = .memory(kept)
        case .file(let file): try file.remove(named: name)
        }
    }
}

extension Snapshot {
    fileprivate init(name: String, of contents: SandboxContents) {
        self.init(name: name, createdAt: contents.clock.base, sizeBytes: contents.image.count)
    }
}
