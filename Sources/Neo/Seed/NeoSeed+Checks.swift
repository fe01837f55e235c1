import Sandboxes
import JSON

// What must hold between agents, entities, backfills and executions.
extension NeoSeedDraft {
    func checkBackfills(with checks: SeedChecks) {
        let agentsByID = Dictionary(agents.map { ($0.value.id, $0) }) { first, _ in first }
        let agentIDs = References(agents) { $0.id }
        let entityIDs = References(entities) { $0.id }
        let backfillIDs = References(backfills) { $0.id }
        var active: [Int64: SeedPlace] = [:]
        for item in backfills {
            let backfill = item.value
            if item.fields.isSound("target_workflow_id") {
                if let agent = agentsByID[backfill.targetWorkflowID] {
                    checkDerived(item, of: agent, with: checks)
                } else if !agentIDs.contains(backfill.targetWorkflowID) {
                    checks.refuse(item, "target_workflow_id", "no agent has the id \(backfill.targetWorkflowID)")
                }
                if backfill.isActive, item.fields.isSound("state") {
                    if let other = active[backfill.targetWorkflowID] {
                        checks.refuse(
                            item, "state",
                            "must be a terminal one, because \(other.text) is active for the same workflow")
                    } else {
                        active[backfill.targetWorkflowID] = item.fields.place
                    }
                }
            }
            checkEntities(item, known: entityIDs, with: checks)
            if let parent = backfill.parentBackfillRunID, !backfillIDs.contains(parent) {
                checks.refuse(item, "parent_backfill_run_id", "no backfill has the id \(parent)")
            }
        }
        checkCounts(with: checks)
    }

    /// The agent's name and autonomy may be repeated in a backfill, but not differ.
    private func checkDerived(_ item: SeedItem<SeedBackfill>, of agent: SeedItem<SeedAgent>, with checks: SeedChecks) {
        let derived = [
            ("target_workflow_name", "name", agent.value.name),
            ("target_workflow_autonomy_type", "autonomy_type", agent.value.autonomyType),
        ]
        for (member, source, expected) in derived where item.fields.isSound(member) && agent.fields.isSound(source) {
            if let said = item.fields.object[member]?.string, said != expected {
                checks.refuse(item, member, "must be the agent's, which is \(expected)")
            }
        }
    }

    private func checkEntities(_ item: SeedItem<SeedBackfill>, known: References<String>, with checks: SeedChecks) {
        guard item.fields.isSound("entities") else { return }
        var seen: Set<String> = []
        for (index, id) in item.value.entities.enumerated() {
            if !item.value.isSynthetic, !known.contains(id) {
                checks.refuse(item, "entities", element: index, "no entity has the id \(id)")
            }
            if !seen.insert(id).inserted { checks.refuse(item, "entities", element: index, "is in the set already") }
        }
        guard item.fields.isSound("fail") else { return }
        for (index, node) in (item.fields.object["fail"]?.array ?? []).enumerated() {
            if let id = node.string, !seen.contains(id) {
                checks.refuse(item, "fail", element: index, "the set has no entity with the id \(id)")
            }
        }
    }

    /// The counts are those of the executions that had ended at the last tick.
    private func checkCounts(with checks: SeedChecks) {
        let backfillsByID = Dictionary(backfills.map { ($0.value.id, $0) }) { first, _ in first }
        var ended: [String: (succeeded: Int64, failed: Int64)] = [:]
        var uncertain: Set<String> = []
        for item in executions {
            guard let id = item.value.backfillID, let backfill = backfillsByID[id] else { continue }
            guard item.fields.isSound("ends_at", "outcome"), backfill.fields.isSound("ticked_at") else {
                uncertain.insert(id)
                continue
            }
            guard let tickedAt = backfill.value.tickedAt else { continue }
            switch item.value.endsAt.isAfter(tickedAt) {
            case true?: break
            case false?:
                if item.value.outcome == "SUCCESS" {
                    ended[id, default: (0, 0)].succeeded += 1
                } else {
                    ended[id, default: (0, 0)].failed += 1
                }
            case nil:
                let other = backfill.fields.place.text
                checks.refuse(
                    item, "ends_at", "must, like the ticked_at of \(other), be a timestamp, or like it a duration")
                uncertain.insert(id)
            }
        }
        for item in backfills where !uncertain.contains(item.value.id) && item.fields.isSound("ticked_at", "id") {
            let (succeeded, failed) = ended[item.value.id] ?? (0, 0)
            checkCount(item, "succeeded_count", item.value.succeededCount, succeeded, "succeeded", with: checks)
            checkCount(item, "failed_count", item.value.failedCount, failed, "failed", with: checks)
        }
    }

    private func checkCount(
        _ item: SeedItem<SeedBackfill>, _ member: String, _ said: Int64, _ found: Int64, _ word: String,
        with checks: SeedChecks
    ) {
        guard said != found, item.fields.isSound(member) else { return }
        checks.refuse(item, member, "is \(said), but \(found) of its executions had \(word) at ticked_at")
    }

    func checkExecutions(with checks: SeedChecks) {
        let agentIDs = References(agents) { $0.id }
        let entityIDs = References(entities) { $0.id }
        let backfillIDs = References(backfills) { $0.id }
        let backfillsByID = Dictionary(backfills.map { ($0.value.id, $0) }) { first, _ in first }
        var taken: [String: Set<Int64>] = [:]
        for item in executions {
            let execution = item.value
            if item.fields.isSound("agent_id"), !agentIDs.contains(execution.agentID) {
                checks.refuse(item, "agent_id", "no agent has the id \(execution.agentID)")
            }
            let isSynthetic = execution.backfillID.flatMap { backfillsByID[$0] }?.value.isSynthetic ?? false
            if item.fields.isSound("entity_id"), !isSynthetic, !entityIDs.contains(execution.entityID) {
                checks.refuse(item, "entity_id", "no entity has the id \(execution.entityID)")
            }
            guard let id = execution.backfillID else { continue }
            guard let backfill = backfillsByID[id] else {
                if !backfillIDs.contains(id) { checks.refuse(item, "backfill_id", "no backfill has the id \(id)") }
                continue
            }
            if execution.agentID != backfill.value.targetWorkflowID, item.fields.isSound("agent_id"),
                backfill.fields.isSound("target_workflow_id")
            {
                checks.refuse(
                    item, "agent_id", "must be its backfill's target, which is \(backfill.value.targetWorkflowID)")
            }
            guard let position = execution.position, item.fields.isSound("position") else { continue }
            if !taken[id, default: []].insert(position).inserted {
                checks.refuse(item, "position", "has an execution already")
            }
            checkPosition(position, of: item, in: backfill, with: checks)
        }
    }

    private func checkPosition(
        _ position: Int64, of item: SeedItem<SeedExecution>, in backfill: SeedItem<SeedBackfill>,
        with checks: SeedChecks
    ) {
        guard backfill.fields.isSound("entities", "next_entity") else { return }
        guard position < backfill.value.nextEntity, position < backfill.value.entities.count else {
            checks.refuse(
                item, "position", "must be below its backfill's next_entity, which is \(backfill.value.nextEntity)")
            return
        }
        if backfill.value.entities[Int(position)] != item.value.entityID, item.fields.isSound("entity_id") {
            checks.refuse(item, "position", "must be the place of \(item.value.entityID) in its backfill's entities")
        }
    }
}
