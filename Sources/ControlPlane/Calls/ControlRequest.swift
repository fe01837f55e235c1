import Emulation
import HTTPFront
import Sandboxes
import Threads

/// A request that has found its endpoint.
struct ControlRequest: Sendable {
    let request: HTTPRequest
    let endpoint: Endpoint
    /// The decoded values of the path's parameters, in order.
    let parameters: [String]
    let answer: AnswerContext

    /// The answer to it.
    func answered(_ response: HTTPResponse, in sandbox: Sandbox?) -> Answered {
        Answered(response, route: endpoint.route, sandbox: sandbox, answer: answer)
    }

    /// It as a handler gets it, once its sandbox's turn has come.
    func call(by caller: ControlAccess, in world: World) -> ControlCall {
        ControlCall(
            request: request, parameters: parameters, sandbox: caller.sandbox, right: caller.right,
            isAdmin: caller.isAdmin, world: world)
    }

    /// A body larger than this takes a while to read.
    private static let briefBody = 64 << 10

    /// Brief when it takes long in few sandboxes: whether in this one, ``takesLong(in:_:)`` says.
    func effort(_ directory: SandboxDirectory) -> Effort {
        let isBrief =
            !endpoint.takesLong && request.body.count <= Self.briefBody
            && !(endpoint.movesContents && directory.keepsFiles)
        return isBrief ? .brief : .long
    }

    /// Whether a request that is brief in most sandboxes takes long in this one.
    func takesLong(in world: World, _ directory: SandboxDirectory) throws -> Bool {
        if world.isLarge { return true }
        if endpoint.movesContents, world.hasLargeSnapshots || directory.isLargeReset(world.name) { return true }
        let now = world.now
        if world.needsFile {
            let reads = request.method == "GET" || request.method == "HEAD"
            if try !reads || world.isDue(at: now) { return true }
        }
        return try !world.dueIsBrief(at: now)
    }
}
