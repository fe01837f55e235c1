package import Time

/// A change of state that the simulation has made.
package struct Transition: Sendable, Hashable {
    package let at: Instant
    /// What has changed, in the vendor's word: `parcel`.
    package let resource: String
    package let id: String
    /// The states in the vendor's spelling.
    package let from: String
    package let to: String

    package init(at: Instant, resource: String, id: String, from: String, to: String) {
        self.at = at
        self.resource = resource
        self.id = id
        self.from = from
        self.to = to
    }
}

/// One kind of work that takes time: all that a sandbox's clock knows of it.
///
/// Whatever changes when there is work says so, by ``World/forgetDue(of:)``, or by ``World/bringDue(of:to:)`` when
/// there is more of it: the world remembers when it is due next.
package protocol Workload: SendableMetatype {
    /// A sandbox's.
    init(world: World)
    /// The earliest instant at which any of it has something to do; nil when none has without a call.
    func earliestDue() throws -> Instant?
    /// About how many rows are written when all that has fallen due by then is done.
    func weight(dueBy now: Instant) throws -> Int64
    /// Does all that falls due up to and including that instant, whoever looks how often. Only inside a transaction.
    func advance(to now: Instant) throws -> [Transition]
    /// The next instant at which a client could see something change; nil when nothing can without a call.
    func nextEvent(after now: Instant) throws -> Instant?
    /// Goes on until nothing happens any more without a call, to the limit at most; what waits for somebody is nobody's
    /// work. Only inside a transaction.
    func settle(through limit: Instant) throws -> Settlement
    /// The latest instant that any of it, or what belongs to it, was made or changed at.
    func latestTrace() throws -> Instant?
}

// Where all that work does can be seen, it shows next when it is due next.
extension Workload {
    package func nextEvent(after now: Instant) throws -> Instant? { try earliestDue() }
}

/// What came of work that went on by itself.
package struct Settlement {
    package var transitions: [Transition]
    /// When the last of it happened; nil when nothing ever did.
    package var last: Instant?
    /// Whether more of it would come after the limit.
    package var comesMore: Bool

    package init(transitions: [Transition], last: Instant?, comesMore: Bool) {
        self.transitions = transitions
        self.last = last
        self.comesMore = comesMore
    }
}

/// When each kind of work is due next, where that is known.
struct KnownDue {
    /// At that instant, or never without a call.
    struct Answer {
        var instant: Instant?
    }

    private var answers: [Answer?]

    init(kinds: Int) { answers = [Answer?](repeating: nil, count: kinds) }

    subscript(kind: Int) -> Answer? {
        get { answers[kind] }
        set { answers[kind] = newValue }
    }

    mutating func forgetAll() { for kind in answers.indices { answers[kind] = nil } }

    mutating func forget(_ kind: Int) { answers[kind] = nil }

    /// There is work of that kind at that instant too.
    mutating func bring(_ kind: Int, to instant: Instant) {
        guard let known = answers[kind] else { return }
        answers[kind] = Answer(instant: min(known.instant ?? instant, instant))
    }
}
