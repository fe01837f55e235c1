import Time

/// What a run of an agent does: its steps, where it waits for approval, and how it ends.
package struct AgentScript: Hashable, Sendable {
    /// How a run ends that comes to its script's end.
    package enum Outcome: Hashable, Sendable {
        /// The output is JSON text, if there is any.
        case succeeded(output: String?)
        case failed(category: String, detail: String?)
    }

    package let steps: [AgentScriptStep]
    /// Once the step of that number is over the run waits to be approved; nil is never.
    package let waitAfter: Int?
    package let outcome: Outcome
    /// Charged for a run that succeeds.
    package let platformFeeCents: Int64

    package init(steps: [AgentScriptStep], waitAfter: Int?, outcome: Outcome, platformFeeCents: Int64) {
        self.steps = steps
        self.waitAfter = waitAfter
        self.outcome = outcome
        self.platformFeeCents = platformFeeCents
    }
}

/// One step as the script has it: a model's turn or a tool call, and what it will have come to when it is over.
package struct AgentScriptStep: Hashable, Sendable {
    /// `llm` or `tool`.
    package let kind: String
    /// The model's or the tool's name.
    package let name: String
    /// How long it takes, in microseconds.
    package let microseconds: Int64
    /// JSON text.
    package let input: String
    /// JSON text, if there is any.
    package let output: String?
    package let model: String?
    package let tokens: AgentTokens
    /// Nil costs nothing.
    package let costUSDCents: Int64?

    package init(
        kind: String, name: String, microseconds: Int64, input: String, output: String?, model: String?,
        tokens: AgentTokens, costUSDCents: Int64?
    ) {
        self.kind = kind
        self.name = name
        self.microseconds = microseconds
        self.input = input
        self.output = output
        self.model = model
        self.tokens = tokens
        self.costUSDCents = costUSDCents
    }
}

/// How many tokens a step has used; a tool uses none.
package struct AgentTokens: Hashable, Sendable {
    package var input: Int64?
    package var output: Int64?
    package var cacheRead: Int64?
    package var cacheWrite: Int64?

    package init(input: Int64? = nil, output: Int64? = nil, cacheRead: Int64? = nil, cacheWrite: Int64? = nil) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
    }
}
