/// What a backfill may cost at most, in credits.
package struct CostEstimate: Hashable, Sendable {
    package let totalEntities: Int64
    package let creditsPerEntity: Int64

    package init(totalEntities: Int64, creditsPerEntity: Int64) {
        self.totalEntities = totalEntities
        self.creditsPerEntity = creditsPerEntity
    }

    /// The product, held at the ends of `Int64`: a client may claim any number of entities.
    package var totalCredits: Int64 {
        let (product, overflow) = totalEntities.multipliedReportingOverflow(by: creditsPerEntity)
        guard overflow else { return product }
        return (totalEntities < 0) == (creditsPerEntity < 0) ? .max : .min
    }
}
