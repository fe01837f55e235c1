import Backside
import Time

extension AgentRunTerms {
    /// Terms of a run that is enqueued at the epoch.
    static func fixture(
        steps: [(seconds: Int64, cents: Int64?)] = [(2, 1), (3, nil), (4, 5)], waitAfter: Int? = nil,
        outcome: AgentScript.Outcome = .succeeded(output: "{}"), fee: Int64 = 0, runAt: Int64 = 0,
        budget: Int64? = nil, deadlineSeconds: Int64? = nil
    ) -> AgentRunTerms {
        let steps = steps.map { step in
            AgentScriptStep(
                kind: "llm", name: "a-model", microseconds: step.seconds * 1_000_000, input: "{}", output: "{}",
                model: "a-model", tokens: AgentTokens(input: 1), costUSDCents: step.cents)
        }
        return AgentRunTerms(
            enqueuedAt: .second(0), runAt: .second(runAt),
            script: AgentScript(steps: steps, waitAfter: waitAfter, outcome: outcome, platformFeeCents: fee),
            budgetUSDCents: budget, deadlineSeconds: deadlineSeconds)
    }
}

extension AgentRunQueue {
    /// One new run alone.
    init(_ terms: AgentRunTerms, deadline: Int64? = nil, kind: AgentKindStanding = .fixture) {
        let run = AgentRun(deadlineAt: deadline.map { .second($0) }, updatedAt: terms.enqueuedAt)
        self.init(kind: kind, entries: [Entry(number: 1, terms: terms, run: run)])
    }

    var run: AgentRun { entries[0].run }

    /// Advances to that second, and gives the events alone.
    mutating func events(to second: Int64) -> [AgentRunEvent] { advance(to: .second(second)).map(\.event) }

    /// Asks something of the first run; false when it is refused.
    mutating func ask(_ request: AgentRun.Request, second: Int64) -> Bool {
        var (kind, entries) = (kind, entries)
        guard entries[0].run.handle(request, at: .second(second), in: &kind) != nil else { return false }
        self = AgentRunQueue(kind: kind, entries: entries)
        return true
    }
}

extension AgentKindStanding {
    static let fixture = AgentKindStanding(keyIsActive: true, consecutiveFailures: 0)
}

extension Instant {
    static func second(_ second: Int64) -> Instant { Instant(microseconds: second * 1_000_000) }
}
