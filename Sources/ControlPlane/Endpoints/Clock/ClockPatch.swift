import Emulation
import JSON
import Sandboxes
import Time

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
