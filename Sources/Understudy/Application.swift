import ControlPlane
import Emulation
import HTTPFront
import JSON

/// Everything behind the port: each emulated API and the control plane under its own base path.
struct Application: HTTPApplication {
    let pipelines: [Pipeline]
    let controlPlane: ControlPlane
    /// Whether web pages of other origins may call the emulated APIs.
    let allowsCrossOrigin: Bool
    let observer: RequestObserver

    func respond(to request: HTTPRequest) -> HTTPResponse {
        for (index, pipeline) in pipelines.enumerated()
        where Self.path(request.path, isUnder: pipeline.api.basePath) {
            var answered = preflight(request) ?? pipeline.respond(to: request)
            if allowsCrossOrigin, answered.route != CrossOrigin.route, request.field("origin") != nil {
                CrossOrigin.allow(&answered.response)
            }
            observer.observe(request, answered, api: index)
            return answered.response
        }
        // What belongs to nobody is ours to answer.
        let answered = controlPlane.respond(to: request)
        observer.observe(request, answered, api: pipelines.count)
        return answered.response
    }

    /// A preflight comes without credentials: no sandbox sees it, and no rate window counts it.
    private func preflight(_ request: HTTPRequest) -> Answered? {
        guard allowsCrossOrigin, let response = CrossOrigin.preflight(request) else { return nil }
        let answer = AnswerContext(requestID: RandomSource.uuid(), steadySeconds: Monotonic.seconds)
        return Answered(response, route: CrossOrigin.route, sandbox: nil, answer: answer)
    }

    func bodyLimit(method: String, target: String) -> Int {
        // Seeds come by a PUT or a POST: most requests need no second look.
        guard method == "PUT" || method == "POST" else { return Pipeline.bodyLimit }
        let path = PercentCoding.decode(HTTPRequest(method, target).path.utf8[...])
        let takesSeeds = path == ControlPlane.importPath || path == ControlPlane.sandboxesPath
        return takesSeeds ? ControlPlane.seedLimit : Pipeline.bodyLimit
    }

    private static func path(_ path: String, isUnder base: String) -> Bool {
        path.hasPrefix(base)
            && (path.utf8.count == base.utf8.count || path.utf8.dropFirst(base.utf8.count).first == UInt8(ascii: "/"))
    }
}
