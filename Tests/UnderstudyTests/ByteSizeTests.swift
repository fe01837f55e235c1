import Testing

@testable import Understudy

@Suite struct ByteSizeTests {
    @Test(arguments: [
        ("0", 0), ("1048576", 1 << 20), ("1KiB", 1 << 10), ("600MiB", 600 << 20), ("2GiB", 2 << 30),
    ])
    func aSizeIsReadAsPeopleWriteIt(text: String, bytes: Int) throws {
        let size = try #require(ByteSize(text))
        #expect(size.bytes == bytes)
        #expect(ByteSize("\(size)") == size)
    }

    @Test(arguments: [
        "", "MiB", "-1", "1.5GiB", "1 GiB", "1MB", "1gib", "9999999999999GiB", "99999999999999999999", "١MiB",
    ])
    func anythingElseIsNone(text: String) { #expect(ByteSize(text) == nil) }
}
