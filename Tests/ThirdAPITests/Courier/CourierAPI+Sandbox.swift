package import Sandboxes
package import SQLite

// What the courier keeps in a sandbox. Everything here but `keys` has a default, for an API that keeps nothing.
extension CourierAPI {
    package var migrations: [StaticString] { [ParcelTable.migration1] }
    package var workloads: [any Workload.Type] { [ParcelWorkload.self] }
    package var scenarioSubjects: [any ScenarioSubject.Type] { [ParcelScenario.self] }

    package var seedDraft: any SeedPartDraft.Type { CourierSeedDraft.self }
    package func seedData(of seed: BuiltInSeed) -> [UInt8]? { Array(CourierSeedData.text(of: seed).utf8) }
    package func export(_ database: Database, to text: inout SeedText) throws(SQLiteError) {
        try CourierExport.export(database, to: &text)
    }

    package var counts: [RowCount] { [RowCount("parcels", "SELECT count(*) FROM parcel")] }
    package var figures: [RowCount] {
        [
            RowCount(
                "understudy_parcels_moving", help: "Parcels that are neither delivered, lost nor returned",
                "SELECT count(*) FROM parcel WHERE due_at IS NOT NULL")
        ]
    }

    package var keys: KeyGrammar {
        KeyGrammar(
            fresh: (CourierKey.prefix, CourierKey.digits), of: .digits, prefixes: [CourierKey.prefix],
            form: CourierKey.form, sample: "crr-123456789012", isKey: CourierKey.isOne)
    }

    package var roles: [CredentialRole] { CourierRole.allCases.map { CredentialRole($0.rawValue, right: $0.right) } }
}
