import NeoDocuments
package import Sandboxes
package import SQLite

// What Neo keeps in a sandbox.
extension NeoAPI {
    package var migrations: [StaticString] { NeoSchema.migrations }
    package var workloads: [any Workload.Type] { [BackfillWorkload.self] }
    package var scenarioSubjects: [any ScenarioSubject.Type] { [BackfillScenario.self] }
    package var seedDraft: any SeedPartDraft.Type { NeoSeedDraft.self }

    package func seedData(of seed: BuiltInSeed) -> [UInt8]? {
        switch seed {
        case .blank: ConstantBytes(understudy_neo_seed_blank_start(), count: understudy_neo_seed_blank_size).array
        case .demo: ConstantBytes(understudy_neo_seed_demo_start(), count: understudy_neo_seed_demo_size).array
        }
    }

    package func export(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        try NeoExport.export(database, to: &text)
    }

    package var counts: [RowCount] {
        [
            RowCount("agents", "SELECT count(*) FROM agent"), RowCount("entities", "SELECT count(*) FROM entity"),
            RowCount("backfills", "SELECT count(*) FROM backfill"),
            RowCount("executions", "SELECT count(*) FROM execution"),
        ]
    }

    package var figures: [RowCount] {
        [
            RowCount(
                "understudy_backfills_active", help: "Backfills that are DRAFT, RUNNING or PAUSED",
                "SELECT count(*) FROM backfill WHERE completed_at IS NULL")
        ]
    }

    package var keys: KeyGrammar {
        KeyGrammar(
            fresh: ("neo_sk_live_", 43), prefixes: ["neo_sk_"], form: "neo_sk_env_secret",
            sample: "neo_sk_test_demo", isKey: NeoCredential.isKey)
    }

    package var roles: [CredentialRole] { NeoRole.allCases.map { CredentialRole($0.rawValue, right: $0.right) } }
}
