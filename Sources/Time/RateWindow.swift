/// A true sliding window: at most ``limit`` requests within any span of ``seconds``, each remembered by its instant.
///
/// Time is handed in and taken never to run backwards: an instant before the last one counts as the last one. A request
/// costs constant time, averaged over many; memory grows with use to eight bytes for each of ``limit`` requests, and is
/// given back when a request comes after all others have left.
package struct RateWindow: Sendable {
    package let limit: Int
    package let seconds: Int64
    /// The counted requests' instants: a ring, `count` of them from `oldest` on, in the order of time.
    private var ring: [Instant] = []
    private var oldest = 0
    private var count = 0

    /// An empty window. A limit or a span below one is taken as one.
    package init(limit: Int, seconds: Int64) {
        self.limit = max(limit, 1)
        self.seconds = max(seconds, 1)
    }

    /// Decides on a request at that instant, and counts it when it is admitted.
    ///
    /// A request leaves the window exactly ``seconds`` after it came. With ``RateLimitMode/count`` past the limit, the
    /// oldest request makes room, so that the window always holds the last ones.
    package mutating func admit(at instant: Instant, mode: RateLimitMode) -> RateDecision {
        let now = max(instant, newest ?? instant)
        if mode == .on, let refusal = refusal(at: now) { return refusal }
        dropRequests(thatLeftBy: now)
        if count == limit { dropOldest() }
        append(now)
        return decision(at: now)
    }

    /// Whether a request at that instant would be refused, and the decision if so; counts nothing.
    package mutating func refusal(at instant: Instant) -> RateDecision? {
        let now = max(instant, newest ?? instant)
        dropRequests(thatLeftBy: now)
        return count == limit ? decision(at: now, isRefused: true) : nil
    }

    private func decision(at now: Instant, isRefused: Bool = false) -> RateDecision {
        let resetAt = (count > 0 ? ring[oldest] : now).adding(seconds: seconds)
        let wait = (resetAt.microseconds - now.microseconds + 999_999) / 1_000_000
        return RateDecision(
            limit: limit, remaining: limit - count, resetAt: resetAt,
            retryAfterSeconds: isRefused ? max(wait, 1) : nil)
    }

    private var newest: Instant? { count > 0 ? ring[(oldest + count - 1) % ring.count] : nil }

    private mutating func dropRequests(thatLeftBy now: Instant) {
        if let newest, newest.adding(seconds: seconds) <= now {
            ring = []
            (oldest, count) = (0, 0)
        }
        while count > 0, ring[oldest].adding(seconds: seconds) <= now { dropOldest() }
    }

    private mutating func dropOldest() {
        oldest = (oldest + 1) % ring.count
        count -= 1
    }

    private mutating func append(_ instant: Instant) {
        if count == ring.count { grow() }
        ring[(oldest + count) % ring.count] = instant
        count += 1
    }

    private mutating func grow() {
        let capacity = min(limit, max(16, ring.count * 2))
        var larger: [Instant] = []
        larger.reserveCapacity(capacity)
        larger.append(contentsOf: ring[oldest...])
        larger.append(contentsOf: ring[..<oldest])
        larger.append(contentsOf: repeatElement(.earliest, count: capacity - larger.count))
        ring = larger
        oldest = 0
    }
}

/// What happens to requests past the limit; a limit that is off asks no window.
package enum RateLimitMode: Hashable, Sendable {
    /// They are refused, and do not count.
    case on
    /// They are admitted and counted.
    case count
}

/// A rate window's answer to one request, with what its response's headers say.
package struct RateDecision: Hashable, Sendable {
    package let limit: Int
    /// How many more requests would be admitted at the same instant.
    package let remaining: Int
    /// When the oldest counted request leaves, in the window's own time.
    package let resetAt: Instant
    /// Whole seconds after which a refused request would be admitted, at least one; nil when it was admitted.
    package let retryAfterSeconds: Int64?

    package init(limit: Int, remaining: Int, resetAt: Instant, retryAfterSeconds: Int64?) {
        self.limit = limit
        self.remaining = remaining
        self.resetAt = resetAt
        self.retryAfterSeconds = retryAfterSeconds
    }
}
