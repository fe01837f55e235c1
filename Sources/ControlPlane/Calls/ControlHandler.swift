package import HTTPFront

/// What answers an endpoint, and the ``ControlRight`` that it takes. Where a body decides the right, the function asks
/// for more.
package enum ControlHandler: Sendable {
    /// Needs no sandbox, and is brief.
    case open(@Sendable () -> HTTPResponse)
    /// Runs in the turn of the sandbox that the request acts on.
    case sandbox(ControlRight, @Sendable (ControlCall) throws -> HTTPResponse)
    /// Reads or empties the journal of that sandbox: in the sandbox's turn only if that takes long.
    case journal(ControlRight, @Sendable (JournalCall) throws -> HTTPResponse)
    /// Takes the admin token, and says what there is to do and in whose turn.
    case admin(ControlRight, @Sendable (AdminCall) throws -> ControlWork)
}
