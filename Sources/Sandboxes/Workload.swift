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

/// The kinds of work that take time.
enum WorkKind: Int, CaseIterable {
    case backfills, runs

    /// All of them, made once.
    static let all = allCases
}

/// When each kind of work is due next, where that is known.
///
/// Whatever changes when there is work says so here, by `forget`, or by `bring` when there is more of it.
struct KnownDue {
    /// At that instant, or never without a call.
    struct Answer {
        var instant: Instant?
    }

    private var answers = [Answer?](repeating: nil, count: WorkKind.all.count)

    subscript(kind: WorkKind) -> Answer? {
        get { answers[kind.rawValue] }
        set { answers[kind.rawValue] = newValue }
    }

    mutating func forget(_ kind: WorkKind) { self[kind] = nil }

    /// There is work of that kind at that instant too.
    mutating func bring(_ kind: WorkKind, to instant: Instant) {
        guard let known = self[kind] else { return }
        self[kind] = Answer(instant: min(known.instant ?? instant, instant))
    }
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
