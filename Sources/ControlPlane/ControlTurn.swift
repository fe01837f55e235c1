import Emulation
import Sandboxes
import Threads

/// A request to the control plane that waits for its turn.
final class ControlTurn: Turn {
    let place: Place
    let effort: Effort
    let comesThroughFullQueue: Bool
    private let answer: @Sendable (_ world: Result<World, any Error>?, _ mayTakeLong: Bool) -> Answered?
    private let refuse: @Sendable (Unavailability) -> Answered

    init(
        place: Place, effort: Effort, comesThroughFullQueue: Bool = false,
        answer: @escaping @Sendable (_ world: Result<World, any Error>?, _ mayTakeLong: Bool) -> Answered?,
        refuse: @escaping @Sendable (Unavailability) -> Answered
    ) {
        self.place = place
        self.effort = effort
        self.comesThroughFullQueue = comesThroughFullQueue
        self.answer = answer
        self.refuse = refuse
    }

    func answer(_ world: Result<World, any Error>?, mayTakeLong: Bool) -> Answered? { answer(world, mayTakeLong) }
    func refuse(_ reason: Unavailability) -> Answered { refuse(reason) }
}
