import Glibc
package import Time
import SQLite

/// What an answer is about: one thing that the database keeps.
package struct RenderedThing: Hashable, Sendable {
    /// What kind of thing it is: `parcel`.
    let kind: String
    /// What its id counts in.
    let scope: String
    let id: String

    package init(_ kind: String, scope: String = "", id: String) {
        self.kind = kind
        self.scope = scope
        self.id = id
    }

    /// As a database compares: to Swift two spellings of a letter are one.
    package static func == (left: Self, right: Self) -> Bool {
        left.id.hasBytes(of: right.id) && left.scope.hasBytes(of: right.scope)
            && left.kind == right.kind
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

/// A body that was made of the database's rows.
package struct RenderedBody: Sendable {
    let bytes: [UInt8]
    /// From when on it is what the rows say; nil when that depends on when somebody looks.
    let holdsFrom: Instant?

    package init(_ bytes: [UInt8], holdsFrom: Instant? = .earliest) {
        self.bytes = bytes
        self.holdsFrom = holdsFrom
    }
}

/// Bodies that were made of the database's rows and still say what these do: who waits for something asks for it again
/// and again.
struct KnownBodies {
    private struct Known {
        let bytes: [UInt8]
        let holdsFrom: Instant
    }

    private var bodies: [RenderedThing: Known] = [:]
    /// What the database's revision was when the first was made.
    private var revision: UInt64 = 0
    private var size = 0

    private static let largestBody = 16 << 10
    /// Enough for a thousand small things.
    private static let mostBytes = 1 << 20
    /// What keeping a body takes beside its bytes, and its thing's.
    private static let bytesForEach = 160

    func body(of thing: RenderedThing, at now: Instant, revision: UInt64) -> [UInt8]? {
        guard revision == self.revision, let known = bodies[thing], known.holdsFrom <= now else { return nil }
        return known.bytes
    }

    /// Keeps a body unless it is long or goes on changing, and forgets what was made before the last write.
    mutating func keep(_ body: RenderedBody, of thing: RenderedThing, revision: UInt64) {
        guard let holdsFrom = body.holdsFrom, body.bytes.count <= Self.largestBody else { return }
        let added = body.bytes.count + Self.bytesForEach
        if revision != self.revision || size + added > Self.mostBytes {
            bodies.removeAll(keepingCapacity: true)
            size = 0
        }
        self.revision = revision
        size += added
        bodies[thing] = Known(bytes: body.bytes, holdsFrom: holdsFrom)
    }
}

extension World {
    /// The body that is made of a thing's rows: the one that is known when nothing has been written since, or else a
    /// new one.
    package func body(of thing: RenderedThing, at now: Instant, make: () throws -> RenderedBody) rethrows -> [UInt8] {
        // In the midst of a transaction rows may change before the revision does.
        if database.isInTransaction { return try make().bytes }
        if let known = knownBodies.body(of: thing, at: now, revision: database.revision) { return known }
        let made = try make()
        knownBodies.keep(made, of: thing, revision: database.revision)
        return made.bytes
    }
}
