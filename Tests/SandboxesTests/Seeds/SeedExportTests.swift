import Understudy
import SQLite
import Sandboxes
import Time
import TestSupport
import Testing

@Suite struct SeedExportTests {
    @Test func anExportReadAndExportedAgainIsTheSame() throws {
        let first = try GoodSeed.export(try GoodSeed.read(GoodSeed.text))
        let second = try GoodSeed.read(first)
        #expect(!second.hasRelativeTimes)
        #expect(second.credentials.isEmpty)
        // Nothing is relative any more, so another start changes nothing.
        let again = try GoodSeed.export(second, start: GoodSeed.start.adding(seconds: 86_400))
        #expect(String(decoding: again, as: UTF8.self) == String(decoding: first, as: UTF8.self))
    }

    @Test func anExportHasOneLineForEachRow() throws {
        let export = try GoodSeed.export(try GoodSeed.read(GoodSeed.text))
        let lines = String(decoding: export, as: UTF8.self).split(separator: "\n")
        #expect(
            lines[0..<9] == [
                "{", #""understudy": 1,"#, #""random_seed": -42,"#, #""random_position": 7,"#,
                #""clock": {"mode":"manual","now":"2026-03-02T09:00:00.000000Z","speed":1.5,"start":"2026-03-01T09:00:00.000000Z"},"#,
                #""rate_limit_plan": "pro","#, #""agents": ["#,
                #"{"id":"7","name":"Talk","state":"ENABLED","autonomy_type":"AGENTIC","entity_type":"NONE","trigger_type":"TRIGGERED","access":"ALL_USERS","audience":"MSP","created_at":"2026-02-25T09:00:00.000000Z","updated_at":"2026-02-25T09:00:00.000000Z","credits_per_entity":3,"actions":null,"agent_settings":null,"toolbox":null,"integrations":null,"versions":[{"version_timestamp":"2026-02-25T09:00:00.000000Z"}]},"#,
                #"{"id":"123","name":"Triage","state":"ENABLED","autonomy_type":"CHAINED_ACTIONS","entity_type":"TICKET","trigger_type":"TRIGGERED","access":"ALL_USERS","audience":"MSP","created_at":"2026-02-20T09:00:00.000000Z","updated_at":"2026-03-01T09:00:00.000000Z","credits_per_entity":2,"actions":[{"a":1.0}],"agent_settings":{},"toolbox":null,"integrations":{"psa":"x"},"versions":[{"version_timestamp":"2026-02-20T09:00:00.000000Z","updated_at":"2026-02-21T09:00:00.000000Z","name":"Old"},{"version_timestamp":"2026-03-01T09:00:00.000000Z"}]}"#,
            ])
        #expect(
            lines.contains(
                #"{"id":"t1","type":"ticket","number":"T1","fields":{"status":"New"},"seconds":21,"fails":2},"#))
        #expect(
            lines.contains {
                $0.contains(
                    #""filter_spec":{"combinator" : "and",  "rules": [ ]},"daily_execution_windows":{"tuesday":[],"monday":[{"run_start_time":"22:00:00","run_end_time":"06:00:00"}]}"#
                )
            })
    }

    @Test func theEmptySandboxIsExportedWithEmptyLists() throws {
        let first = try GoodSeed.export(try GoodSeed.read("{}"))
        let text = String(decoding: first, as: UTF8.self)
        #expect(
            text.hasSuffix(
                "\"agent_scripts\": {},\n\"agent_configs\": [],\n\"runs\": [],\n\"scenarios\": [],\n\"faults\": []\n}\n"
            ))
        #expect(try GoodSeed.export(try GoodSeed.read(first)) == first)
    }

    /// Values that clients chose come back as what they were, whatever their spelling.
    @Test func storedTextOfAnySpellingSurvives() throws {
        let database = try GoodSeed.database(of: try GoodSeed.read(GoodSeed.text))
        try database.run("UPDATE run SET input = ?", "{ \"a\" : [ 1.50, 1e3, \"\\u0041\\n\" ] ,\n\"a\":null}")
        try database.run("UPDATE backfill SET filter_spec = ?", "{\n  \"a\" : \"\\u0041\"\n}")
        let deep = String(repeating: "[", count: 127) + String(repeating: "]", count: 127)
        try database.run("UPDATE run_step SET output = ? WHERE completed_at IS NOT NULL", deep)
        try database.run("UPDATE agent SET name = ?", "\u{0}\u{7f}\"\\\u{1F600}\u{85}")
        let first = try Self.export(database)
        let document = try GoodSeed.read(first)
        #expect(document.neo.backfills[0].filterSpec == "{\n  \"a\" : \"\\u0041\"\n}")
        #expect(document.backside.runs[0].input == "{ \"a\" : [ 1.50, 1e3, \"\\u0041\\n\" ] ,\n\"a\":null}")
        #expect(try Self.export(try GoodSeed.database(of: document)) == first)
    }

    private static func export(_ database: Database) throws -> [UInt8] {
        let clock = SandboxClock(mode: .real, speed: 0.1, start: .earliest, base: .latest, readAt: .earliest)
        return try SeedExport.export(
            database, modules: Understudy.modules, clock: clock, now: .latest, randomSeed: .min, randomPosition: .max,
            ratePlan: "free")
    }

    @Test(arguments: 0..<20)
    func anythingGeneratedSurvives(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let text = RandomSeedText.make(&random)
        let document = try GoodSeed.read(text)
        let first = try GoodSeed.export(document)
        #expect(try GoodSeed.export(try GoodSeed.read(first)) == first)
    }

    @Test(arguments: BuiltInSeed.allCases)
    func aBuiltInSeedIsGoodAndSurvives(seed: BuiltInSeed) throws {
        let document = try SeedDocument(reading: Understudy.modules.bytes(of: seed), modules: Understudy.modules)
        let first = try GoodSeed.export(document)
        #expect(try GoodSeed.export(try SeedDocument(reading: first, modules: Understudy.modules)) == first)
    }
}
