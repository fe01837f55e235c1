import ControlPlane
import Emulation
import HTTPFront
import JSON

/// Everything behind the port: each emulated API and the control plane under its own base path.
struct Application: HTTPApplication {
    let pipelines: [Pipeline]
    let controlPlane: ControlPlane

    func respond(to request: HTTPRequest) -> HTTPResponse {
        for pipeline in pipelines where Self.path(request.path, isUnder: pipeline.api.basePath) {
            return pipeline.respond(to: request)
        }
        // What belongs to nobody is ours to answer.
        return controlPlane.respond(to: request)
    }

    func bodyLimit(method: String, target: String) -> Int {
        // An import is a PUT: nearly every request needs no second look.
        guard method == "PUT" else { return Pipeline.bodyLimit }
        let path = HTTPRequest(method, target).path
        return PercentCoding.decode(path.utf8[...]) == ControlPlane.importPath
            ? ControlPlane.importLimit : Pipeline.bodyLimit
    }

    private static func path(_ path: String, isUnder base: String) -> Bool {
        path.hasPrefix(base)
            && (path.utf8.count == base.utf8.count || path.utf8.dropFirst(base.utf8.count).first == UInt8(ascii: "/"))
    }
}
