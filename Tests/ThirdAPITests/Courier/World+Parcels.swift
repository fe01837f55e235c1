import SQLite
import Sandboxes
import Time

/// The courier's table. Instants are work's: microseconds from the start of the sandbox's clock. `due_at` is when something happens to the parcel next.
enum ParcelTable {
    static let migration1: StaticString = """
        CREATE TABLE parcel (
            row INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            recipient TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('accepted', 'on_the_way', 'delivered', 'lost', 'returned')),
            accepted_at INTEGER NOT NULL,
            changed_at INTEGER NOT NULL CHECK (changed_at >= accepted_at),
            lost_after INTEGER CHECK (lost_after >= 0),
            due_at INTEGER,
            CHECK (due_at IS NULL OR status IN ('accepted', 'on_the_way'))
        ) STRICT;
        CREATE INDEX parcel_due ON parcel (due_at) WHERE due_at IS NOT NULL;
        """
}

/// One row of the table.
struct Parcel: Sendable, Hashable {
    let row: Int64
    let id: String
    let recipient: String
    var course: ParcelCourse
}

extension World {
    /// Accepts a parcel. Only inside a transaction.
    func acceptParcel(to recipient: String, at now: Instant) throws -> Parcel? {
        let lostAfter = try useScenario(parcelTo: recipient)?.lostAfter
        let course = ParcelCourse(acceptedAt: now, lostAfter: lostAfter)
        // Ids are drawn from the sandbox's own random numbers: a reset gives the same ones again.
        let id = random.uuid().description
        try database.run(
            """
            INSERT INTO parcel (id, recipient, status, accepted_at, changed_at, lost_after, due_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            id, recipient, course.status.rawValue, now, course.changedAt, lostAfter,
            course.next?.at)
        // The world remembers when there is work next, and has to hear of more.
        if let next = course.next { bringDue(of: ParcelWorkload.self, to: next.at) }
        return try parcel(id: id)
    }

    /// The parcel with that id; nil when there is none.
    func parcel(id: String) throws -> Parcel? {
        let statement = try database.statement(
            "SELECT * FROM parcel WHERE id = ?")
        defer { statement.reset() }
        statement.bind(id, at: 1)
        return try statement.step() ? try Parcel(statement) : nil
    }

    /// Sends a parcel back; nil, and nothing is changed, when it is not on its way any more. Only inside a transaction.
    func sendBack(_ parcel: Parcel, at now: Instant) throws -> Parcel? {
        var sent = parcel
        guard sent.course.sendBack(at: now) else { return nil }
        try database.save(sent)
        forgetDue(of: ParcelWorkload.self)
        return sent
    }
}

extension Database {
    func save(_ parcel: Parcel) throws {
        let course = parcel.course
        try run(
            "UPDATE parcel SET status = ?2, changed_at = ?3, due_at = ?4 WHERE row = ?1", parcel.row,
            course.status.rawValue, course.changedAt, course.next?.at)
    }
}

extension Parcel {
    /// A row of the table.
    init(_ row: Statement) throws {
        guard let status = ParcelCourse.Status(rawValue: row.text("status")) else {
            throw SandboxDamaged(reason: "a parcel in it cannot be read")
        }
        self.row = row.integer("row")
        id = row.text("id")
        recipient = row.text("recipient")
        course = ParcelCourse(
            acceptedAt: row.instant("accepted_at"), lostAfter: row.optionalInteger("lost_after"), status: status,
            changedAt: row.instant("changed_at"))
    }
}
