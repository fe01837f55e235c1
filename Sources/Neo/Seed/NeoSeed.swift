import Sandboxes
import JSON
import Time

/// What of a seed is Neo's.
package struct NeoSeed: Sendable {
    package var agents: [SeedAgent] = []
    package var entities: [SeedEntity] = []
    package var backfills: [SeedBackfill] = []
    package var executions: [SeedExecution] = []

    package var rowCount: Int { entities.count + executions.count + backfills.count }
}

/// The same while it is read.
struct NeoSeedDraft: SeedPartDraft {
    private(set) var agents: [SeedItem<SeedAgent>] = []
    private(set) var entities: [SeedItem<SeedEntity>] = []
    private(set) var backfills: [SeedItem<SeedBackfill>] = []
    private(set) var executions: [SeedItem<SeedExecution>] = []

    mutating func read(_ fields: inout SeedFields) {
        agents += fields.list("agents") { fields, _ in SeedAgent(&fields) }
        entities += fields.list("entities") { fields, _ in SeedEntity(&fields) }
        backfills += fields.list("backfills") { fields, _ in SeedBackfill(&fields) }
        executions += fields.list("executions") { fields, _ in SeedExecution(&fields) }
    }

    func check(with checks: SeedChecks) {
        checks.requireUnique(agents, "id") { $0.id }
        checks.requireUnique(entities, "id") { $0.id }
        checks.requireUnique(backfills, "id") { $0.id }
        checks.requireUnique(executions, "id") { $0.id }
        checkBackfills(with: checks)
        checkExecutions(with: checks)
    }

    var part: any SeedPart {
        NeoSeed(
            agents: agents.map(\.value), entities: entities.map(\.value), backfills: backfills.map(\.value),
            executions: executions.map(\.value))
    }
}
