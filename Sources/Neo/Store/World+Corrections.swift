package import Sandboxes
package import Time
import SQLite

extension World {
    /// Another backfill of the workflow is active already.
    package struct OtherActive: Error {
        package let backfillID: String
    }

    /// Puts a backfill into a state by hand; nil when there is none of that id. Only inside a transaction, in a world
    /// that was advanced to that instant.
    ///
    /// - Throws: `BackfillCorrectionRefusal` when the counts do not add up, ``OtherActive``.
    package func correct(backfill id: String, by correction: BackfillCorrection, at now: Instant) throws -> Backfill? {
        guard let backfill = try backfill(id: id) else { return nil }
        if correction.state?.isActive == true, backfill.state.isTerminal,
            let other = try activeBackfillID(targetWorkflowID: backfill.targetWorkflowID)
        {
            throw OtherActive(backfillID: other)
        }
        var work = try BackfillWork(row: backfill.row, in: self)
        let before = work.run.inFlight
        var run = work.run
        let events = try run.correct(correction, at: now, under: work.terms) { try plans(for: work, $0) }
        work.run = run
        for case .settled(let execution, _) in events where !before.contains(execution) {
            if before.contains(where: { $0.position == execution.position }) {
                try end(execution, of: work)
            } else {
                try insert(execution, of: work)
            }
        }
        try save(work)
        forgetDue(of: BackfillWorkload.self)
        return try self.backfill(id: id)
    }

    /// Ends an execution earlier than it was to, perhaps otherwise.
    private func end(_ execution: BackfillExecution, of work: BackfillWork) throws {
        let texts = ExecutionTexts(fails: execution.fails)
        try database.run(
            """
            UPDATE execution SET ends_at = ?3, outcome = ?4,
                message_for_dashboard = iif(outcome = ?4, message_for_dashboard, ?5), error = iif(outcome = ?4, error, ?6)
            WHERE backfill = ?1 AND position = ?2
            """,
            work.row, execution.position, execution.endsAt, texts.outcome, texts.message, texts.error)
    }
}
