package import Time

/// How the runs of one kind of agent go, as it is stored.
package struct AgentConfig: Sendable, Hashable {
    package let id: String
    package let agentKind: String
    package let settings: Settings
    package let key: KeyStanding
    package let createdAt: Instant
    package let updatedAt: Instant

    /// What a client sets; the rest is the sandbox's own.
    package struct Settings: Sendable, Hashable {
        /// At least 0.
        package let budgetDefaultCents: Int64?
        /// At least 1.
        package let deadlineDefaultSeconds: Int64?
        /// A JSON array.
        package let guardrails: String
        /// A cron expression, by which nothing is scheduled.
        package let schedule: String?

        package init(
            budgetDefaultCents: Int64?, deadlineDefaultSeconds: Int64?, guardrails: String, schedule: String?
        ) {
            self.budgetDefaultCents = budgetDefaultCents
            self.deadlineDefaultSeconds = deadlineDefaultSeconds
            self.guardrails = guardrails
            self.schedule = schedule
        }
    }
}
