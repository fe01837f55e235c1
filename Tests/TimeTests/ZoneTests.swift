import TestSupport
import Foundation
import Time
import Testing

@Suite struct ZoneTests {
    @Test(arguments: [
        "America/New_York", "America/Los_Angeles", "Europe/Berlin", "Europe/Dublin", "Australia/Lord_Howe",
        "Pacific/Chatham", "Asia/Kathmandu", "Asia/Kolkata", "America/St_Johns", "Asia/Jerusalem", "Africa/Nairobi",
        "Asia/Tokyo", "UTC", "Etc/GMT+5",
    ])
    func offsetsAreThoseOfFoundation(name: String) throws {
        let zone = try #require(Zone(named: name))
        let foundation = try #require(TimeZone(identifier: name))
        // 1970 to 2100, in steps that visit every hour of the day.
        for second in stride(from: 0, to: 4_102_444_800, by: 197 * 3600 + 1) {
            let expected = foundation.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
            let offset = zone.offset(at: Instant(microseconds: Int64(second) * 1_000_000))
            guard offset == Int64(expected) else {
                Issue.record("\(name) at \(second): \(offset) instead of \(expected)")
                return
            }
        }
    }

    @Test(arguments: [
        ("America/New_York", "2026-03-08T06:59:59Z", -18_000, "2026-03-08T07:00:00Z"),
        ("America/New_York", "2026-03-08T07:00:00Z", -14_400, "2026-11-01T06:00:00Z"),
        ("America/New_York", "2026-11-01T06:00:00Z", -18_000, "2027-03-14T07:00:00Z"),
        ("America/New_York", "2090-07-01T00:00:00Z", -14_400, "2090-11-05T06:00:00Z"),
        ("America/New_York", "9999-01-01T00:00:00Z", -18_000, "9999-03-14T07:00:00Z"),
        ("America/New_York", "9999-12-31T23:59:59Z", -18_000, nil),
        ("America/New_York", "0001-01-01T00:00:00Z", -17_762, "1883-11-18T17:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T14:59:59Z", 39_600, "2026-04-04T15:00:00Z"),
        ("Australia/Lord_Howe", "2050-04-02T15:00:00Z", 37_800, "2050-10-01T15:30:00Z"),
        ("Europe/Dublin", "2060-01-01T00:00:00Z", 0, "2060-03-28T01:00:00Z"),
        ("Asia/Kolkata", "2026-01-01T00:00:00Z", 19_800, nil),
        ("UTC", "2026-01-01T00:00:00Z", 0, nil),
    ])
    func theNextTransitionEndsAnOffset(name: String, at: String, offset: Int64, next: String?) throws {
        let zone = try #require(Zone(named: name))
        let instant = try #require(Instant(rfc3339: at))
        #expect(zone.offset(at: instant) == offset)
        let end = zone.span(at: instant).endsAt.flatMap { $0 <= Instant.latest.unixSeconds ? $0 : nil }
        #expect(end == next.flatMap { Instant(rfc3339: $0)?.unixSeconds })
    }

    @Test(arguments: [
        "", "America", "America/", "/America/New_York", "America//New_York", "America/New_York/", "../zoneinfo/UTC",
        "America/../UTC", "./UTC", "america/new_york", "EST5EDT,M3.2.0,M11.1.0", "zone.tab", "tzdata.zi", "leapseconds",
        "posix/America/New_York", "right/America/New_York", "posixrules", "localtime", "Factory", "America/New_York\0",
        "UTC\0", "Amérique/Montréal", "Mars/Olympus_Mons", " UTC", String(repeating: "A/", count: 200) + "A",
    ])
    func whatNamesNoZoneIsRefused(name: String) {
        #expect(Zone(named: name) == nil)
    }

    @Test func utcNeedsNoFile() {
        #expect(Zone(named: "UTC", folder: "/nowhere") == .utc)
        #expect(Zone(named: "Europe/Berlin", folder: "/nowhere") == nil)
        #expect(Zone.systemZonesAvailable())
    }

    @Test func everyZoneOfTheSystemIsRead() throws {
        let list = try String(contentsOfFile: Zone.systemFolder + "/zone1970.tab", encoding: .utf8)
        let names = list.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: "\t")[2] }
        #expect(names.count > 250)
        #expect(names.filter { Zone(named: String($0)) == nil } == [])
    }

    @Test(arguments: ["America/New_York", "Australia/Lord_Howe"])
    func aFileCutShortOrDamagedIsNoZoneAndNeverTraps(name: String) throws {
        let whole = try Data(contentsOf: URL(filePath: "\(Zone.systemFolder)/\(name)"))
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for count in stride(from: 0, to: whole.count, by: 7) {
            try whole.prefix(count).write(to: folder.appending(path: "Cut\(count)"))
            #expect(Zone(named: "Cut\(count)", folder: folder.path) == nil, "\(count) bytes")
        }
        var generator = SeededGenerator(seed: 7)
        for number in 0..<300 {
            var damaged = whole
            for _ in 0..<4 {
                damaged[Int.random(in: 0..<whole.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            try damaged.write(to: folder.appending(path: "Damaged\(number)"))
            let zone = Zone(named: "Damaged\(number)", folder: folder.path)
            for instant in [Instant.earliest, .latest, Instant(microseconds: 0)] {
                _ = zone?.span(at: instant)
            }
        }
    }
}
