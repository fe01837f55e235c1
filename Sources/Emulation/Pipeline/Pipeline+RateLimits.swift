import HTTPFront
import Sandboxes
import Time

extension Pipeline {
    /// Counts a request in the rate windows: why it is refused, if it is, and the fields that say what is left.
    func admit(in world: World) -> (refusal: PipelineRefusal?, fields: [HTTPField]) {
        guard configuration.rateLimiting != .off else { return (nil, []) }
        let limits = api.rateLimits(plan: world.rateLimitPlan)
        let decisions = world.admit(
            api: api.name, limits: limits.map { ($0.requests, $0.seconds) },
            mode: configuration.rateLimiting == .on ? .on : .count)
        // The headers describe the window with fewer left; of several that refuse, the one that takes longest.
        guard
            let shown = decisions.min(by: {
                ($0.remaining, -($0.retryAfterSeconds ?? 0)) < ($1.remaining, -($1.retryAfterSeconds ?? 0))
            })
        else { return (nil, []) }
        let fields = Self.rateFields(limit: shown.limit, remaining: shown.remaining, resetAt: shown.resetAt)
        guard let wait = shown.retryAfterSeconds, let limit = limits.first(where: { $0.requests == shown.limit }) else {
            return (nil, fields)
        }
        return (.rateLimited(limit, retryAfterSeconds: Int(wait)), fields)
    }

    /// The fields that say how many requests a window allows, how many are left, and when it ends.
    static func rateFields(limit: Int, remaining: Int, resetAt: Instant) -> [HTTPField] {
        [
            HTTPField("X-RateLimit-Limit", String(limit)), HTTPField("X-RateLimit-Remaining", String(remaining)),
            HTTPField("X-RateLimit-Reset", String(resetAt.unixSeconds)),
        ]
    }
}
