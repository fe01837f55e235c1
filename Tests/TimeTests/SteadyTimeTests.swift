import Time
import Testing

@Suite struct SteadyTimeTests {
    private static let start = Instant(rfc3339: "2026-03-02T09:00:00Z")!

    private static func read(_ machine: [Int64]) -> [Int64] {
        var time = SteadyTime()
        return machine.map {
            (time.read(machine: start.adding(seconds: $0)).microseconds - start.microseconds) / 1_000_000
        }
    }

    @Test func itIsTheMachinesUntilThatGoesBack() {
        #expect(Self.read([0, 5, 5, 3_600]) == [0, 5, 5, 3_600])
    }

    @Test func thenItGoesOnFromThereAtTheMachinesPace() {
        #expect(
            Self.read([0, 3_600, 1_800, 1_800, 1_860, 3_600, 4_000]) == [0, 3_600, 3_600, 3_600, 3_660, 5_400, 5_800])
        #expect(Self.read([10, 0, 5, -100, -90]) == [10, 10, 15, 15, 25])
    }

    @Test func theEndsOfTheCalendarAreNoEnd() {
        var time = SteadyTime()
        #expect(time.read(machine: .latest) == .latest)
        #expect(time.read(machine: .earliest) == .latest)
        #expect(time.read(machine: .latest) == .latest)
    }
}
