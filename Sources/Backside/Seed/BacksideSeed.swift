import Sandboxes
import JSON

/// What of a seed is Backside's.
package struct BacksideSeed: Sendable {
    package var scripts: [SeedScript] = []
    package var configs: [SeedConfig] = []
    package var runs: [SeedRun] = []

    package var rowCount: Int { runs.count }
}

/// The same while it is read.
struct BacksideSeedDraft: SeedPartDraft {
    private(set) var scripts: [SeedScript] = []
    private(set) var configs: [SeedItem<SeedConfig>] = []
    private(set) var runs: [SeedItem<SeedRun>] = []

    mutating func read(_ fields: inout SeedFields) {
        let scripts = fields.namedObjects("agent_scripts") { SeedScript(&$0, agentKind: $1) }
        if let scripts { self.scripts = scripts }
        configs += fields.list("agent_configs") { fields, _ in SeedConfig(&fields) }
        runs += fields.list("runs") { fields, _ in SeedRun(&fields) }
    }

    func check(with checks: SeedChecks) {
        checks.requireUnique(configs, "id") { $0.id }
        checks.requireUnique(configs, "agent_kind") { $0.agentKind }
        checks.requireUnique(runs, "id") { $0.id }
        checkRunTimes(with: checks)
        checkKinds(with: checks)
    }

    var part: any SeedPart { BacksideSeed(scripts: scripts, configs: configs.map(\.value), runs: runs.map(\.value)) }

    /// Runs are told apart, and lists are paged, by when they were made.
    private func checkRunTimes(with checks: SeedChecks) {
        let timed = runs.filter { $0.fields.isSound("created_at") }
        checks.requireUnique(timed, "created_at") { $0.createdAt }
        guard let first = timed.first else { return }
        for run in timed where run.value.createdAt.isAfter(first.value.createdAt) == nil {
            checks.refuse(
                run, "created_at",
                "must, like that of \(first.fields.place.text), be a timestamp, or like it a duration")
        }
    }

    private func checkKinds(with checks: SeedChecks) {
        let kinds = Set(scripts.map(\.agentKind))
        for config in configs where config.fields.isSound("agent_kind") && !kinds.contains(config.value.agentKind) {
            checks.refuse(config, "agent_kind", "has no script in agent_scripts")
        }
        for run in runs where run.fields.isSound("agent_kind") && !kinds.contains(run.value.agentKind) {
            checks.refuse(run, "agent_kind", "has no script in agent_scripts")
        }
    }
}
