package import Time

extension World {
    /// Counts a request in each of an API's windows and gives what each thinks of it, in their order; or, when one
    /// refuses it, counts it in none and gives the refusals alone.
    package func admit(api: String, limits: [(requests: Int, seconds: Int)], mode: RateLimitMode) -> [RateDecision] {
        Self.admit(at: rateTime, into: &rateWindows[api, default: []], limits: limits, mode: mode)
    }

    private static func admit(
        at time: Instant, into windows: inout [RateWindow], limits: [(requests: Int, seconds: Int)], mode: RateLimitMode
    ) -> [RateDecision] {
        if windows.count != limits.count {
            windows = limits.map { RateWindow(limit: $0.requests, seconds: Int64($0.seconds)) }
        }
        if mode == .on {
            let refusals = windows.indices.compactMap { windows[$0].refusal(at: time) }
            if !refusals.isEmpty { return refusals }
        }
        return windows.indices.map { windows[$0].admit(at: time, mode: mode) }
    }
}
