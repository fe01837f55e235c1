import ControlPlane
import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

/// `/_understudy/parcels/{id}/return`: sends a parcel back, which no client of the courier can.
struct ParcelEndpoints: EndpointGroup {
    var endpoints: [Endpoint] {
        [Endpoint("return_parcel", "POST", "/_understudy/parcels/{id}/return", .sandbox(.write, sendBack))]
    }

    /// Answers the parcel as it is then; 409 when it is not on its way any more.
    private func sendBack(_ call: ControlCall) throws -> HTTPResponse {
        let world = call.world
        let now = world.now
        try world.advance(to: now)
        guard let id = UUIDValue(call.parameter)?.description, let parcel = try world.parcel(id: id) else {
            throw ControlRefusal.notFound(what: "parcel \(call.parameter)")
        }
        guard let sent = try world.transaction({ try world.sendBack(parcel, at: now) }) else {
            throw ControlRefusal.conflict(reason: "The parcel is \(parcel.course.status.rawValue).")
        }
        return HTTPResponse(200, json: JSONWriter.body(of: sent))
    }
}
