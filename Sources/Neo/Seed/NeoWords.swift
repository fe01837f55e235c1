/// The words that Neo's part of a seed may have.
enum NeoWords {
    static let agentStates = ["ENABLED", "DISABLED"]
    static let autonomyTypes = ["CHAINED_ACTIONS", "AGENTIC", "CONVERSATIONAL"]
    static let triggerTypes = ["TRIGGERED", "SCHEDULED", "NONE"]
    static let accesses = ["ALL_USERS", "ADMINS_ONLY", "SPECIFIC_USERS"]
    static let audiences = ["MSP", "END_USER"]
    /// As backfills and entities spell them; agents do it in upper case.
    static let entityTypes = [
        "ticket", "project_ticket", "task", "scheduled_entry", "time_entry", "project", "company", "contact",
        "resource",
        "contract", "opportunity", "none", "configuration", "note", "team", "role", "audit_trail", "appointment",
        "servicecall", "contract_service", "company_location", "product",
    ]
    static let agentEntityTypes = entityTypes.map { $0.uppercased() }
    static let activeStates = ["DRAFT", "RUNNING", "PAUSED"]
    static let terminalStates = ["COMPLETED", "CANCELLED", "FAILED"]
    static let signals = ["pause", "resume", "cancel"]
    static let outcomes = ["SUCCESS", "FAILED"]

    /// An agent's id: a whole number of 64 bits, written without sign and leading zeros.
    static func agentID(_ text: String) -> Int64? {
        guard let id = Int64(text), id >= 0, String(id) == text else { return nil }
        return id
    }
}
