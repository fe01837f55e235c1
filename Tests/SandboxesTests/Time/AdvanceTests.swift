import Understudy
import Time
import TestSupport
import Testing

@testable import Sandboxes

/// What is due, done together with what is asked.
@Suite struct AdvanceTests {
    private struct Refused: Error {}

    private static func sandbox() throws -> Sandbox {
        try SandboxDirectory(
            SandboxConfiguration(modules: Understudy.modules, seed: .builtIn(.demo), freshSeed: .builtIn(.blank)) {
                GoodSeed.start
            }
        ).defaultSandbox
    }

    private static func executions(in world: World) throws -> Int64 {
        let statement = try world.database.statement("SELECT count(*) FROM execution")
        defer { statement.reset() }
        _ = try statement.step()
        return statement.integer
    }

    /// Otherwise all who are refused would do it again, each a little more.
    @Test func aRefusalUndoesWhatWasAskedAndNotWhatWasDue() throws {
        let later = GoodSeed.start.adding(seconds: 3_600)
        let (refused, asked) = try (Self.sandbox(), Self.sandbox())
        try refused.withWorld { world throws in
            let before = try Self.executions(in: world)
            #expect(throws: Refused.self) {
                try world.transaction(advancingTo: later) {
                    try world.database.run("DELETE FROM execution")
                    _ = world.random.next()
                    throw Refused()
                }
            }
            #expect(try !world.isDue(at: later))
            #expect(try Self.executions(in: world) > before)
        }
        try asked.withWorld { world throws in try world.transaction { _ = try world.advance(to: later) } }
        #expect(try refused.withWorld { try $0.export() } == asked.withWorld { try $0.export() })
    }

    @Test func whereNothingIsDueAllIsUndone() throws {
        try Self.sandbox().withWorld { world throws in
            let before = try world.export()
            #expect(throws: Refused.self) {
                try world.transaction(advancingTo: .earliest) {
                    try world.database.run("DELETE FROM execution")
                    throw Refused()
                }
            }
            #expect(try world.export() == before)
        }
    }

    @Test func whatIsDoneIsKept() throws {
        let later = GoodSeed.start.adding(seconds: 3_600)
        try Self.sandbox().withWorld { world throws in
            try world.transaction(advancingTo: later) { try world.database.run("DELETE FROM execution") }
            #expect(try Self.executions(in: world) == 0)
            #expect(!world.database.isInTransaction)
        }
    }
}
