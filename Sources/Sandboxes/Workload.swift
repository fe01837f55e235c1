package import Simulation

/// A change of state that the simulation has made.
package struct Transition: Sendable, Hashable {
    /// What has changed.
    package enum Resource: String, Sendable {
        case backfill, run
    }

    package let at: Instant
    package let resource: Resource
    package let id: String
    /// The states in the vendor's spelling.
    package let from: String
    package let to: String
}

/// One kind of work that takes time: all that a sandbox's clock knows of it.
protocol Workload {
    /// The earliest instant at which any of it has something to do; nil when none has without a call.
    func earliestDue() throws -> Instant?
    /// Does all that falls due up to and including that instant, whoever looks how often. Only inside a transaction.
    func advance(to now: Instant) throws -> [Transition]
    /// The next instant at which a client could see something change; nil when nothing can without a call.
    func nextEvent(after now: Instant) throws -> Instant?
    /// Goes on until nothing happens any more without a call, to the limit at most; what waits for somebody is nobody's
    /// work. Only inside a transaction.
    func settle(through limit: Instant) throws -> Settlement
    /// The latest instant that any of it was made or changed at.
    func latestTrace() throws -> Instant?
}

/// What came of work that went on by itself.
struct Settlement {
    var transitions: [Transition]
    /// When the last of it happened; nil when nothing ever did.
    var last: Instant?
    /// Whether more of it would come after the limit.
    var comesMore: Bool
}
