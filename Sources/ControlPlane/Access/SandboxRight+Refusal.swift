package import Sandboxes

extension SandboxRight {
    /// The right as a word of a sentence.
    private var verb: String {
        switch self {
        case .read: "read"
        case .moveClock: "move the clock"
        case .write: "write"
        case .administer: "administer"
        }
    }

    /// Refuses a caller with fewer rights.
    ///
    /// - Parameter modules: they say who has them.
    package func require(of caller: SandboxRight, _ modules: Modules) throws(ControlRefusal) {
        guard caller < self else { return }
        throw .forbidden(
            reason: "This takes the right to \(verb): \(modules.holders(of: self)). "
                + "The caller has the right to \(caller.verb).")
    }
}

/// What an endpoint asks of whoever calls it.
package enum ControlNeed: Hashable, Sendable {
    /// Nothing: it belongs to no sandbox.
    case nothing
    /// A right in the sandbox that the request acts on.
    case right(SandboxRight)
    /// To act on all sandboxes: the admin token. Where everybody is an admin, a credential that comes along needs that
    /// right.
    case server(SandboxRight)
}
