/// What an execution's end puts into its row.
///
/// Choice: the texts of its message and error (docs/FIDELITY.md, "Executions").
struct ExecutionTexts {
    let outcome: String
    let message: String
    let error: String?

    init(fails: Bool) {
        outcome = fails ? "FAILED" : "SUCCESS"
        message = fails ? "The workflow stopped before it was done." : "The workflow ran to its end."
        error = fails ? "An action of the workflow was refused by the ticketing system." : nil
    }
}
