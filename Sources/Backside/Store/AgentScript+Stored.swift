import Sandboxes
import JSON
import Time

extension AgentScript {
    /// A script as it is stored and exported: `{"steps", "wait_after", "outcome", "platform_fee_cents"}`.
    init(stored text: String) throws {
        guard let script = try JSONParser.parse(Array(text.utf8)).object,
            let outcome = script["outcome"]?.object, let steps = script["steps"]?.array
        else { throw SandboxDamaged(reason: "an agent's script cannot be read") }
        self.init(
            steps: steps.compactMap { $0.object.map(AgentScriptStep.init) },
            waitAfter: script["wait_after"]?.integer.map { Int($0) }, outcome: Outcome(outcome),
            platformFeeCents: script["platform_fee_cents"]?.integer ?? 0)
    }
}

extension AgentScript.Outcome {
    fileprivate init(_ outcome: JSONObject) {
        if outcome["status"]?.string == "failed" {
            self = .failed(
                category: outcome["failure_category"]?.string ?? "", detail: outcome["failure_detail"]?.string)
        } else {
            self = .succeeded(output: outcome["output"].flatMap(AgentScriptStep.text))
        }
    }
}

extension AgentScriptStep {
    fileprivate init(_ step: JSONObject) {
        self.init(
            kind: step["kind"]?.string ?? "", name: step["name"]?.string ?? "",
            microseconds: step["seconds"].flatMap(SeedFields.microseconds) ?? 0,
            input: step["input"].map(\.compact) ?? "{}", output: step["output"].flatMap(Self.text),
            model: step["model"]?.string,
            tokens: AgentTokens(
                input: step["input_tokens"]?.integer, output: step["output_tokens"]?.integer,
                cacheRead: step["cache_read_tokens"]?.integer, cacheWrite: step["cache_write_tokens"]?.integer),
            costUSDCents: step["cost_usd_cents"]?.integer)
    }

    /// JSON text, or nothing for null.
    fileprivate static func text(_ node: JSONNode) -> String? { node.isNull ? nil : node.compact }
}

// Choice: the details (docs/FIDELITY.md, "Life of a run"). `auth_failed` and `budget_exceeded` and their kin are the
// vendor's.
extension AgentRunFailure {
    /// `failure_category`
    var category: String {
        switch self {
        case .keyMissing: AgentRun.keyRefusedCategory
        case .budgetExceeded: "budget_exceeded"
        case .deadlineExceeded: "deadline_exceeded"
        case .guardrailDenied: "guardrail_denied"
        case .scripted(let category, _): category
        }
    }

    /// `failure_detail`
    var detail: String? {
        switch self {
        case .keyMissing: "The agent kind has no active key."
        case .budgetExceeded(let step, let cost, let budget):
            "Step \(step) would bring the cost to \(cost) cents, past the budget of \(budget)."
        case .deadlineExceeded(_, let step?): "The deadline passed during step \(step)."
        case .deadlineExceeded(let status, nil): "The deadline passed while the run was \(status.rawValue)."
        case .guardrailDenied: "The request for approval was denied."
        case .scripted(_, let detail): detail
        }
    }
}
