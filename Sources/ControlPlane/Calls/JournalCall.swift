package import Emulation
package import HTTPFront

/// A request about the journal of a sandbox.
package struct JournalCall: Sendable {
    package let request: HTTPRequest
    /// The decoded values of the path's parameters, in order.
    package let parameters: [String]
    /// The first of them; empty when there is none.
    package var parameter: String { parameters.first ?? "" }
    package let journal: RequestJournal
}
