import Emulation
import HTTPFront
import JSON
import Sandboxes
import Time

/// `/_understudy/sandbox/credentials`: the keys that open the caller's sandbox, and what each may do.
struct CredentialEndpoints: EndpointGroup {
    let directory: SandboxDirectory
    let apis: [any EmulatedAPI]
    /// So many characters that nobody can guess.
    let freshSecret: @Sendable (_ length: Int, _ alphabet: KeyGrammar.Alphabet) -> String

    var endpoints: [Endpoint] {
        let path = "/_understudy/sandbox/credentials"
        return [
            Endpoint("list_credentials", "GET", path, .sandbox(.read, list)),
            Endpoint("get_credential", "GET", "\(path)/{id}", .sandbox(.read, get)),
            Endpoint("patch_credential", "PATCH", "\(path)/{id}", .sandbox(.administer, patch), movesContents: true),
            Endpoint("delete_credential", "DELETE", "\(path)/{id}", .sandbox(.administer, delete), movesContents: true),
            Endpoint("add_credential", "POST", path, .sandbox(.administer, add), movesContents: true),
        ]
    }

    /// By label.
    private func list(_ call: ControlCall) -> HTTPResponse {
        .list(directory.credentials(of: call.sandbox.name)) { $0.credential(ShownCredential(listed: $1)) }
    }

    private func get(_ call: ControlCall) throws -> HTTPResponse {
        guard let found = directory.credential(call.parameter, of: call.sandbox.name) else {
            throw ControlRefusal(.unknownCredential, sandbox: call.sandbox.name)
        }
        return Self.answer(200, ShownCredential(listed: found))
    }

    /// Lets a key of an emulated API open the caller's sandbox too, the one given or a fresh one. 201 when it is new,
    /// 200 when it did already and has the standing that is asked for.
    private func add(_ call: ControlCall) throws -> HTTPResponse {
        let bytes = call.request.body.isEmpty ? Array("{}".utf8) : call.request.body
        let body = try RequestBody(bytes)
        var reader = FieldReader(body.object)
        let asked = api(named: reader.string("api", body.object["api"]), &reader)
        let given = reader.string("token", body.object["token"])
        let owner = given.flatMap { self.api(of: $0, &reader) }
        if let asked, let owner, asked.name != owner.name { reader.report("api", "is not the API of this token") }
        guard reader.violations.isEmpty, let api = owner ?? asked ?? apis.first else {
            throw ControlRefusal.invalid(reader.violations)
        }
        let token = given ?? api.makeKey(freshSecret)
        let key = try seeded(token, body.object)
        let granted = GrantedCredential(key, clockStart: call.world.clock.start)
        return try changing(call.sandbox) { sandbox in
            let origin: CredentialOrigin = call.isAdmin ? .admin : .attached
            let (isNew, listed) = try directory.attach(granted, to: sandbox, origin: origin)
            let wished = Self.changed(listed.credential, by: granted.credential, naming: body.object)
            guard isNew || listed.credential.hasStanding(of: wished) else {
                throw DirectoryRefusal.credentialStanding(id: listed.id)
            }
            let shown = ShownCredential(listed: listed, api: api.name, token: given == nil ? token : nil)
            return Self.answer(isNew ? 201 : 200, shown)
        }
    }

    /// What the body names changes, from the next request on.
    private func patch(_ call: ControlCall) throws -> HTTPResponse {
        let body = try RequestBody(call.request)
        var reader = FieldReader(body.object)
        reader.refuseAll(but: ["label", "role", "scopes", "expires_at", "revoked"])
        guard reader.violations.isEmpty else { throw ControlRefusal.invalid(reader.violations) }
        // Only the standing is read.
        let read = try seeded("", body.object)
        let granted = GrantedCredential(read, clockStart: call.world.clock.start)
        return try changing(call.sandbox) { sandbox in
            let changed = try directory.change(call.parameter, of: sandbox) { credential in
                Self.changed(credential, by: granted.credential, naming: body.object)
            }
            return Self.answer(200, ShownCredential(listed: changed))
        }
    }

    /// Answers what it was.
    ///
    /// Choice: the last one may go too (docs/FIDELITY.md, "Admin").
    private func delete(_ call: ControlCall) throws -> HTTPResponse {
        try changing(call.sandbox) { sandbox in
            Self.answer(200, ShownCredential(listed: try directory.deleteCredential(call.parameter, of: sandbox)))
        }
    }

    private func changing(_ sandbox: Sandbox, _ work: (String) throws -> HTTPResponse) throws -> HTTPResponse {
        do { return try work(sandbox.name) } catch let refusal as DirectoryRefusal {
            throw ControlRefusal(refusal, sandbox: sandbox.name)
        }
    }

    /// A credential with those members of another's standing that a body names.
    private static func changed(_ credential: Credential, by other: Credential, naming body: JSONObject) -> Credential {
        func names(_ member: String) -> Bool { body[member].map { !$0.isNull } ?? false }
        return credential.changed(
            label: names("label") ? other.label : nil, role: names("role") ? other.role : nil,
            // Of these null is a value: all scopes, no expiry.
            scopes: body["scopes"] != nil ? .some(other.scopes) : nil,
            expiresAt: body["expires_at"] != nil ? .some(other.expiresAt) : nil,
            revoked: names("revoked") ? other.revoked : nil)
    }

    private static func answer(_ status: Int, _ shown: ShownCredential) -> HTTPResponse {
        .json(status) { $0.credential(shown) }
    }

    private func api(named name: String?, _ reader: inout FieldReader) -> (any EmulatedAPI)? {
        guard let name else { return nil }
        let found = apis.first { $0.name == name }
        if found == nil { reader.report("api", "must be one of \(apis.map(\.name).joined(separator: ", "))") }
        return found
    }

    /// The API that takes a token. Choice: a JWT picks its sandbox by its tenant and cannot be attached to another
    /// (docs/FIDELITY.md, "Admin").
    private func api(of token: String, _ reader: inout FieldReader) -> (any EmulatedAPI)? {
        if let api = apis.first(where: { $0.keys.isKey(token) }) { return api }
        reader.report("token", "must be a key that one of the emulated APIs takes")
        return nil
    }

    /// The standing that the body gives a key, spelled as in a seed. Null counts as left out.
    private func seeded(_ token: String, _ body: JSONObject) throws(ControlRefusal) -> SeedCredential {
        do throws(SeedRefusal) {
            let standing = JSONObject(
                members: body.members.filter { $0.key != "token" && $0.key != "api" && !$0.value.isNull })
            return try SeedCredential(token: token, standing: standing, modules: directory.modules)
        } catch {
            throw .invalid(error.problems.map { Violation(field: $0.place, message: $0.message) })
        }
    }
}
