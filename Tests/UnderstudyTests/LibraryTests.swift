import Foundation
import Sandboxes
import TestSupport
import Testing

@testable import Understudy

@Suite struct LibraryTests {
    @Test func aStoppedServerLeavesItsDataFolderToTheNext() throws {
        let folder = NSTemporaryDirectory() + "understudy-test-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var configuration = Understudy.Configuration()
        configuration.dataFolder = folder
        let first = try Understudy.start(configuration)
        #expect(throws: CannotStore.self) { try Understudy.start(configuration) }
        first.stop()
        let second = try Understudy.start(configuration)
        #expect(first.url != second.url)
        first.stop()
        #expect(throws: CannotStore.self) { try Understudy.start(configuration) }
        second.stop()
    }

    @Test func aTestControlsItsSandboxDirectly() throws {
        let server = try Understudy.start(Self.onAClockThatStandsStill)
        defer { server.stop() }
        let sandbox = server.sandbox(key: StandIn.neoKey)
        try sandbox.setClock(mode: "manual")
        #expect(try sandbox.advance(seconds: 90) == "2026-03-02T09:01:30.000000Z")
        #expect(try sandbox.advanceUntilIdle() == "2026-03-02T09:01:30.000000Z")
        try sandbox.putScenario("small", #"{"when": {}, "then": {"entities": 2}}"#)
        try sandbox.putFault("busy", #"{"match": {}, "response": {"status": 503}}"#)
        let moved = try sandbox.export()
        try sandbox.reset()
        #expect(try sandbox.export() != moved)
        try sandbox.importSeed(moved)
        #expect(try sandbox.export() == moved)
        let refusal = #expect(throws: SandboxControlError.self) { try sandbox.putScenario("x", "{}") }
        #expect(refusal?.status == 422)
        #expect(throws: SandboxControlError.self) { try server.sandbox(key: "nonsense").reset() }
    }

    @Test func twoServersInOneProcessDoNotDisturbEachOther() throws {
        let (one, other) = (
            try Understudy.start(Self.onAClockThatStandsStill), try Understudy.start(Self.onAClockThatStandsStill)
        )
        defer { one.stop() }
        #expect(one.port != other.port)
        let untouched = try other.sandbox(key: StandIn.neoKey).export()
        try one.sandbox(key: StandIn.neoKey).advance(seconds: 3600)
        try one.sandbox(key: StandIn.neoKey).putScenario("small", #"{"when": {}, "then": {"entities": 2}}"#)
        #expect(try other.sandbox(key: StandIn.neoKey).export() == untouched)
        other.stop()
        #expect(try one.sandbox(key: StandIn.neoKey).call("GET", "clock").contains("10:00:00"))
    }

    private static let onAClockThatStandsStill: Understudy.Configuration = {
        var configuration = Understudy.Configuration(seed: .blank)
        configuration.clock = .manual
        return configuration
    }()
}
