/// The digests of deleted credentials, the last ones of the server. They open nothing, not even a sandbox of their own.
struct DeletedCredentials {
    /// How many are kept.
    static let limit = 1_000

    /// Whose each was.
    private var sandboxes: [Digest: String] = [:]
    /// Those that may be forgotten, oldest first.
    private var order: [Digest] = []

    func contains(_ digest: Digest) -> Bool { sandboxes[digest] != nil }

    /// The sandbox that the credential opened until it was deleted; nil for one that was not, or that is forgotten.
    func sandbox(of digest: Digest) -> String? { sandboxes[digest] }

    /// Remembers a credential, and forgets the oldest past the limit.
    ///
    /// - Parameter stays: for one that a seed names, which would open its sandbox again at the next start. A seed names
    ///   few.
    mutating func add(_ digest: Digest, of sandbox: String, stays: Bool) {
        forget(digest)
        sandboxes[digest] = sandbox
        guard !stays else { return }
        order.append(digest)
        if order.count > Self.limit { sandboxes[order.removeFirst()] = nil }
    }

    mutating func forget(_ digest: Digest) {
        if sandboxes.removeValue(forKey: digest) != nil { order.removeAll { $0 == digest } }
    }
}
