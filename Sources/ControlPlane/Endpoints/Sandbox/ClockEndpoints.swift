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

/// The body of a `POST /clock/advance`: exactly one of `seconds`, `to` and `until`.
struct ClockAdvance {
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
                reason: """
                    The clock stands at \(now.rfc3339) and never goes backwards; PATCH /_understudy/clock may set it back.
                    """)
        }
        return .instant(sought)
    }
}

/// The body of a `PATCH /clock`.
struct ClockPatch {
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
