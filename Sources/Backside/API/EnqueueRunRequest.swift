import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

/// The body of an enqueue: an object, in which everything may be left out.
///
/// Choice: all of it, built from the record (docs/FIDELITY.md, "Enqueue").
enum EnqueueRunRequest {
    /// Reads the fields; refuses everything that is wrong with them at once. No body at all is an empty object, and
    /// null is a field left out.
    static func read(_ request: HTTPRequest) throws -> NewAgentRun {
        let body = try request.body.isEmpty ? RequestBody(Array("{}".utf8)) : RequestBody(request)
        var fields = FieldReader(body.object)
        func given(_ name: String) -> JSONNode? { body.object[name].flatMap { $0.isNull ? nil : $0 } }
        let runAt = fields.instant("run_at", given("run_at"))
        let deadlineAt = fields.instant("deadline_at", given("deadline_at"))
        let budget = fields.integer("budget_usd_cents", given("budget_usd_cents"), in: 0 ... .max)
        if !fields.violations.isEmpty { throw BacksideRefusal.invalid(fields.violations) }
        return NewAgentRun(
            input: body.object["input"].map(body.text) ?? "{}", runAt: runAt, deadlineAt: deadlineAt,
            budgetUSDCents: budget)
    }
}
