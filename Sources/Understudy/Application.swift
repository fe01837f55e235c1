import ControlPlane
import Emulation
import HTTPFront
import JSON

/// Everything behind the port: each emulated API and the control plane under its own base path.
final class Application: HTTPApplication {
    let pipelines: [Pipeline]
    let controlPlane: ControlPlane
    /// Whether web pages of other origins may call the emulated APIs.
    let allowsCrossOrigin: Bool
    let observer: RequestObserver

    init(
        pipelines: [Pipeline], controlPlane: ControlPlane, allowsCrossOrigin: Bool, observer: RequestObserver
    ) {
        self.pipelines = pipelines
        self.controlPlane = controlPlane
        self.allowsCrossOrigin = allowsCrossOrigin
        self.observer = observer
    }

    func respond(to request: HTTPRequest) -> HTTPResponse {
        let route = route(request)
        return deliver(route.reply.wait(), to: request, api: route.api)
    }

    func reply(to request: HTTPRequest) -> HTTPResponse {
        let route = route(request)
        switch route.reply {
        case .answered(let answered): return deliver(answered, to: request, api: route.api)
        case .turn(let turn):
            if let answered = turn.answerNow() { return deliver(answered, to: request, api: route.api) }
            return turn.answerLater { [self] in deliver($0, to: request, api: route.api) }
        }
    }

    /// What becomes of a request, and whose it is: an API's, by its number, or the control plane's.
    private func route(_ request: HTTPRequest) -> (reply: Reply, api: Int) {
        for (index, pipeline) in pipelines.enumerated()
        where Self.path(request.path, isUnder: pipeline.api.basePath) {
            return (preflight(request).map { .answered($0) } ?? pipeline.reply(to: request), index)
        }
        // What belongs to nobody is ours to answer.
        return (controlPlane.reply(to: request), pipelines.count)
    }

    private func deliver(_ answered: Answered, to request: HTTPRequest, api: Int) -> HTTPResponse {
        observer.observe(request, answered, api: api)
        var response = answered.response
        if allowsCrossOrigin, api < pipelines.count, answered.route != CrossOrigin.route,
            request.field("origin") != nil
        {
            CrossOrigin.allow(&response)
        }
        if response.delivery != nil, let sandbox = answered.sandbox {
            response.whenHeld = { HeldAnswers.of(sandbox).add($0) }
        }
        return response
    }

    /// A preflight comes without credentials: no sandbox sees it, and no rate window counts it.
    private func preflight(_ request: HTTPRequest) -> Answered? {
        guard allowsCrossOrigin, let response = CrossOrigin.preflight(request) else { return nil }
        let answer = AnswerContext(requestID: RandomSource.uuid(), steadySeconds: Monotonic.seconds)
        return Answered(response, route: CrossOrigin.route, sandbox: nil, answer: answer)
    }

    func admit(_ head: HTTPRequest) -> BodyAdmission {
        for pipeline in pipelines where Self.path(head.path, isUnder: pipeline.api.basePath) {
            return pipeline.admit(head)
        }
        return controlPlane.admit(head)
    }

    private static func path(_ path: String, isUnder base: String) -> Bool {
        path.hasPrefix(base)
            && (path.utf8.count == base.utf8.count || path.utf8.dropFirst(base.utf8.count).first == UInt8(ascii: "/"))
    }
}
