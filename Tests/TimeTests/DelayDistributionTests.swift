import Time
import Testing

@Suite struct DelayDistributionTests {
    private static func delays(_ distribution: DelayDistribution, count: Int = 4_001) -> [Double] {
        var random = SeededRandom(seed: 7)
        return (0..<count).map { _ in distribution.milliseconds(random.next(), random.next()) }
    }

    @Test func aUniformDelayLiesBetweenItsBoundsAndFillsThem() {
        let delays = Self.delays(.uniform(lower: 100, upper: 300)).sorted()
        #expect(delays.allSatisfy { (100..<300).contains($0) })
        #expect(delays[0] < 102 && delays[4_000] > 298)
        #expect((195...205).contains(delays[2_000]))
        #expect(DelayDistribution.uniform(lower: 5, upper: 5).milliseconds(.max, 0) == 5)
    }

    @Test func halfOfTheLognormalDelaysAreBelowTheMedian() {
        let delays = Self.delays(.lognormal(median: 80, sigma: 0.4, maxValue: nil)).sorted()
        #expect((77...83).contains(delays[2_000]))
        // One standard deviation up: 84 of 100 are below exp(0.4) times the median.
        #expect((115...124).contains(delays[3_366]))
        #expect(delays[0] > 0)
    }

    @Test func aLognormalDelayHasAnEnd() {
        let capped = Self.delays(.lognormal(median: 80, sigma: 3, maxValue: 90))
        #expect(capped.max() == 90)
        #expect(Self.delays(.lognormal(median: 500_000, sigma: 10, maxValue: nil)).max() == DelayDistribution.longest)
    }

    @Test(arguments: [UInt64.min, 1, 1 << 11, .max])
    func noNumberGivesADelayThatIsNone(number: UInt64) {
        for other in [UInt64.min, .max] {
            for distribution in [
                DelayDistribution.uniform(lower: 0, upper: 600_000),
                .lognormal(median: 1, sigma: 10, maxValue: nil), .lognormal(median: 1, sigma: 0, maxValue: nil),
            ] {
                let delay = distribution.milliseconds(number, other)
                #expect((0...DelayDistribution.longest).contains(delay), "\(distribution) gives \(delay)")
                #expect(distribution.milliseconds(number, other) == delay)
            }
        }
    }
}
