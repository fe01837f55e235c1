import Emulation
import JSON
import Sandboxes
import Time

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
