package import Simulation

/// How a sandbox came to be.
package enum SandboxOrigin: String, Sendable {
    /// It is `default`, which is always there.
    case start
    case admin
    /// A credential that nobody had named asked for it, in open mode.
    case firstUse = "first_use"
}

/// A sandbox as the directory knows it. Only touched with the directory's lock held.
final class SandboxEntry {
    let name: String
    let tenantID: String
    let origin: SandboxOrigin
    /// What an admin had it made from, as it is kept; nil for the seed that its kind is made from.
    let recipeText: String?
    /// The same made ready; nil until somebody needs it.
    var template: SandboxTemplate?
    /// Nil while it is closed.
    var sandbox: Sandbox?
    /// What was closed while a request was being answered: the one to go on with, until that request is done.
    ///
    /// No weak reference, which would make every other one to the sandbox slower for as long as it lives.
    private var leaving: Sandbox?
    /// What leads to it, and is dropped with it.
    var digests: Set<Digest> = []
    /// When it was last used: in uses of any sandbox, and on the machine's clock.
    var lastUse: UInt64 = 0
    var lastUsedAt: Instant?

    init(name: String, tenantID: String, origin: SandboxOrigin, recipeText: String? = nil, sandbox: Sandbox? = nil) {
        self.name = name
        self.tenantID = tenantID
        self.origin = origin
        self.recipeText = recipeText
        self.sandbox = sandbox
    }

    /// The sandbox as long as anybody uses it, open or closed.
    var used: Sandbox? { sandbox ?? leaving }

    /// Closes it: at once, or when nobody uses it any more and ``letGo()`` is called.
    func close() {
        leaving = sandbox.take()
        letGo()
    }

    /// Drops a closed sandbox unless somebody still uses it; whether it is gone.
    @discardableResult
    func letGo() -> Bool {
        if isKnownUniquelyReferenced(&leaving) { leaving = nil }
        return leaving == nil
    }

    /// The closed sandbox that is still in use, to be opened again.
    func takeBack() -> Sandbox? { leaving.take() }

    /// Neither the seed's nor an admin's: it may be dropped when there are too many.
    var isEvictable: Bool { origin == .firstUse }

    var summary: SandboxSummary {
        SandboxSummary(
            name: name, tenantID: tenantID, origin: origin, lastUsedAt: lastUsedAt, isOpen: sandbox != nil,
            isEvictable: isEvictable)
    }
}

/// What a list of sandboxes says of one, without opening it.
package struct SandboxSummary: Sendable, Hashable {
    package let name: String
    package let tenantID: String
    package let origin: SandboxOrigin
    /// On the machine's clock; nil when nobody has used it since the server started.
    package let lastUsedAt: Instant?
    package let isOpen: Bool
    package let isEvictable: Bool
}
