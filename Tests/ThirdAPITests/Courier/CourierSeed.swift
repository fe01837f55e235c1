import JSON
import SQLite
import Sandboxes
import Time

/// A parcel as a seed has it. Times are absolute (`2026-03-02T09:00:00Z`) or count from the start of the clock (`-PT5M`).
struct SeedParcel: Hashable, Sendable {
    let id: String
    let recipient: String
    let status: ParcelCourse.Status
    let acceptedAt: SeedTime
    let changedAt: SeedTime
    let lostAfter: Int64?

    init(_ fields: inout SeedFields) {
        id = fields.uuid("id")
        recipient = fields.name("to")
        let statuses = ParcelCourse.Status.allCases.map(\.rawValue)
        status = ParcelCourse.Status(rawValue: fields.choice("status", statuses, default: "accepted")) ?? .accepted
        acceptedAt = fields.time("accepted_at")
        changedAt = fields.time("changed_at", default: acceptedAt)
        lostAfter = fields.integerOrNull("lost_after", in: SeedFields.wholeSeconds)
        fields.require("changed_at", changedAt, notBefore: "accepted_at", acceptedAt)
    }
}

/// The courier's part of a seed while it is read: each item knows its place in the document.
struct CourierSeedDraft: SeedPartDraft {
    private var parcels: [SeedItem<SeedParcel>] = []

    init() {}

    mutating func read(_ fields: inout SeedFields) {
        parcels += fields.list("parcels") { fields, _ in SeedParcel(&fields) }
    }
    func check(with checks: SeedChecks) { checks.requireUnique(parcels, "id") { $0.id } }
    var part: any SeedPart { CourierSeed(parcels: parcels.map(\.value)) }
}

/// The same, checked.
struct CourierSeed: SeedPart {
    let parcels: [SeedParcel]

    var rowCount: Int { parcels.count }

    func insert(by insertion: SeedInsertion) throws {
        for parcel in parcels {
            let course = ParcelCourse(
                acceptedAt: insertion.at(parcel.acceptedAt), lostAfter: parcel.lostAfter, status: parcel.status,
                changedAt: insertion.at(parcel.changedAt))
            try insertion.insert(
                """
                INSERT INTO parcel (id, recipient, status, accepted_at, changed_at, lost_after, due_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                parcel.id, parcel.recipient, parcel.status.rawValue, course.acceptedAt, course.changedAt,
                parcel.lostAfter,
                course.next?.at)
        }
    }
}

/// Writes the rows as the same members: an export that is imported and exported again has the same bytes.
enum CourierExport {
    static func export(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        let parcels = try database.statement(
            "SELECT * FROM parcel ORDER BY row")
        try text.rows("parcels", of: parcels) { (writer, parcel) throws(SQLiteError) in
            writer.beginObject()
            writer.member("id", text: parcel)
            writer.member("to", text: parcel, "recipient")
            writer.member("status", text: parcel)
            writer.member("accepted_at", time: parcel)
            writer.member("changed_at", time: parcel)
            writer.member("lost_after", integer: parcel)
            writer.endObject()
        }
    }
}
