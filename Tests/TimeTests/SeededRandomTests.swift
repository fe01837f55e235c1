import Time
import Testing

@Suite struct SeededRandomTests {
    /// The first numbers of SplitMix64 as its authors' C code draws them.
    @Test(
        arguments: [
            (0, [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F]),
            (
                1_234_567,
                [
                    6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                    4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
                ]
            ),
        ] as [(UInt64, [UInt64])])
    func itDrawsWhatSplitMix64Draws(seed: UInt64, expected: [UInt64]) {
        var random = SeededRandom(seed: seed)
        #expect(expected.map { _ in random.next() } == expected)
        #expect(random.position == UInt64(expected.count))
    }

    @Test(arguments: [0, 1, 2, 1000])
    func itGoesOnFromAnyPosition(count: UInt64) {
        var random = SeededRandom(signedSeed: -42)
        for _ in 0..<count { _ = random.next() }
        var continued = SeededRandom(signedSeed: random.signedSeed, position: random.position)
        #expect(continued == random)
        #expect(continued.uuid() == random.uuid())
        #expect(random.position == count + 2)
    }

    @Test(arguments: [0, 1, -1, Int64.max, Int64.min])
    func aSignedSeedKeepsItsBits(seed: Int64) {
        #expect(SeededRandom(signedSeed: seed).signedSeed == seed)
    }

    @Test func theEndOfAllPositionsDoesNotTrap() {
        var random = SeededRandom(seed: .max, position: .max)
        #expect(random.uuid() != random.uuid())
        #expect(random.position == 3)
    }

    /// Written down once: an export made by one version must go on the same in the next.
    @Test func whatASeedGivesNeverChanges() {
        var random = SeededRandom(seed: 7)
        #expect(random.uuid().description == "63cbe1e4-5932-4dd7-844c-3cd7f43c661c")
        #expect(random.derived(1, 2) == 8_879_183_574_614_088_188)
        #expect(random.derivedUUID(1, 2).description == "13c562ad-319a-4e7c-9cac-751bd282b464")
        #expect(SeededRandom.derived(from: "neo_sk_test_demo").seed == 7_766_740_260_426_003_743)
    }

    @Test func whatIsDerivedDoesNotDependOnWhatWasDrawn() {
        var random = SeededRandom(seed: 7)
        let (number, id) = (random.derived(1, 2), random.derivedUUID(1, 2))
        _ = random.next()
        #expect(random.derived(1, 2) == number)
        #expect(random.derivedUUID(1, 2) == id)
    }

    @Test func otherSeedsAndOtherPartsGiveOtherIds() {
        var ids: Set<UUIDValue> = []
        for seed in 0..<4 as Range<UInt64> {
            let random = SeededRandom(seed: seed)
            ids.insert(random.derivedUUID())
            for first in 0..<16 as Range<UInt64> {
                ids.insert(random.derivedUUID(first))
                for second in 0..<16 as Range<UInt64> {
                    ids.insert(random.derivedUUID(first, second))
                    ids.insert(random.derivedUUID(first, second, 0))
                }
            }
        }
        #expect(ids.count == 4 * (1 + 16 + 512))
    }

    @Test func otherTextsGiveOtherSeeds() {
        let texts = ["", "a", "b", "ab", "ba", "neo_sk_test_1", "neo_sk_test_2"]
        #expect(Set(texts.map { SeededRandom.derived(from: $0) }).count == texts.count)
    }

    @Test func amongAMillionIdsNoTwoAreTheSame() {
        var random = SeededRandom(seed: 2026)
        var ids: Set<UUIDValue> = []
        ids.reserveCapacity(1_000_000)
        for _ in 0..<1_000_000 { ids.insert(random.uuid()) }
        #expect(ids.count == 1_000_000)
    }
}
