package import HTTPFront
package import Sandboxes
package import Time

/// What stands in the `Authorization` header.
package enum BearerToken {
    case missing
    case malformed(reason: String)
    case token(String)

    package static func read(_ request: HTTPRequest) -> BearerToken {
        guard let value = request.field("authorization"), !value.isEmpty else { return .missing }
        var text = value
        let token = text.withUTF8 { bytes -> String? in
            var rest = bytes[...]
            let scheme = nextWord(&rest)
            let token = nextWord(&rest)
            guard isScheme(scheme), !token.isEmpty, nextWord(&rest).isEmpty else { return nil }
            return String(decoding: UnsafeBufferPointer(rebasing: token), as: UTF8.self)
        }
        return token.map { .token($0) }
            ?? .malformed(reason: "the Authorization header is not of the form Bearer <token>")
    }

    private typealias Word = Slice<UnsafeBufferPointer<UInt8>>

    private static func nextWord(_ rest: inout Word) -> Word {
        let word = rest.drop { $0 == UInt8(ascii: " ") }.prefix { $0 != UInt8(ascii: " ") }
        rest = rest[word.endIndex...]
        return word
    }

    /// Whether the word is `bearer`, its letters in any case.
    private static func isScheme(_ word: Word) -> Bool { word.elementsEqual("bearer".utf8) { $0 | 0x20 == $1 } }
}

extension Credential {
    /// Why the credential opens nothing at that instant; nil when it does.
    package func refusal(at now: Instant) -> PipelineRefusal? {
        if revoked { return .credentialRefused(reason: "it was revoked") }
        if let expiresAt, expiresAt <= now {
            return .credentialRefused(
                reason: "it expired at \(expiresAt.rfc3339); the sandbox's clock says \(now.rfc3339)")
        }
        return nil
    }
}
