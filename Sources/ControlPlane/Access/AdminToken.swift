import Sandboxes

/// The token of whoever may act on every sandbox. Only its digest is kept.
package struct AdminToken: Sendable {
    /// What is shorter can be guessed.
    package static let minimumLength = 16

    private let digest: Digest

    /// Nil for a text that is too short, or that no `Authorization` header can carry: visible ASCII it must be.
    package init?(_ token: String) {
        guard token.utf8.count >= Self.minimumLength, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        digest = Digest(of: token)
    }

    /// Looks at every byte whatever the first ones say, so that the time it takes tells nothing.
    func matches(_ token: String) -> Bool {
        zip(digest.bytes, Digest(of: token).bytes).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
