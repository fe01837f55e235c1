import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

/// The parcel operations.
enum Parcels {
    /// `POST /courier/v1/parcels` with `{"to"}`: 201.
    static let create: @Sendable (Call) throws -> HTTPResponse = { call in
        var fields = FieldReader(try RequestBody(call.request).object)
        let recipient = fields.string("to", fields.required("to"))
        if let recipient, !(1...200).contains(recipient.unicodeScalars.count) {
            fields.report("to", "must have from 1 to 200 characters")
        }
        guard let recipient, fields.violations.isEmpty else { throw CourierRefusal.invalid(fields.violations) }
        guard let parcel = try call.world.acceptParcel(to: recipient, at: call.now) else {
            throw CourierRefusal.noSuchParcel
        }
        return HTTPResponse(201, json: JSONWriter.body(of: parcel))
    }

    /// `GET /courier/v1/parcels/{id}`
    static let get: @Sendable (Call) throws -> HTTPResponse = { call in
        guard let id = UUIDValue(call.parameters.first ?? "")?.description,
            let parcel = try call.world.parcel(id: id)
        else { throw CourierRefusal.noSuchParcel }
        // Under a clock in `poll` mode a look at a parcel moves the time on to what happens to it next.
        guard call.world.clock.mode == .poll, let next = parcel.course.next else {
            return HTTPResponse(200, json: JSONWriter.body(of: parcel))
        }
        try call.world.pollClock(to: next.at)
        guard let polled = try call.world.parcel(id: id) else { throw CourierRefusal.noSuchParcel }
        return HTTPResponse(200, json: JSONWriter.body(of: polled))
    }
}

extension JSONWriter {
    /// `{"parcel": {…}}`: every success of this API.
    static func body(of parcel: Parcel) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("parcel")
        writer.beginObject()
        writer.key("id")
        writer.string(parcel.id)
        writer.key("to")
        writer.string(parcel.recipient)
        writer.key("status")
        writer.string(parcel.course.status.rawValue)
        writer.key("accepted_at")
        writer.instant(parcel.course.acceptedAt)
        writer.key("changed_at")
        writer.instant(parcel.course.changedAt)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}
