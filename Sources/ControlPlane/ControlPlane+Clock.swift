import Emulation
import HTTPFront
import JSON
import Sandboxes
import Simulation

extension ControlPlane {
    /// `GET /_understudy/clock`
    func clock(_ call: ControlCall) throws -> HTTPResponse {
        call.withWorld { world in Self.clockResponse(world) }
    }

    /// `PATCH /_understudy/clock`: mode, speed or present; 409 for a present before something the sandbox has made.
    func patchClock(_ call: ControlCall) throws -> HTTPResponse {
        let patch = try ClockPatch(call.request.body)
        return try call.withWorld { world in
            try world.transaction {
                guard try world.changeClock(mode: patch.mode, speed: patch.speed, now: patch.now) else {
                    throw ControlRefusal.conflict(
                        reason: "The sandbox has made something later than that; reset it, or set a later time.")
                }
            }
            return Self.clockResponse(world)
        }
    }

    /// `POST /_understudy/clock/advance`: answers when all that fell due has happened.
    func advanceClock(_ call: ControlCall) throws -> HTTPResponse {
        let advance = try ClockAdvance(call.request.body)
        return try call.withWorld { world in
            let now = world.now
            let target = try advance.target(from: now)
            let outcome = try world.transaction { try world.advanceClock(target) }
            var writer = JSONWriter()
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
            return HTTPResponse(200, json: writer.bytes)
        }
    }

    /// How many changes of state an advance tells of.
    private static let shownTransitions = 1_000

    private static func clockResponse(_ world: World) -> HTTPResponse {
        var writer = JSONWriter(capacity: 128)
        writer.clock(world.clock, now: world.now)
        return HTTPResponse(200, json: writer.bytes)
    }
}

/// The body of a `PATCH /clock`.
private struct ClockPatch {
    var mode: SandboxClock.Mode?
    var now: Instant?
    var speed: Double?

    init(_ body: [UInt8]) throws {
        var fields = FieldReader(try RequestBody(body).object)
        fields.refuseAll(but: ["mode", "now", "speed"])
        if let text = fields.string("mode", fields.object["mode"]) {
            mode = SandboxClock.Mode(rawValue: text)
            if mode == nil { fields.report("mode", "must be one of real, manual, poll") }
        }
        now = fields.instant("now", fields.object["now"])
        if let node = fields.object["speed"] {
            speed = fields.number("speed", node, above: 0, atMost: 1_000_000)
        }
        if !fields.violations.isEmpty { throw ControlRefusal.invalid(fields.violations) }
    }
}

/// The body of a `POST /clock/advance`: exactly one of `seconds`, `to` and `until`.
private struct ClockAdvance {
    private var seconds: Double?
    private var to: Instant?
    private var until: String?
    private var limitSeconds: Double = 31_536_000

    init(_ body: [UInt8]) throws {
        var fields = FieldReader(try RequestBody(body).object)
        fields.refuseAll(but: ["seconds", "to", "until", "limit_seconds"])
        let given = ["seconds", "to", "until"].filter { fields.object[$0] != nil }
        if given.count != 1 { fields.report(given.last ?? "seconds", "exactly one of seconds, to and until is needed") }
        if let node = fields.object["seconds"] { seconds = fields.number("seconds", node, above: -4e11, atMost: 4e11) }
        to = fields.instant("to", fields.object["to"])
        until = fields.string("until", fields.object["until"])
        if let until, until != "next_event", until != "idle" {
            fields.report("until", "must be next_event or idle")
        }
        if let node = fields.object["limit_seconds"] {
            if fields.object["until"] == nil { fields.report("limit_seconds", "goes with until only") }
            limitSeconds = fields.number("limit_seconds", node, above: -1e-9, atMost: 4e11) ?? limitSeconds
        }
        if !fields.violations.isEmpty { throw ControlRefusal.invalid(fields.violations) }
    }

    /// Where to go from there. Never backwards, and not past the year 9999.
    func target(from now: Instant) throws(ControlRefusal) -> World.AdvanceTarget {
        let limit = now.adding(microseconds: Int64(limitSeconds * 1_000_000))
        switch until {
        case "next_event": return .nextEvent(limit: limit)
        case "idle": return .idle(limit: limit)
        default: break
        }
        let sought: Instant
        if let seconds {
            let microseconds = Int64((seconds * 1_000_000).rounded())
            sought = now.adding(microseconds: microseconds)
            guard sought.microseconds == now.microseconds + microseconds else {
                throw .invalid([Violation(field: "seconds", message: "leads past the year 9999")])
            }
        } else {
            sought = to ?? now
        }
        guard sought >= now else {
            throw .conflict(
                reason:
                    "The clock stands at \(now.rfc3339) and never goes backwards; PATCH /_understudy/clock may set it back."
            )
        }
        return .instant(sought)
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
        string(transition.resource.rawValue)
        key("id")
        string(transition.id)
        key("from")
        string(transition.from)
        key("to")
        string(transition.to)
        endObject()
    }
}
