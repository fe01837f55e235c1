import Foundation
import Sandboxes
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
}
