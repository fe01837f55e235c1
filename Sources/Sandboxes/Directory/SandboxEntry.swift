package import Time

/// How a sandbox came to be.
package enum SandboxOrigin: String, Sendable {
    /// It is `default`, which is always there.
    case start
    case admin
    /// A credential that nobody had named asked for it, in open mode.
    case firstUse = "first_use"
}

/// A sandbox as the directory knows it.
///
/// `@unchecked Sendable` because of what varies: it is only touched with the directory's lock held.
final class SandboxEntry: @unchecked Sendable {
    /// Which of the directory's lists of sandboxes that may go has it.
    enum Place {
        /// None: nothing drops or closes it, or it is closed.
        case none
        /// Nothing was ever written to it.
        case unwritten
        case written
    }

    let name: String
    let tenantID: String
    let origin: SandboxOrigin
    let sandbox: Sandbox
    /// What it is made from, and again at each reset.
    let template: SandboxTemplate
    /// What leads to it, and is dropped with it.
    var digests: Set<Digest> = []
    /// When it was last used: in uses of any sandbox, and on the machine's clock.
    var lastUse: UInt64 = 0
    var lastUsedAt: Instant?

    var place = Place.none
    /// Its neighbours in that list. The directory owns all entries: these keep none alive.
    unowned(unsafe) var older: SandboxEntry?
    unowned(unsafe) var newer: SandboxEntry?

    init(name: String, tenantID: String, origin: SandboxOrigin, template: SandboxTemplate, sandbox: Sandbox) {
        self.name = name
        self.tenantID = tenantID
        self.origin = origin
        self.template = template
        self.sandbox = sandbox
    }

    /// Neither the seed's nor an admin's: it may be dropped or closed when there are too many.
    var isEvictable: Bool { origin == .firstUse }

    func summary(isStored: Bool) -> SandboxSummary {
        SandboxSummary(
            name: name, tenantID: tenantID, origin: origin, lastUsedAt: lastUsedAt,
            isOpen: !isStored || sandbox.isOpen, isEvictable: isEvictable)
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
