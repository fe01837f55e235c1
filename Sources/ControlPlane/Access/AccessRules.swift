import Emulation
import HTTPFront
package import Sandboxes

/// Who may do what. It finds the sandbox that a request acts on, and what the caller may do there.
struct AccessRules: Sendable {
    let directory: SandboxDirectory
    /// In this order they are asked whose a credential is.
    let apis: [any EmulatedAPI]
    let mode: SandboxConfiguration.Mode
    let adminToken: AdminToken?

    /// The sandbox that a request acts on. Refuses a caller without that right there.
    func find(_ request: HTTPRequest, toBeAbleTo right: SandboxRight) throws -> ControlAccess {
        let access = try access(of: request)
        try right.require(of: access.right, directory.modules)
        return access
    }

    /// The sandbox that a request acts on, and what the caller may do there: the one it names, if it may; else the
    /// caller's own, found by the same credential that the emulated APIs take. Of an admin, and in open mode of whoever
    /// sends none, that is `default`.
    ///
    /// A credential that has expired or was revoked opens it too (docs/FIDELITY.md, "Rights").
    private func access(of request: HTTPRequest) throws -> ControlAccess {
        let isAdmin = isAdmin(request)
        guard let name = request.field("x-understudy-sandbox") else {
            if isAdmin { return ControlAccess(sandbox: defaultSandbox(), right: .administer, isAdmin: true) }
            return try ownAccess(of: request) { try directory.resolve($0) }
        }
        if isAdmin || everybodyIsAdmin {
            let right = isAdmin ? .administer : try rightAnywhere(of: request)
            guard let named = directory.sandbox(named: name) else {
                throw ControlRefusal.notFound(what: "sandbox \(name)")
            }
            return ControlAccess(sandbox: named, right: right, isAdmin: isAdmin)
        }
        // Its own sandbox anybody may name; asking must not make one.
        let own = try ownAccess(of: request) { presented in
            if let known = directory.known(presented) { return known }
            if mode == .open { throw Self.foreignSandbox }
            return nil
        }
        guard own.sandbox.name == name else { throw Self.foreignSandbox }
        return own
    }

    /// Refuses everybody but an admin. Choice: docs/FIDELITY.md, "Admin".
    func requireAdmin(_ request: HTTPRequest, toBeAbleTo right: SandboxRight) throws(ControlRefusal) {
        if isAdmin(request) { return }
        if everybodyIsAdmin { return try right.require(of: rightAnywhere(of: request), directory.modules) }
        guard adminToken != nil else {
            throw .forbidden(reason: "There is no admin token: start the server with --admin-token.")
        }
        if case .token = BearerToken.read(request) {
            throw .forbidden(reason: "This takes the admin token.")
        }
        throw .unauthorized(reason: "This takes the admin token, as Authorization: Bearer TOKEN.")
    }

    private static let foreignSandbox = ControlRefusal.forbidden(
        reason: "To act on another sandbox than one's own takes the admin token.")

    /// Whether the request comes with the admin token.
    func isAdmin(_ request: HTTPRequest) -> Bool {
        guard let admin = adminToken, case .token(let token) = BearerToken.read(request) else {
            return false
        }
        return admin.matches(token)
    }

    /// In open mode nothing is kept from anybody, unless there is a token to keep it with.
    var everybodyIsAdmin: Bool { mode == .open && adminToken == nil }

    /// Found by its name, so that it counts as used.
    private func defaultSandbox() -> Sandbox {
        directory.sandbox(named: SandboxDirectory.defaultName) ?? directory.defaultSandbox
    }

    private func ownAccess(
        of request: HTTPRequest, known: (PresentedCredential) throws -> KnownCredential?
    ) throws -> ControlAccess {
        if case .missing = BearerToken.read(request) {
            guard mode == .open else {
                throw ControlRefusal.unauthorized(reason: "In strict mode this takes a credential of the sandbox.")
            }
            return ControlAccess(
                sandbox: defaultSandbox(), right: everybodyIsAdmin ? .administer : .read, isAdmin: false)
        }
        guard let (presented, token) = presented(request) else {
            throw ControlRefusal.unauthorized(reason: "The credential is not accepted: no emulated API knows it.")
        }
        guard let known = try known(presented) else {
            throw ControlRefusal.unauthorized(
                reason: "The credential is not accepted: it is not known, or it was deleted.")
        }
        let standing = known.standing(of: token, directory.modules)
        return ControlAccess(sandbox: known.sandbox, right: directory.modules.right(of: standing), isAdmin: false)
    }

    /// What a caller may do with a sandbox that it names, where everybody is an admin: who presents a credential has
    /// that one's rights and no more, so that a Viewer's client writes nowhere by accident.
    func rightAnywhere(of request: HTTPRequest) throws(ControlRefusal) -> SandboxRight {
        guard let (presented, token) = presented(request) else { return .administer }
        if directory.isDeleted(presented) {
            throw ControlRefusal.unauthorized(reason: "The credential is not accepted: it was deleted.")
        }
        return (token ?? directory.standing(of: presented)).map { directory.modules.right(of: $0) } ?? .administer
    }

    /// The credential that a request brings, if an API can read it.
    func presented(_ request: HTTPRequest) -> (PresentedCredential, token: Credential?)? {
        for api in apis {
            if case .presented(let presented, let token) = api.authenticate(request) { return (presented, token) }
        }
        return nil
    }
}

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
