/// What a model provider says of a key. Nothing is called: the key's text alone decides.
///
/// Choice: keys that begin with `sk-ant-` are good unless they contain a word that names a fault, in the order below
/// and spelled in small letters (docs/FIDELITY.md, "Provider keys").
package enum KeyProbe: Hashable, Sendable {
    case valid
    case invalid(Fault)

    /// What can be wrong with a key (documented).
    package enum Fault: CaseIterable, Sendable {
        case unknown, revokedOrExpired, insufficientPermissions, quotaExhausted
        /// These two pass by themselves, the others do not.
        case providerUnavailable, rateLimited
    }

    private static let prefix = "sk-ant-"
    /// Of several that a key contains, the first one counts.
    private static let words: [(word: String, fault: Fault)] = [
        ("revoked", .revokedOrExpired), ("expired", .revokedOrExpired), ("forbidden", .insufficientPermissions),
        ("quota", .quotaExhausted), ("down", .providerUnavailable), ("limited", .rateLimited),
    ]

    /// Probes a key. It is compared byte by byte, since no accent or letter case makes two keys one.
    package init(key: String) {
        guard key.utf8.starts(with: Self.prefix.utf8) else {
            self = .invalid(.unknown)
            return
        }
        let found = Self.words.first { key.utf8.contains($0.word.utf8) }
        self = found.map { .invalid($0.fault) } ?? .valid
    }
}
