/// Counts the memory that requests and answers take, and says when there is no more.
package protocol MemoryUse: Sendable {
    /// Takes that many bytes if there is room for them.
    func reserve(_ bytes: Int) -> Bool
    /// Counts what is there already, or (a negative number) is there no longer.
    func count(_ bytes: Int)
    /// How many bytes there may be in all.
    var limit: Int { get }
}

/// Memory that is in use as long as this lives.
package final class MemoryHold: Sendable {
    private let use: any MemoryUse
    private let bytes: Int

    /// Of memory that was reserved or counted already.
    package init(_ bytes: Int, of use: any MemoryUse) {
        self.bytes = bytes
        self.use = use
    }

    deinit { use.count(-bytes) }
}
