import Understudy
import Sandboxes
import Time
import TestSupport
import Testing

@Suite struct KnownBodiesTests {
    private static let thing = RenderedThing("backfill", id: "a")

    private static func sandbox() throws -> Sandbox {
        let seed = try GoodSeed.read(GoodSeed.text)
        return try SandboxDirectory(
            SandboxConfiguration(modules: Understudy.modules, seed: .document(seed), freshSeed: .document(seed)) {
                GoodSeed.start
            }
        ).defaultSandbox
    }

    /// Whether the body is made anew.
    private static func isMade(
        _ thing: RenderedThing = thing, in world: World, size: Int = 2, holdsFrom: Instant? = .earliest,
        at now: Instant = GoodSeed.start
    ) -> Bool {
        var isMade = false
        _ = world.body(of: thing, at: now) {
            isMade = true
            return RenderedBody([UInt8](repeating: 0x20, count: size), holdsFrom: holdsFrom)
        }
        return isMade
    }

    @Test func aBodyIsMadeOnceUntilSomethingIsWritten() throws {
        try Self.sandbox().withWorld { world throws in
            #expect([Self.isMade(in: world), Self.isMade(in: world)] == [true, false])
            try world.transaction { try world.database.run("DELETE FROM fault") }
            #expect([Self.isMade(in: world), Self.isMade(in: world)] == [true, false])
        }
    }

    @Test func anotherThingHasAnotherBody() throws {
        try Self.sandbox().withWorld { world in
            #expect(Self.isMade(in: world))
            for other in [
                RenderedThing("backfill", id: "A"), RenderedThing("run", id: "a"),
                RenderedThing("run", scope: "b", id: "a"),
                // One letter to Swift, two ids to a database.
                RenderedThing("run", id: "é"), RenderedThing("run", id: "e\u{301}"),
            ] {
                #expect([Self.isMade(other, in: world), Self.isMade(other, in: world)] == [true, false])
            }
            #expect(!Self.isMade(in: world))
        }
    }

    /// What a transaction has changed so far may still be undone.
    @Test func nothingIsKeptInATransaction() throws {
        struct Undo: Error {}
        try Self.sandbox().withWorld { world throws in
            #expect(Self.isMade(in: world))
            #expect(throws: Undo.self) {
                try world.transaction {
                    try world.database.run("DELETE FROM fault")
                    #expect(Self.isMade(in: world))
                    throw Undo()
                }
            }
            #expect([Self.isMade(in: world), Self.isMade(in: world)] == [true, false])
        }
    }

    @Test func otherContentsHaveOtherBodies() throws {
        try Self.sandbox().withWorld { world throws in
            _ = try world.takeSnapshot(named: "s")
            #expect([Self.isMade(in: world), Self.isMade(in: world)] == [true, false])
            _ = try world.restoreSnapshot(named: "s")
            #expect(Self.isMade(in: world))
        }
    }

    @Test func fewAndShortBodiesAreKept() throws {
        try Self.sandbox().withWorld { world in
            let long = RenderedThing("run", id: "long")
            #expect([Self.isMade(long, in: world, size: 20_000), Self.isMade(long, in: world)] == [true, true])
            for number in 0..<110 {
                #expect(Self.isMade(RenderedThing("run", id: "\(number)"), in: world, size: 10_000))
            }
            #expect(!Self.isMade(RenderedThing("run", id: "109"), in: world))
            #expect(Self.isMade(RenderedThing("run", id: "0"), in: world))
        }
    }

    /// Somebody may set the clock back.
    @Test func aBodyHoldsFromItsInstantOn() throws {
        try Self.sandbox().withWorld { world in
            let end = GoodSeed.start.adding(seconds: 10)
            #expect(Self.isMade(in: world, holdsFrom: nil))
            #expect(Self.isMade(in: world, holdsFrom: end, at: end))
            #expect(!Self.isMade(in: world, at: end))
            #expect(!Self.isMade(in: world, at: end.adding(seconds: 1)))
            #expect(Self.isMade(in: world, holdsFrom: nil, at: GoodSeed.start))
        }
    }
}
