import Glibc
import SQLite

/// What an answer is about: one thing that the database keeps.
package struct RenderedThing: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case backfill, run
    }

    let kind: Kind
    /// What its id counts in: the agent kind of a run.
    let scope: String
    let id: String

    package init(_ kind: Kind, scope: String = "", id: String) {
        self.kind = kind
        self.scope = scope
        self.id = id
    }

    /// As a database compares: to Swift two spellings of a letter are one.
    package static func == (left: Self, right: Self) -> Bool {
        left.kind == right.kind && left.id.hasBytes(of: right.id) && left.scope.hasBytes(of: right.scope)
    }
}

extension String {
    fileprivate func hasBytes(of other: String) -> Bool {
        utf8.withContiguousStorageIfAvailable { mine in
            other.utf8.withContiguousStorageIfAvailable { theirs in
                guard mine.count == theirs.count else { return false }
                guard let left = mine.baseAddress, let right = theirs.baseAddress else { return true }
                return memcmp(left, right, mine.count) == 0
            } ?? false
        } ?? false
    }
}

/// Bodies that were made of the database's rows and still say what these do: who waits for something asks for it again and
/// again.
struct KnownBodies {
    private var bodies: [RenderedThing: [UInt8]] = [:]
    /// What the database's revision was when the first was made.
    private var revision: UInt64 = 0

    private static let mostBodies = 32
    private static let mostBytes = 16 << 10

    func body(of thing: RenderedThing, at revision: UInt64) -> [UInt8]? {
        revision == self.revision ? bodies[thing] : nil
    }

    /// Keeps a body unless it is long, and forgets what was made before the last write.
    mutating func keep(_ body: [UInt8], of thing: RenderedThing, at revision: UInt64) {
        if revision != self.revision || bodies.count >= Self.mostBodies { bodies.removeAll(keepingCapacity: true) }
        self.revision = revision
        if body.count <= Self.mostBytes { bodies[thing] = body }
    }
}

extension World {
    /// The body that is made of a thing's rows: the one that is known when nothing has been written since, or else a new one.
    package func body(of thing: RenderedThing, make: () throws -> [UInt8]) rethrows -> [UInt8] {
        // In the midst of a transaction rows may change before the revision does.
        if database.isInTransaction { return try make() }
        if let known = knownBodies.body(of: thing, at: database.revision) { return known }
        let made = try make()
        knownBodies.keep(made, of: thing, at: database.revision)
        return made
    }
}
