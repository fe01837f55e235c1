import Time

/// How far a parcel has come: the pure simulation, which knows neither HTTP nor SQL nor a clock.
///
///     accepted -10 s-> on_the_way -30 s-> delivered
///
/// A scenario may lose it on the way, and somebody may return it. Where it is at an instant does not depend on how often it was
/// looked at before.
struct ParcelCourse: Hashable, Sendable {
    /// As the API spells them.
    enum Status: String, CaseIterable {
        case accepted
        case onTheWay = "on_the_way"
        case delivered, lost, returned
    }

    /// One change of status.
    struct Change: Hashable, Sendable {
        let at: Instant
        let from: Status
        let to: Status
    }

    let acceptedAt: Instant
    /// So many seconds after it was accepted it is lost, unless it has arrived by then.
    let lostAfter: Int64?
    private(set) var status: Status
    private(set) var changedAt: Instant

    init(acceptedAt: Instant, lostAfter: Int64?, status: Status = .accepted, changedAt: Instant? = nil) {
        self.acceptedAt = acceptedAt
        self.lostAfter = lostAfter
        self.status = status
        self.changedAt = changedAt ?? acceptedAt
    }

    /// What happens to it next, if nobody does anything; nil when nothing does.
    var next: Change? {
        let step: Change
        switch status {
        case .accepted: step = Change(at: changedAt.adding(seconds: 10), from: status, to: .onTheWay)
        case .onTheWay: step = Change(at: changedAt.adding(seconds: 30), from: status, to: .delivered)
        case .delivered, .lost, .returned: return nil
        }
        guard let lostAfter else { return step }
        let loss = Change(at: max(changedAt, acceptedAt.adding(seconds: lostAfter)), from: status, to: .lost)
        return loss.at <= step.at ? loss : step
    }

    /// Goes on to an instant, and says what happened on the way.
    mutating func advance(to now: Instant) -> [Change] {
        var changes: [Change] = []
        while let change = next, change.at <= now {
            make(change)
            changes.append(change)
        }
        return changes
    }

    /// Sends it back; false, and nothing is changed, when it is not on its way any more.
    mutating func sendBack(at now: Instant) -> Bool {
        guard next != nil else { return false }
        make(Change(at: now, from: status, to: .returned))
        return true
    }

    private mutating func make(_ change: Change) {
        status = change.to
        changedAt = change.at
    }
}
