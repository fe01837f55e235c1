import Glibc

/// How long an answer is held back, drawn anew for each.
package enum DelayDistribution: Hashable, Sendable {
    /// Anything between the two, each as likely.
    case uniform(lower: Double, upper: Double)
    /// Half of all below the median, and a long tail; `sigma` is the standard deviation of the logarithm.
    case lognormal(median: Double, sigma: Double, maxValue: Double?)

    /// No delay is longer, in milliseconds: a lognormal one has no end of its own.
    package static let longest: Double = 600_000

    /// The delay in milliseconds that two random numbers give: always the same for the same two.
    package func milliseconds(_ first: UInt64, _ second: UInt64) -> Double {
        switch self {
        case .uniform(let lower, let upper): lower + (upper - lower) * first.fraction
        case .lognormal(let median, let sigma, let maxValue):
            min(median * exp(sigma * Self.normal(first, second)), maxValue ?? Self.longest, Self.longest)
        }
    }

    /// A number of the standard normal distribution (Box and Muller).
    private static func normal(_ first: UInt64, _ second: UInt64) -> Double {
        // From 1 down to just above 0, of which there is a logarithm.
        sqrt(-2 * log(1 - first.fraction)) * cos(2 * .pi * second.fraction)
    }
}

extension UInt64 {
    /// A random number as one from 0 to just below 1.
    package var fraction: Double { Double(self >> 11) * 0x1p-53 }
}
