import Understudy
import Sandboxes
import Time
import TestSupport
import Testing

@Suite struct SnapshotLimitTests {
    private static func sandbox(_ change: (inout SnapshotLimits) -> Void) throws -> Sandbox {
        let seed = try GoodSeed.read(GoodSeed.text)
        var configuration = SandboxConfiguration(
            modules: Understudy.modules, seed: .document(seed), freshSeed: .document(seed)
        ) { GoodSeed.start }
        change(&configuration.snapshotLimits)
        return try SandboxDirectory(configuration).defaultSandbox
    }

    @Test func theBytesOfASandboxsSnapshotsAreBounded() throws {
        let size = try Self.sandbox { _ in }.withWorld { try $0.takeSnapshot(named: "a").snapshot.sizeBytes }
        let sandbox = try Self.sandbox { $0.bytes = 2 * size + 1 }
        try sandbox.withWorld { world throws in
            for name in ["a", "b"] { #expect(try world.takeSnapshot(named: name).isNew) }
            #expect(throws: SnapshotRefusal.tooLarge(limitBytes: 2 * size + 1)) { try world.takeSnapshot(named: "c") }
            #expect(try world.allSnapshots().map(\.name) == ["a", "b"])
            // One that is replaced makes room for its successor.
            #expect(try !world.takeSnapshot(named: "b").isNew)
            #expect(try world.deleteSnapshot(named: "a")?.sizeBytes == size)
            #expect(try world.takeSnapshot(named: "c").isNew)
        }
    }

    @Test func theNumberOfASandboxsSnapshotsIsBounded() throws {
        try Self.sandbox { $0.count = 1 }.withWorld { world throws in
            #expect(try world.takeSnapshot(named: "a").isNew)
            #expect(throws: SnapshotRefusal.tooMany(limit: 1)) { try world.takeSnapshot(named: "b") }
            #expect(try !world.takeSnapshot(named: "a").isNew)
        }
    }
}
