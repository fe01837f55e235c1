import BacksideDocuments
package import Sandboxes
package import SQLite

// What Backside keeps in a sandbox.
extension BacksideAPI {
    package var migrations: [StaticString] { BacksideSchema.migrations }
    package var workloads: [any Workload.Type] { [AgentRunWorkload.self] }
    package var scenarioSubjects: [any ScenarioSubject.Type] { [AgentRunScenario.self] }
    package var seedDraft: any SeedPartDraft.Type { BacksideSeedDraft.self }

    package func seedData(of seed: BuiltInSeed) -> [UInt8]? {
        switch seed {
        case .blank:
            ConstantBytes(understudy_backside_seed_blank_start(), count: understudy_backside_seed_blank_size).array
        case .demo:
            ConstantBytes(understudy_backside_seed_demo_start(), count: understudy_backside_seed_demo_size).array
        }
    }

    package func export(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        try BacksideExport.export(database, to: &text)
    }

    package var counts: [RowCount] {
        [
            RowCount("agent_configs", "SELECT count(*) FROM agent_config"),
            RowCount("runs", "SELECT count(*) FROM run"),
        ]
    }

    package var figures: [RowCount] {
        [
            RowCount(
                "understudy_agent_runs_active", help: "Agent runs that are queued, running or waiting",
                "SELECT count(*) FROM run WHERE status IN ('queued', 'running', 'waiting')")
        ]
    }

    package var keys: KeyGrammar {
        KeyGrammar(
            fresh: ("bsk_live_", 43), prefixes: ["bsk_live_", "bsk_test_"],
            form: "bsk_test_ and 43 letters and digits", sample: "bsk_test_" + String(repeating: "0", count: 43),
            isKey: Self.isKey)
    }

    package var scopes: ScopeGrammar? {
        ScopeGrammar(
            example: "agents:read", writing: "one that ends in :write", isScope: Self.isScope,
            writes: { $0.hasSuffix(":write") })
    }

    package var ratePlans: [String] { RatePlan.allCases.map(\.rawValue) }

    /// `domain:action` (documented).
    private static func isScope(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return parts.count == 2 && text.utf8.count <= SeedCredential.scopeLengthLimit
            && parts.allSatisfy { part in !part.isEmpty && part.allSatisfy(isWordByte) }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// What sets the rate limits (documented), the least first.
enum RatePlan: String, CaseIterable {
    case free, pro, scale
}
