package import Emulation
package import HTTPFront

/// A request about the journal of a sandbox.
package struct JournalCall: Sendable {
    package let request: HTTPRequest
    /// The decoded value of the path's parameter; empty when it has none.
    package let parameter: String
    package let journal: RequestJournal
}
