import Foundation
import HTTPFront
import Sandboxes
import TestSupport
import Testing

/// Which sandboxes go when there are too many, and who is refused when none may.
@Suite struct EvictionTests {
    private static let backfills = "/public-api/backfills"

    /// Creates a backfill, and gives its id.
    private static func write(_ standIn: StandIn, key: String) throws -> String {
        try #require(standIn.send("POST", backfills, key: key, body: createBody())["data.backfill.id"]?.string)
    }

    @Test func nobodyWhoWasActiveInTheLastTenMinutesIsDropped() throws {
        let standIn = try StandIn { $0.maximumSandboxes = 3 }
        let id = try Self.write(standIn, key: "neo_sk_test_a")
        standIn.send("GET", Self.backfills, key: "neo_sk_test_b")
        standIn.pass(seconds: 599)
        for number in 0..<20 {
            let refused = standIn.send("GET", Self.backfills, key: "neo_sk_test_new\(number)")
            #expect(refused.status == 503)
            #expect(refused.code == "SERVICE_UNAVAILABLE")
            #expect(refused.response.field("Retry-After") == "60")
        }
        #expect(standIn.send("GET", "\(Self.backfills)/\(id)", key: "neo_sk_test_a").status == 200)
        #expect(standIn.directory.count == 3)
    }

    @Test func theBacksideApiAndTheControlPlaneRefuseInTheirOwnWords() throws {
        let standIn = try StandIn { $0.maximumSandboxes = 1 }
        let runs = standIn.send(
            "GET", "/api/v1/agents/contact_deduper/runs", key: StandIn.backsideKey)
        #expect(runs.status == 503)
        #expect(runs.code == "service_unavailable")
        let sandbox = standIn.send("GET", "/_understudy/sandbox")
        #expect(sandbox.status == 503)
        #expect(sandbox.code == "service_unavailable")
        #expect(sandbox.response.field("Retry-After") == "60")
        #expect(standIn.send("GET", "/_understudy/sandbox", key: nil)["name"]?.string == "default")
    }

    @Test func theOneUsedLeastRecentlyGoesFirst() throws {
        let standIn = try StandIn { $0.maximumSandboxes = 3 }
        let first = try Self.write(standIn, key: "neo_sk_test_a")
        let second = try Self.write(standIn, key: "neo_sk_test_b")
        standIn.send("GET", "\(Self.backfills)/\(first)", key: "neo_sk_test_a")
        standIn.pass(seconds: 600)
        standIn.send("GET", Self.backfills, key: "neo_sk_test_c")
        #expect(standIn.send("GET", "\(Self.backfills)/\(first)", key: "neo_sk_test_a").status == 200)
        standIn.pass(seconds: 600)
        #expect(standIn.send("GET", "\(Self.backfills)/\(second)", key: "neo_sk_test_b").status == 404)
    }

    @Test func thoseThatWereNeverWrittenToGoBeforeTheOthers() throws {
        let standIn = try StandIn { $0.maximumSandboxes = 3 }
        let id = try Self.write(standIn, key: "neo_sk_test_old")
        standIn.pass(seconds: 600)
        standIn.send("GET", Self.backfills, key: "neo_sk_test_looks")
        // What was refused has written nothing.
        #expect(standIn.send("POST", Self.backfills, key: "neo_sk_test_looks", body: "{}").status == 422)
        standIn.pass(seconds: 600)
        standIn.send("GET", Self.backfills, key: "neo_sk_test_next")
        #expect(standIn.send("GET", "\(Self.backfills)/\(id)", key: "neo_sk_test_old").status == 200)
    }

    @Test func underADataFolderWhatWasNeverWrittenToTakesNoFile() throws {
        let folder = NSTemporaryDirectory() + "understudy-test-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let standIn = try StandIn(seed: .blank) { $0.dataFolder = folder }
        func files() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".sqlite") }
        }
        for number in 0..<50 { standIn.send("GET", Self.backfills, key: "neo_sk_test_n\(number)") }
        standIn.send("POST", Self.backfills, key: "neo_sk_test_n1", body: "{}")
        standIn.send("POST", "/_understudy/sandbox/reset", key: "neo_sk_test_n2")
        #expect(try files() == ["understudy.sqlite"])
        let id = try Self.write(standIn, key: "neo_sk_test_n3")
        #expect(try files().count == 2)
        standIn.directory.close()
        let again = try StandIn(seed: .blank) { $0.dataFolder = folder }
        #expect(again.directory.count == 2)
        #expect(again.send("GET", "\(Self.backfills)/\(id)", key: "neo_sk_test_n3").status == 200)
    }

    @Test func underADataFolderTheOneUsedLeastRecentlyIsClosedAndOpensAgain() throws {
        let folder = NSTemporaryDirectory() + "understudy-test-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let standIn = try StandIn(seed: .blank) {
            $0.dataFolder = folder
            $0.maximumSandboxes = 2
        }
        let ids = try (0..<5).map { try Self.write(standIn, key: "neo_sk_test_n\($0)") }
        for (number, id) in ids.enumerated() {
            #expect(standIn.send("GET", "\(Self.backfills)/\(id)", key: "neo_sk_test_n\(number)").status == 200)
        }
    }
}
