import HTTPFront
import Sandboxes
import Time
import Threads

/// A request to an emulated API that waits for its sandbox.
final class PipelineTurn: Turn {
    private let pipeline: Pipeline
    private let request: HTTPRequest
    private let match: Router<Operation>.Match
    private let route: Route?
    private let sandbox: Sandbox
    private let standing: Credential
    private let context: AnswerContext
    private let arrival: Instant?
    let effort: Effort

    init(
        pipeline: Pipeline, request: HTTPRequest, match: Router<Operation>.Match, route: Route?, sandbox: Sandbox,
        standing: Credential, answer: AnswerContext, arrival: Instant?, effort: Effort
    ) {
        self.pipeline = pipeline
        self.request = request
        self.match = match
        self.route = route
        self.sandbox = sandbox
        self.standing = standing
        context = answer
        self.arrival = arrival
        self.effort = effort
    }

    var place: Place { .sandbox(sandbox) }

    func answer(_ world: Result<World, any Error>?, mayTakeLong: Bool) -> Answered? {
        let response = pipeline.respond(
            to: request, match, in: world, as: standing, context, mayTakeLong: mayTakeLong)
        guard let response else { return nil }
        return Answered(response, route: route, sandbox: sandbox, answer: context)
    }

    func refuse(_ reason: Unavailability) -> Answered {
        let response = pipeline.api.respond(to: .unavailable(reason), context)
        return Answered(response, route: route, sandbox: sandbox, answer: context)
    }

    func finish(_ answered: Answered) -> Answered { pipeline.finish(answered, to: request, arrival) }
}
