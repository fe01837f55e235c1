import Emulation
import HTTPFront
import Sandboxes
import Threads

/// A request to the control plane that waits for its turn. Here work becomes an answer, whatever comes of it.
final class ControlTurn: Turn {
    let place: Place
    let effort: Effort
    let comesThroughFullQueue: Bool
    private let asked: ControlRequest
    /// Gives nil, and nothing has happened, when it would take long and may not.
    private let work: @Sendable (_ world: Result<World, any Error>?, _ mayTakeLong: Bool) throws -> HTTPResponse?
    private let refusal: @Sendable (any Error) -> ControlRefusal

    /// - Parameter refusal: What an error that the work throws is answered with.
    init(
        _ work: ControlWork, for asked: ControlRequest, _ directory: SandboxDirectory,
        refusal: @escaping @Sendable (any Error) -> ControlRefusal
    ) {
        self.asked = asked
        self.refusal = refusal
        switch work {
        case .inside(let sandbox, let work):
            place = .sandbox(sandbox)
            effort = asked.effort(directory)
            comesThroughFullQueue = false
            self.work = { opened, mayTakeLong in
                guard let world = try opened?.get() else { throw ControlRefusal.unavailable(.busy) }
                if !mayTakeLong, try asked.takesLong(in: world, directory) { return nil }
                return try work(world)
            }
        case .removal(let sandbox, let work):
            place = .sandbox(sandbox)
            effort = .long
            comesThroughFullQueue = true
            self.work = { opened, _ in try work(try? opened?.get()) }
        case .apart(let work):
            place = .apart(directory.adminQueue)
            effort = .long
            comesThroughFullQueue = false
            self.work = { _, _ in try work() }
        }
    }

    func answer(_ world: Result<World, any Error>?, mayTakeLong: Bool) -> Answered? {
        do { return try work(world, mayTakeLong).map(answered) } catch { return answered(refusal(error).response) }
    }

    func refuse(_ reason: Unavailability) -> Answered { answered(ControlRefusal.unavailable(reason).response) }

    /// A large answer counts in its sandbox until it is sent. What has changed something is answered without room, too.
    private func answered(_ response: HTTPResponse) -> Answered {
        guard case .sandbox(let sandbox) = place else { return asked.answered(response, in: nil) }
        var response = response
        if !response.count(in: sandbox), asked.request.method == "GET" {
            response = ControlRefusal.unavailable(.memory(limit: sandbox.account.budget.limit)).response
        }
        return asked.answered(response, in: sandbox)
    }
}
