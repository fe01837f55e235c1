import Emulation
import HTTPFront
import JSON
import Sandboxes

extension ControlPlane {
    /// `GET /_understudy/faults`: in the order in which they were written, each with how often it was used.
    func faults(_ call: ControlCall) throws -> HTTPResponse {
        let faults = try call.withWorld { try $0.faults() }
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("data")
        writer.beginArray()
        for fault in faults { writer.fault(fault) }
        writer.endArray()
        writer.endObject()
        return HTTPResponse(200, json: writer.bytes)
    }

    /// `GET /_understudy/faults/{name}`
    func fault(_ call: ControlCall) throws -> HTTPResponse {
        let name = call.parameter
        guard let fault = try call.withWorld({ try $0.fault(named: name) }) else {
            throw ControlRefusal.notFound(what: "fault \(name)")
        }
        return Self.answer(200, fault)
    }

    /// `PUT /_understudy/faults/{name}`: 201 when it is new. One that is replaced starts again: unused, the newest.
    func putFault(_ call: ControlCall) throws -> HTTPResponse {
        let body = try RequestBody(call.request)
        do {
            let (fault, isNew) = try call.withWorld { world in
                try world.transaction {
                    try world.writeFault(named: call.parameter, body.root, within: faultVocabulary)
                }
            }
            return Self.answer(isNew ? 201 : 200, fault)
        } catch let refusal as SeedRefusal {
            throw ControlRefusal.invalidFault(refusal)
        }
    }

    /// `DELETE /_understudy/faults/{name}`: answers what it was.
    func deleteFault(_ call: ControlCall) throws -> HTTPResponse {
        let name = call.parameter
        let deleted = try call.withWorld { world in
            try world.transaction { try world.deleteFault(named: name) }
        }
        guard let deleted else { throw ControlRefusal.notFound(what: "fault \(name)") }
        return Self.answer(200, deleted)
    }

    private static func answer(_ status: Int, _ fault: Fault) -> HTTPResponse {
        var writer = JSONWriter(capacity: 256)
        writer.fault(fault)
        return HTTPResponse(status, json: writer.bytes)
    }
}
