import Emulation
import HTTPFront
import JSON
import Sandboxes
import Simulation

extension ControlPlane {
    /// `GET /_understudy/snapshots`: by name.
    func snapshots(_ call: ControlCall) throws -> HTTPResponse {
        let snapshots = try call.withWorld { try $0.allSnapshots() }
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("data")
        writer.beginArray()
        for snapshot in snapshots { writer.snapshot(snapshot) }
        writer.endArray()
        writer.endObject()
        return HTTPResponse(200, json: writer.bytes)
    }

    /// `PUT /_understudy/snapshots/{name}`: 201 when it is new. What the body says does not matter.
    func putSnapshot(_ call: ControlCall) throws -> HTTPResponse {
        let name = call.parameter
        do {
            let (snapshot, isNew) = try call.withWorld { try $0.takeSnapshot(named: name) }
            return Self.answer(isNew ? 201 : 200, snapshot)
        } catch let refusal as SnapshotRefusal {
            switch refusal {
            case .badName(let message): throw ControlRefusal.invalid([Violation(field: "name", message: message)])
            case .tooMany(let limit):
                throw ControlRefusal.conflict(
                    reason: "The sandbox has \(limit) snapshots, the most there may be: delete one.")
            case .tooLarge(let limit):
                throw ControlRefusal.conflict(
                    reason: "The sandbox's snapshots would be larger than \(limit) bytes together: delete one.")
            }
        }
    }

    /// `DELETE /_understudy/snapshots/{name}`: answers what it was.
    func deleteSnapshot(_ call: ControlCall) throws -> HTTPResponse {
        let name = call.parameter
        guard let deleted = try call.withWorld({ try $0.deleteSnapshot(named: name) }) else {
            throw ControlRefusal.notFound(what: "snapshot \(name)")
        }
        return Self.answer(200, deleted)
    }

    /// `POST /_understudy/snapshots/{name}/restore`: answers as ``sandbox(_:)`` does.
    func restoreSnapshot(_ call: ControlCall) throws -> HTTPResponse {
        let name = call.parameter
        return try call.withWorld { world in
            guard try world.restoreSnapshot(named: name) else {
                throw ControlRefusal.notFound(what: "snapshot \(name)")
            }
            return try describe(world)
        }
    }

    private static func answer(_ status: Int, _ snapshot: Snapshot) -> HTTPResponse {
        var writer = JSONWriter(capacity: 128)
        writer.snapshot(snapshot)
        return HTTPResponse(status, json: writer.bytes)
    }
}

extension JSONWriter {
    fileprivate mutating func snapshot(_ snapshot: Snapshot) {
        beginObject()
        key("name")
        string(snapshot.name)
        key("created_at")
        instant(snapshot.createdAt)
        key("size_bytes")
        integer(Int64(snapshot.sizeBytes))
        endObject()
    }
}
