import Emulation
import HTTPFront
import JSON
import Sandboxes
import Simulation

/// A credential as an answer shows it: masked, and, the one time that it is told, whole.
struct ShownCredential {
    let listed: ListedCredential
    /// The API that takes it; nil where it is not said.
    var api: String?
    var token: String?
}

extension ControlPlane {
    /// `GET /_understudy/sandbox/credentials`: those of the caller's sandbox, by label.
    func credentials(_ call: ControlCall) throws -> HTTPResponse {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("data")
        writer.beginArray()
        for listed in directory.credentials(of: call.sandbox.name) {
            writer.credential(ShownCredential(listed: listed))
        }
        writer.endArray()
        writer.endObject()
        return HTTPResponse(200, json: writer.bytes)
    }

    /// `GET /_understudy/sandbox/credentials/{id}`
    func credential(_ call: ControlCall) throws -> HTTPResponse {
        guard let found = directory.credential(call.parameter, of: call.sandbox.name) else {
            throw ControlRefusal(.unknownCredential, sandbox: call.sandbox.name)
        }
        return Self.answer(200, ShownCredential(listed: found))
    }

    /// `POST /_understudy/sandbox/credentials`: lets a key of either API open the caller's sandbox too, the one given or a
    /// fresh one. 201 when it is new, 200 when it did already and has the standing that is asked for.
    func addCredential(_ call: ControlCall) throws -> HTTPResponse {
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
        let token = given ?? freshKey(of: api)
        let key = try Self.seeded(token, body.object, in: bytes)
        let granted = GrantedCredential(key, clockStart: call.withWorld { $0.clock.start })
        return try changing(call.sandbox) { sandbox in
            let origin: CredentialOrigin = isAdmin(call.request) ? .admin : .attached
            let (isNew, listed) = try directory.attach(granted, to: sandbox, origin: origin)
            let wished = Self.changed(listed.credential, by: granted.credential, naming: body.object)
            guard isNew || listed.credential.hasStanding(of: wished) else {
                throw DirectoryRefusal.credentialStanding(id: listed.id)
            }
            let shown = ShownCredential(listed: listed, api: api.name, token: given == nil ? token : nil)
            return Self.answer(isNew ? 201 : 200, shown)
        }
    }

    /// `PATCH /_understudy/sandbox/credentials/{id}`: what the body names changes, from the next request on.
    func patchCredential(_ call: ControlCall) throws -> HTTPResponse {
        let body = try RequestBody(call.request)
        var reader = FieldReader(body.object)
        reader.refuseAll(but: ["label", "role", "scopes", "expires_at", "revoked"])
        guard reader.violations.isEmpty else { throw ControlRefusal.invalid(reader.violations) }
        // Any token does: only the standing is read.
        let read = try Self.seeded("neo_sk_any_any", body.object, in: call.request.body)
        let granted = GrantedCredential(read, clockStart: call.withWorld { $0.clock.start })
        return try changing(call.sandbox) { sandbox in
            let changed = try directory.change(call.parameter, of: sandbox) { credential in
                Self.changed(credential, by: granted.credential, naming: body.object)
            }
            return Self.answer(200, ShownCredential(listed: changed))
        }
    }

    /// `DELETE /_understudy/sandbox/credentials/{id}`: answers what it was.
    ///
    /// Choice: the last one may go too (docs/FIDELITY.md, "Admin").
    func deleteCredential(_ call: ControlCall) throws -> HTTPResponse {
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
        var writer = JSONWriter(capacity: 256)
        writer.credential(shown)
        return HTTPResponse(status, json: writer.bytes)
    }

    /// A key of that API that nobody can guess.
    func freshKey(of api: any EmulatedAPI) -> String {
        api.freshKey.prefix + configuration.freshSecret(api.freshKey.secretLength)
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
        let request = HTTPRequest("GET", "/", fields: [HTTPField("Authorization", "Bearer \(token)")])
        for api in apis {
            if case .presented(.key, _) = api.authenticate(request) { return api }
        }
        reader.report("token", "must be a key that one of the emulated APIs takes")
        return nil
    }

    /// The standing that the body gives a key, spelled as in a seed. Null counts as left out.
    private static func seeded(
        _ token: String, _ body: JSONObject, in bytes: [UInt8]
    ) throws(ControlRefusal) -> SeedCredential {
        do throws(SeedRefusal) {
            let standing = JSONObject(
                members: body.members.filter { $0.key != "token" && $0.key != "api" && !$0.value.isNull })
            return try SeedCredential(token: token, standing: standing, in: bytes)
        } catch {
            throw .invalid(error.problems.map { Violation(field: $0.place, message: $0.message) })
        }
    }
}

extension ControlRefusal {
    /// What the directory does not do, in the control plane's words.
    init(_ refusal: DirectoryRefusal, sandbox: String) {
        self =
            switch refusal {
            case .unknownSandbox: .notFound(what: "sandbox \(sandbox)")
            case .nameTaken: .conflict(reason: "The name \(sandbox) is taken.")
            case .credentialTaken(let masked): .conflict(reason: "Another sandbox has the credential \(masked).")
            case .noMemory, .busy: .unavailable(Unavailability(refusal))
            case .credentialStanding(let id):
                .conflict(
                    reason: "The sandbox has this credential already, with another standing: "
                        + "PATCH /_understudy/sandbox/credentials/\(id) changes it.")
            case .credentialDeleted(let masked):
                .conflict(reason: "The credential \(masked) was deleted: it opens nothing any more. Take another one.")
            case .credentialPublished(let masked):
                .conflict(
                    reason: "The credential \(masked) stands in a built-in seed, where everybody can read it: "
                        + "in strict mode it opens nothing.")
            case .unknownCredential: .notFound(what: "credential of this id")
            case .tooManyCredentials(let limit):
                .conflict(reason: "A sandbox has at most \(limit) credentials: delete one.")
            case .defaultStays: .conflict(reason: "The sandbox \(sandbox) cannot be removed; it can be reset.")
            case .tooMany(let limit):
                .conflict(
                    reason: "There are \(limit) sandboxes that are not dropped, as many as --max-sandboxes allows.")
            }
    }
}

extension JSONWriter {
    mutating func credential(_ shown: ShownCredential) {
        let credential = shown.listed.credential
        beginObject()
        key("id")
        string(shown.listed.id)
        if let api = shown.api {
            key("api")
            string(api)
        }
        if let token = shown.token {
            key("token")
            string(token)
        }
        key("label")
        string(credential.label)
        key("masked")
        string(credential.masked)
        key("role")
        string(credential.role.rawValue)
        key("scopes")
        if let scopes = credential.scopes {
            beginArray()
            for scope in scopes { string(scope) }
            endArray()
        } else {
            null()
        }
        key("expires_at")
        instant(credential.expiresAt)
        key("revoked")
        bool(credential.revoked)
        endObject()
    }
}
