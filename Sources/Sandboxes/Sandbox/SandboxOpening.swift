/// How a sandbox's database is opened, or made when there is none yet.
struct SandboxOpening: Sendable {
    /// Opens it. Only by whoever has the sandbox's turn.
    let world: @Sendable () throws -> World
    /// Whether that takes longer than a few milliseconds: a file is opened, or a seed is read.
    let takesLong: @Sendable () -> Bool

    init(takesLong: @escaping @Sendable () -> Bool = { false }, world: @escaping @Sendable () throws -> World) {
        self.world = world
        self.takesLong = takesLong
    }
}
