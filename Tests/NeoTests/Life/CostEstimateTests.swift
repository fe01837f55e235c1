import Time
import Testing

@testable import Neo

@Suite struct CostEstimateTests {
    private static let cases: [(Int64, Int64, Int64)] = [
        (0, 3, 0), (340, 1, 340), (340, 3, 1020), (.max, 1, .max), (.max, 2, .max),
        (3_074_457_345_618_258_602, 3, 9_223_372_036_854_775_806), (3_074_457_345_618_258_603, 3, .max),
        (.min, 2, .min), (.min, -1, .max),
    ]

    @Test(arguments: cases)
    func theTotalIsTheProductOrTheLargestNumber(entities: Int64, credits: Int64, total: Int64) {
        #expect(CostEstimate(totalEntities: entities, creditsPerEntity: credits).totalCredits == total)
    }
}
