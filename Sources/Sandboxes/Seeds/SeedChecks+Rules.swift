extension SeedChecks {
    /// Scenarios and faults must not be more, nor larger, than a sandbox keeps.
    func checkRuleBounds(_ draft: SeedDraft) {
        let most = RuleBounds.most
        if draft.scenarios.count > most { refuse(draft.scenarios[most], "name", RuleBounds.tooMany("scenarios")) }
        if draft.faults.count > most { refuse(draft.faults[most], "name", RuleBounds.tooMany("faults")) }
        var bytes = 0
        for scenario in draft.scenarios {
            bytes += scenario.value.rule.text.utf8.count
            if bytes > RuleBounds.mostBytes { return refuse(scenario, "name", RuleBounds.tooManyBytes) }
        }
        for fault in draft.faults {
            bytes += fault.value.rule.text.utf8.count
            if bytes > RuleBounds.mostBytes { return refuse(fault, "name", RuleBounds.tooManyBytes) }
        }
    }
}
