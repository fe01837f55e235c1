/// Looks at the names of a JSON document's members without reading the document: nearly all hold no secret, which is to cost little.
enum MemberNames {
    /// Whether one of them could be a secret's. Of bytes that are JSON, none is overlooked.
    static func mayHoldSecret(inJSON bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            // Where the string ends and begins that was read last.
            var (start, end) = (0, 0)
            var isInside = false
            for position in 0..<bytes.count {
                switch bytes[position] {
                // An escape may hide a name, or a quotation mark.
                case UInt8(ascii: "\\"): return true
                case UInt8(ascii: "\""):
                    if isInside { end = position } else { start = position + 1 }
                    isInside.toggle()
                // Outside of strings a colon stands behind a name, and nowhere else.
                case UInt8(ascii: ":") where !isInside:
                    let name = UnsafeBufferPointer(rebasing: bytes[start..<max(start, end)])
                    if Redaction.mayBeSecret(name) { return true }
                default: continue
                }
            }
            return false
        }
    }
}
