import Time
import Testing

@Suite struct UUIDValueTests {
    @Test(
        arguments: [
            ("00000000-0000-0000-0000-000000000000", 0, 0), ("ffffffff-ffff-ffff-ffff-ffffffffffff", .max, .max),
            ("01234567-89ab-cdef-0123-456789abcdef", 0x0123_4567_89AB_CDEF, 0x0123_4567_89AB_CDEF),
            ("f81d4fae-7dec-11d0-a765-00a0c91e6bf6", 0xF81D_4FAE_7DEC_11D0, 0xA765_00A0_C91E_6BF6),
        ] as [(String, UInt64, UInt64)])
    func aUUIDIsReadInAnyCaseAndWrittenInLowerCase(text: String, high: UInt64, low: UInt64) {
        let value = UUIDValue(high: high, low: low)
        #expect(value.description == text)
        #expect(UUIDValue(text) == value)
        #expect(UUIDValue(text.uppercased()) == value)
    }

    @Test(arguments: [
        "", "f81d4fae", "f81d4fae-7dec-11d0-a765-00a0c91e6bf", "f81d4fae-7dec-11d0-a765-00a0c91e6bf67",
        "f81d4fae7dec11d0a76500a0c91e6bf6", "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}",
        "f81d4fae-7dec-11d0-a765_00a0c91e6bf6",
        "f81d4fae-7dec-11d0-a7650-0a0c91e6bf6", "g81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        " f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6 ", "f81d4fae-7dec-11d0-a765-00a0c91e6b-6",
        "é81d4fa-7dec-11d0-a765-00a0c91e6bf6",
        "１81d4fae-7dec-11d0-a765-00a0c91e6bf6", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6\0",
    ])
    func whatIsNoUUIDIsRefused(text: String) {
        #expect(UUIDValue(text) == nil)
    }

    @Test(
        arguments: [
            (0, 0, "00000000-0000-4000-8000-000000000000"), (.max, .max, "ffffffff-ffff-4fff-bfff-ffffffffffff"),
        ]
            as [(UInt64, UInt64, String)])
    func versionAndVariantAreWhatTheyMustBe(high: UInt64, low: UInt64, text: String) {
        #expect(UUIDValue(version4High: high, low: low).description == text)
    }

    @Test func whatIsWrittenIsReadAgain() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<1000 {
            let value = UUIDValue(high: random.next(), low: random.next())
            #expect(UUIDValue(value.description) == value)
        }
    }
}
