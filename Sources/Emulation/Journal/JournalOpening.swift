package import Sandboxes
import Simulation

/// What is known of a request before its answer is: the journal's entry, begun.
package struct JournalOpening {
    /// When the request arrived, by the machine's clock.
    let time: Instant
    /// The operation's id, once it is known.
    package var operation: String?
    /// Whose journal it goes to; nil for a request that has found no sandbox.
    package var sandbox: Sandbox?
}
