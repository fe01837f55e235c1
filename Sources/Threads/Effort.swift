/// How much time a piece of work may take.
package enum Effort: Sendable, Hashable {
    /// At most a few milliseconds: it may run where requests are read.
    case brief
    /// Anything more: it runs on a thread of its own kind, at a lower priority.
    case long
}
