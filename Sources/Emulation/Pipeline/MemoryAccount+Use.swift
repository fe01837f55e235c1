package import HTTPFront
package import Sandboxes

extension MemoryBudget: MemoryUse {}

extension HTTPResponse {
    /// A body larger than this counts while it is sent.
    private static let countedBody = 64 << 10

    /// Whether the body counts.
    package var isLarge: Bool { body.count > Self.countedBody }

    /// Counts a large body in the server's memory until it is sent; false when there is no room, or when the sandbox's clients
    /// have left too much unread already.
    package mutating func count(in sandbox: Sandbox) -> Bool {
        guard isLarge else { return true }
        guard sandbox.answers.reserve(body.count) else { return false }
        memory = MemoryHold(body.count, of: sandbox.answers)
        return true
    }
}

extension TransitMemory: MemoryUse {}
