package import HTTPFront
package import Sandboxes

/// What answers an endpoint, and the ``SandboxRight`` that it takes. Where a body decides the right, the function asks
/// for more.
package enum ControlHandler: Sendable {
    /// Needs no sandbox, and is brief.
    case open(@Sendable () -> HTTPResponse)
    /// Runs in the turn of the sandbox that the request acts on.
    case sandbox(SandboxRight, @Sendable (ControlCall) throws -> HTTPResponse)
    /// Reads or empties the journal of that sandbox: in the sandbox's turn only if that takes long.
    case journal(SandboxRight, @Sendable (JournalCall) throws -> HTTPResponse)
    /// Takes the admin token, and says what there is to do and in whose turn.
    case admin(SandboxRight, @Sendable (AdminCall) throws -> ControlWork)
}
