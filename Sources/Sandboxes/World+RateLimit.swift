package import Simulation

extension World {
    /// Counts a request in each of an API's windows and gives what each thinks of it, in their order; or, when one
    /// refuses it, counts it in none and gives the refusals alone.
    package func admit(api: String, limits: [(requests: Int, seconds: Int)], mode: RateLimitMode) -> [RateDecision] {
        let time = rateTime
        var windows = rateWindows.removeValue(forKey: api) ?? []
        if windows.count != limits.count {
            windows = limits.map { RateWindow(limit: $0.requests, seconds: Int64($0.seconds)) }
        }
        defer { rateWindows[api] = windows }
        if mode == .on {
            let refusals = windows.indices.compactMap { windows[$0].refusal(at: time) }
            if !refusals.isEmpty { return refusals }
        }
        return windows.indices.map { windows[$0].admit(at: time, mode: mode) }
    }
}
