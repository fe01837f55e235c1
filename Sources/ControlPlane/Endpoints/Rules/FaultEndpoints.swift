import Emulation
import HTTPFront
import Sandboxes

/// `/_understudy/faults`: what is to go wrong with requests to the emulated APIs.
struct FaultEndpoints: EndpointGroup {
    let vocabulary: FaultVocabulary

    var endpoints: [Endpoint] {
        let path = "/_understudy/faults"
        return [
            Endpoint("list_faults", "GET", path, .sandbox(.read, list)),
            Endpoint("get_fault", "GET", "\(path)/{name}", .sandbox(.read, get)),
            Endpoint("put_fault", "PUT", "\(path)/{name}", .sandbox(.write, put)),
            Endpoint("delete_fault", "DELETE", "\(path)/{name}", .sandbox(.write, delete)),
        ]
    }

    /// In the order in which they were written, each with how often it was used.
    private func list(_ call: ControlCall) throws -> HTTPResponse {
        .list(try call.world.faults()) { $0.fault($1) }
    }

    private func get(_ call: ControlCall) throws -> HTTPResponse {
        guard let fault = try call.world.fault(named: call.parameter) else { throw Self.missing(call) }
        return .json { $0.fault(fault) }
    }

    /// 201 when it is new. One that is replaced starts again: unused, the newest.
    private func put(_ call: ControlCall) throws -> HTTPResponse {
        let body = try RequestBody(call.request)
        do {
            let (fault, isNew) = try call.world.transaction {
                try call.world.writeFault(named: call.parameter, body.root, within: vocabulary)
            }
            return .json(isNew ? 201 : 200) { $0.fault(fault) }
        } catch let refusal as SeedRefusal {
            throw ControlRefusal.invalidFault(refusal)
        }
    }

    /// Answers what it was.
    private func delete(_ call: ControlCall) throws -> HTTPResponse {
        let deleted = try call.world.transaction { try call.world.deleteFault(named: call.parameter) }
        guard let deleted else { throw Self.missing(call) }
        return .json { $0.fault(deleted) }
    }

    private static func missing(_ call: ControlCall) -> ControlRefusal {
        .notFound(what: "fault \(call.parameter)")
    }
}
