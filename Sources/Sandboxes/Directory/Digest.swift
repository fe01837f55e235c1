import CGnuTLS

/// SHA-256 of a credential: what is kept in place of the credential itself.
///
/// From GnuTLS, which libmicrohttpd brings along (docs/decisions/0003-gnutls-for-digests.md).
package struct Digest: Hashable, Sendable {
    /// Its 32 bytes, in place: every request makes one and looks it up.
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    package init(of text: String) {
        var text = text
        let code = text.withUTF8 { input in
            withUnsafeMutableBytes(of: &words) { digest in
                gnutls_hash_fast(GNUTLS_DIG_SHA256, input.baseAddress, input.count, digest.baseAddress)
            }
        }
        precondition(code == 0, "GnuTLS has no SHA-256")
    }

    /// The digest of these 32 bytes; of others as many as fit.
    package init(bytes: [UInt8]) {
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes.prefix($0.count)) }
    }

    package var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }

    package static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

    /// Any eight of its bytes are as good as all of them.
    package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }

    /// The first bytes as hexadecimal digits: enough to name a sandbox by.
    package func prefix(bytes count: Int) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.prefix(count).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
