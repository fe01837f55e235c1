import JSON

/// What a seed promises across its lists: unique ids, references that lead somewhere, counts that add up.
struct SeedChecks {
    private let source: SeedSource

    init(source: SeedSource) { self.source = source }

    /// Reports everything that does not hold.
    func run(_ draft: SeedDraft) {
        requireUnique(draft.credentials, "token") { $0.token }
        if draft.credentials.count > SeedCredential.limit {
            refuse(
                draft.credentials[SeedCredential.limit], "token",
                "is one more than the \(SeedCredential.limit) there may be")
        }
        requireUnique(draft.agents, "id") { $0.id }
        requireUnique(draft.entities, "id") { $0.id }
        requireUnique(draft.backfills, "id") { $0.id }
        requireUnique(draft.executions, "id") { $0.id }
        requireUnique(draft.configs, "id") { $0.id }
        requireUnique(draft.configs, "agent_kind") { $0.agentKind }
        requireUnique(draft.runs, "id") { $0.id }
        requireUnique(draft.scenarios, "name") { $0.name }
        requireUnique(draft.faults, "name") { $0.name }
        checkRunTimes(draft.runs)
        checkKinds(draft)
        checkBackfills(draft)
        checkExecutions(draft)
        checkScenarios(draft)
        checkRuleBounds(draft)
    }

    /// Reports a problem with an item's member (or one element of it); what a base has wrong comes first.
    func refuse<Value>(
        _ item: SeedItem<Value>, _ member: String, element index: Int? = nil, _ message: @autoclosure () -> String
    ) {
        let whole = SeedPlace.member(member, of: item.fields.place)
        let place = index.map { SeedPlace.element($0, of: whole) } ?? whole
        let node = item.fields.object[member]
        let element = index.flatMap { index in node?.array.flatMap { $0.indices.contains(index) ? $0[index] : nil } }
        let offset = (element ?? node)?.range.lowerBound ?? item.fields.offset
        source.report(place, at: item.fields.source === source ? offset : -1, message())
    }

    private func requireUnique<Value, Key: Hashable>(
        _ items: [SeedItem<Value>], _ member: String, _ key: (Value) -> Key
    ) {
        var first: [Key: SeedPlace] = [:]
        first.reserveCapacity(items.count)
        for item in items where item.fields.isSound(member) {
            let known = first.updateValue(item.fields.place, forKey: key(item.value))
            if let known {
                first[key(item.value)] = known
                refuse(item, member, "is the same as that of \(known.text)")
            }
        }
    }

    /// Runs are told apart, and lists are paged, by when they were made.
    private func checkRunTimes(_ runs: [SeedItem<SeedRun>]) {
        let timed = runs.filter { $0.fields.isSound("created_at") }
        requireUnique(timed, "created_at") { $0.createdAt }
        guard let first = timed.first else { return }
        for run in timed where run.value.createdAt.isAfter(first.value.createdAt) == nil {
            refuse(
                run, "created_at",
                "must, like that of \(first.fields.place.text), be a timestamp, or like it a duration")
        }
    }

    private func checkKinds(_ draft: SeedDraft) {
        let kinds = Set(draft.scripts.map(\.agentKind))
        for config in draft.configs where config.fields.isSound("agent_kind") && !kinds.contains(config.value.agentKind)
        {
            refuse(config, "agent_kind", "has no script in agent_scripts")
        }
        for run in draft.runs where run.fields.isSound("agent_kind") && !kinds.contains(run.value.agentKind) {
            refuse(run, "agent_kind", "has no script in agent_scripts")
        }
    }
}
