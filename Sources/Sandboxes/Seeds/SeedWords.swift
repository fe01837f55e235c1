import JSON

/// The words and texts that both APIs allow in a seed.
enum SeedWords {
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
    static let keyStatuses = ["inactive", "active", "auth_failed", "revoked"]
    static let runStatuses = ["queued", "running", "waiting", "succeeded", "failed", "cancelled"]
    static let runOutcomes = ["succeeded", "failed"]
    static let stepKinds = ["llm", "tool"]
    static let ratePlans = ["free", "pro", "scale"]

    static let count: ClosedRange<Int64> = 0...Int64(Int32.max)
    static let amount: ClosedRange<Int64> = 0...Int64.max

    /// The value without white space, its numbers as they were spelled.
    static func compact(_ node: JSONNode) -> String {
        var writer = JSONWriter(capacity: node.range.count)
        writer.value(node)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The object likewise, but for some members.
    static func compact(_ object: JSONObject, without names: [String]) -> String {
        compact(JSONNode(.object(JSONObject(members: object.members.filter { !names.contains($0.key) }))))
    }

    /// An agent's id: a whole number of 64 bits, written without sign and leading zeros.
    static func agentID(_ text: String) -> Int64? {
        guard let id = Int64(text), id >= 0, String(id) == text else { return nil }
        return id
    }

    /// `neo_sk_<env>_<secret>` or `bsk_live_<secret>` or `bsk_test_<secret>`, as the APIs accept them.
    static func isToken(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        let words = parts.map { String(decoding: $0, as: UTF8.self) }
        guard parts.allSatisfy({ $0.allSatisfy(isLetterOrDigit) }), let secret = words.last else { return false }
        switch words.count {
        case 4:
            return words[0] == "neo" && words[1] == "sk" && (1...64).contains(words[2].utf8.count)
                && (1...128).contains(secret.utf8.count)
        case 3: return words[0] == "bsk" && ["live", "test"].contains(words[1]) && secret.utf8.count == 43
        default: return false
        }
    }

    /// `domain:action`.
    static func isScope(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return parts.count == 2 && text.utf8.count <= SeedCredential.scopeLengthLimit
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
            }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: false
        }
    }
}
