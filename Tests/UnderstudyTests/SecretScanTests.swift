import Testing

@testable import Emulation

@Suite struct SecretScanTests {
    @Test(arguments: [
        "api_key", "SecretKey", "x-TOKEN", "clientSecret", "passWORD", "passwd", "Authorization", "set-cookie",
        "\\u005f",
    ])
    func theScanMissesNoPiece(piece: String) {
        for before in 0..<40 {
            for after in 0..<20 {
                let text = String(repeating: "-", count: before) + piece + String(repeating: "-", count: after)
                #expect(SecretScan.mayFind(in: Array(text.utf8)), "\(before) before, \(after) after")
            }
        }
    }

    @Test(arguments: [0, 18, 19, 33, 34, 35, 64, 1_000])
    func otherTextIsPassedOver(length: Int) {
        let text = "{\"created_at\": \"2026-03-02\", \"target\": 123, \"state\": \"SUCCEEDED\", \"windows\": {}}, "
        #expect(!SecretScan.mayFind(in: Array(String(repeating: text, count: 20).utf8.prefix(length))))
    }
}
