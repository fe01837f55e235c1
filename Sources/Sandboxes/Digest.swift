import CGnuTLS

/// SHA-256 of a credential: what is kept in place of the credential itself.
///
/// From GnuTLS, which libmicrohttpd brings along (docs/decisions/0003-gnutls-for-digests.md).
package struct Digest: Hashable, Sendable {
    package let bytes: [UInt8]

    package init(of text: String) {
        var digest = [UInt8](repeating: 0, count: 32)
        let input = Array(text.utf8)
        let code = gnutls_hash_fast(GNUTLS_DIG_SHA256, input, input.count, &digest)
        precondition(code == 0, "GnuTLS has no SHA-256")
        bytes = digest
    }

    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// The first bytes as hexadecimal digits: enough to name a sandbox by.
    package func prefix(bytes count: Int) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.prefix(count).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
