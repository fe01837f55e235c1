import Testing

@testable import Understudy

@Suite struct DescriptorBudgetTests {
    @Test(arguments: [
        // limit, stored, connections, sandboxes
        (1_048_576, false, 16_384, 10_000), (1_048_576, true, 16_384, 10_000), (20_000, false, 16_384, 10_000),
        (20_000, true, 9_984, 1_664), (1_024, false, 992, 10_000), (1_024, true, 500, 82), (64, true, 20, 2),
        (0, true, 1, 1), (0, false, 2, 10_000),
    ])
    func whatMayBeOpenIsSharedOut(limit: Int, stored: Bool, connections: Int, sandboxes: Int) {
        let budget = DescriptorBudget(
            limit: limit, threads: 4, connections: 16_384, sandboxes: 10_000, stored: stored)
        #expect(budget.connections == connections)
        #expect(budget.sandboxes == sandboxes)
    }

    @Test(arguments: [64, 256, 1_024, 4_096, 65_536], [2, 16])
    func togetherTheyStayBelowTheLimit(limit: Int, threads: Int) {
        let budget = DescriptorBudget(
            limit: limit, threads: threads, connections: 16_384, sandboxes: 10_000, stored: true)
        #expect(threads * 2 + budget.connections + budget.sandboxes * 6 < limit)
    }

    @Test func eachSocketHasItsShare() {
        let budget = DescriptorBudget(
            limit: 1_024, sockets: 2, threads: 4, connections: 16_384, sandboxes: 10_000, stored: false)
        #expect(budget.connections == 492)
    }

    @Test func nobodyGetsMoreThanWasAskedFor() {
        let budget = DescriptorBudget(limit: 1_024, threads: 2, connections: 50, sandboxes: 3, stored: true)
        #expect(budget.connections == 50)
        #expect(budget.sandboxes == 3)
    }
}
