import JSON
import Time

extension JSONWriter {
    /// BackfillCostEstimate, in credits.
    mutating func costEstimate(_ estimate: CostEstimate) {
        beginObject()
        key("total_entities")
        integer(estimate.totalEntities)
        key("credits_per_entity")
        integer(estimate.creditsPerEntity)
        key("total_credits_estimated")
        integer(estimate.totalCredits)
        endObject()
    }
}
