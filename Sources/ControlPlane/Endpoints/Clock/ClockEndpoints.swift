import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

/// `/_understudy/clock`: the sandbox's time.
struct ClockEndpoints: EndpointGroup {
    var endpoints: [Endpoint] {
        [
            Endpoint("get_clock", "GET", "/_understudy/clock", .sandbox(.read, get)),
            Endpoint("patch_clock", "PATCH", "/_understudy/clock", .sandbox(.moveClock, patch), takesLong: true),
            Endpoint(
                "advance_clock", "POST", "/_understudy/clock/advance", .sandbox(.moveClock, advance), takesLong: true),
        ]
    }

    private func get(_ call: ControlCall) -> HTTPResponse {
        .json { $0.clock(call.world.clock, now: call.world.now) }
    }

    /// Mode, speed or present; 409 for a present before something the sandbox has made.
    private func patch(_ call: ControlCall) throws -> HTTPResponse {
        let patch = try ClockPatch(call.request.body)
        try call.world.transaction {
            guard try call.world.changeClock(mode: patch.mode, speed: patch.speed, now: patch.now) else {
                throw ControlRefusal.conflict(
                    reason: "The sandbox has made something later than that; reset it, or set a later time.")
            }
        }
        return get(call)
    }

    /// How many changes of state an advance tells of.
    private static let shownTransitions = 1_000

    /// Answers when all that fell due has happened.
    private func advance(_ call: ControlCall) throws -> HTTPResponse {
        let advance = try ClockAdvance(call.request.body)
        let target = try advance.target(from: call.world.now)
        let outcome = try call.world.transaction { try call.world.advanceClock(target) }
        return .json(capacity: 1_024) { writer in
            writer.beginObject()
            writer.key("now")
            writer.instant(outcome.now)
            writer.key("reason")
            writer.string(outcome.reason.rawValue)
            writer.key("transitions")
            writer.beginArray()
            for transition in outcome.transitions.prefix(Self.shownTransitions) { writer.transition(transition) }
            writer.endArray()
            writer.endObject()
        }
    }
}

extension JSONWriter {
    /// A clock: mode, present and speed.
    mutating func clock(_ clock: SandboxClock, now: Instant) {
        beginObject()
        key("mode")
        string(clock.mode.rawValue)
        key("now")
        instant(now)
        key("speed")
        double(clock.speed)
        endObject()
    }

    fileprivate mutating func transition(_ transition: Transition) {
        beginObject()
        key("at")
        instant(transition.at)
        key("resource")
        string(transition.resource)
        key("id")
        string(transition.id)
        key("from")
        string(transition.from)
        key("to")
        string(transition.to)
        endObject()
    }
}
