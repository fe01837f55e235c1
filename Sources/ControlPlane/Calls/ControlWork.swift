package import HTTPFront
package import Sandboxes

/// What is left to do for a request, and in whose turn.
package enum ControlWork: Sendable {
    /// In a sandbox's turn.
    case inside(Sandbox, @Sendable (World) throws -> HTTPResponse)
    /// The last work of a sandbox that is being removed: done although as many wait as may, and without a world when
    /// the sandbox cannot be opened.
    case removal(Sandbox, @Sendable (World?) throws -> HTTPResponse)
    /// In no sandbox's turn, and long.
    case apart(@Sendable () throws -> HTTPResponse)
}
