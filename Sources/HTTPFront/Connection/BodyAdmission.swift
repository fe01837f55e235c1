/// What is decided about a request's body before any of it is read.
package struct BodyAdmission: Sendable {
    /// How many bytes it may have.
    package var limit: Int
    /// Whether it is kept. One that is not is either refused without it, or asks for nothing that takes a body.
    package var isKept = true
    /// What it counts in while it is read and until its request is answered.
    package var memory: (any MemoryUse)?

    package init(limit: Int, isKept: Bool = true, memory: (any MemoryUse)? = nil) {
        self.limit = limit
        self.isKept = isKept
        self.memory = memory
    }

    /// Of a request that is refused without it.
    package static let unread = BodyAdmission(limit: .max, isKept: false)

    /// A body of so few bytes is read whatever comes of it, so that its connection can be used again.
    package static let alwaysRead = 16 << 10
}
