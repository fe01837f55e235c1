import JSON
import Testing

@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func itIsThatOfItsSpecification(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        let forURL = encoded.prefix { $0 != "=" }
        #expect(Base64.encodeForURL(Array(text.utf8)) == forURL)
        #expect(Base64.decodeFromURL(forURL.utf8) == Array(text.utf8))
    }

    @Test func theLastTwoLettersDiffer() {
        #expect(Base64.encode([0xFF, 0xFE, 0xFB]) == "//77")
        #expect(Base64.encode([0xFB, 0xEF, 0xBE]) == "++++")
        #expect(Base64.encodeForURL([0xFF, 0xFE, 0xFB]) == "__77")
        #expect(Base64.decodeFromURL("----"[...].utf8) == [0xFB, 0xEF, 0xBE])
    }

    @Test(arguments: ["A", "AAAAA", "Zg==", "Zm 8", "//77", "Zm9v\n", "é"])
    func whatItIsNotIsRefused(text: String) {
        #expect(Base64.decodeFromURL(text[...].utf8) == nil)
    }

    @Test func bitsLeftOverDoNotCount() { #expect(Base64.decodeFromURL("Zh"[...].utf8) == Array("f".utf8)) }
}
