import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

/// `/_understudy/snapshots`: a sandbox's contents under names, to go back to.
struct SnapshotEndpoints: EndpointGroup {
    let directory: SandboxDirectory

    var endpoints: [Endpoint] {
        let path = "/_understudy/snapshots"
        return [
            Endpoint("list_snapshots", "GET", path, .sandbox(.read, list)),
            Endpoint("put_snapshot", "PUT", "\(path)/{name}", .sandbox(.write, put), movesContents: true),
            Endpoint("delete_snapshot", "DELETE", "\(path)/{name}", .sandbox(.write, delete), movesContents: true),
            Endpoint(
                "restore_snapshot", "POST", "\(path)/{name}/restore", .sandbox(.administer, restore),
                movesContents: true),
        ]
    }

    /// By name.
    private func list(_ call: ControlCall) throws -> HTTPResponse {
        .list(try call.world.allSnapshots()) { $0.snapshot($1) }
    }

    /// 201 when it is new. What the body says does not matter.
    private func put(_ call: ControlCall) throws -> HTTPResponse {
        do {
            let (snapshot, isNew) = try call.world.takeSnapshot(named: call.parameter)
            return .json(isNew ? 201 : 200) { $0.snapshot(snapshot) }
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

    /// Answers what it was.
    private func delete(_ call: ControlCall) throws -> HTTPResponse {
        guard let deleted = try call.world.deleteSnapshot(named: call.parameter) else { throw Self.missing(call) }
        return .json { $0.snapshot(deleted) }
    }

    /// Answers what the sandbox is and holds then.
    private func restore(_ call: ControlCall) throws -> HTTPResponse {
        guard try call.world.restoreSnapshot(named: call.parameter) else { throw Self.missing(call) }
        return try call.world.description(from: directory)
    }

    private static func missing(_ call: ControlCall) -> ControlRefusal {
        .notFound(what: "snapshot \(call.parameter)")
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
