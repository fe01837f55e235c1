import Glibc

/// Looks at the names of a JSON document's members without reading the document: nearly all hold no secret, which is to
/// cost little.
enum MemberNames {
    /// Whether one of them is a secret's, or may be. Of bytes that are JSON, none is overlooked.
    static func mayHoldSecret(inJSON bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return false }
            // An escape may hide a name, or a quotation mark.
            if memchr(start, Int32(UInt8(ascii: "\\")), bytes.count) != nil { return true }
            var position = 0
            while let found = memchr(start + position, Int32(UInt8(ascii: ":")), bytes.count - position) {
                let colon = UnsafeRawPointer(start).distance(to: UnsafeRawPointer(found))
                if endsSecretName(bytes, before: colon) { return true }
                position = colon + 1
            }
            return false
        }
    }

    /// Behind a name stands a colon. One within a string looks like it when a quotation mark is before it: that costs a
    /// look, no more.
    private static func endsSecretName(_ bytes: UnsafeBufferPointer<UInt8>, before colon: Int) -> Bool {
        var end = colon - 1
        while end >= 0, isSpace(bytes[end]) { end -= 1 }
        guard end >= 0, bytes[end] == UInt8(ascii: "\"") else { return false }
        guard Redaction.mayBeSecret(bytes, upTo: end, after: UInt8(ascii: "\"")) else { return false }
        let start = bytes[..<end].lastIndex(of: UInt8(ascii: "\"")).map { $0 + 1 } ?? 0
        return Redaction.isSecret(String(decoding: bytes[start..<end], as: UTF8.self))
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: true
        default: false
        }
    }
}
