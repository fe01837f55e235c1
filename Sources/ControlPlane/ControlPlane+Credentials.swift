import Emulation
import HTTPFront
import JSON
import Sandboxes
import Simulation

/// A credential as an answer shows it: masked, and, the one time that it is told, whole.
struct ShownCredential {
    let credential: Credential
    /// The API that takes it; nil where it is not said.
    var api: String?
    var token: String?
}

extension ControlPlane {
    /// `POST /_understudy/sandbox/credentials`: lets a key of either API open the caller's sandbox too, the one given or a
    /// fresh one. 201 when it is new, 200 when it did already.
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
        let start = call.withWorld { $0.clock.start }
        do {
            let granted = GrantedCredential(key, clockStart: start)
            let (isNew, credential) = try directory.attach(granted, to: call.sandbox.name)
            var writer = JSONWriter(capacity: 256)
            writer.credential(
                ShownCredential(credential: credential, api: api.name, token: given == nil ? token : nil))
            return HTTPResponse(isNew ? 201 : 200, json: writer.bytes)
        } catch let refusal as DirectoryRefusal {
            throw ControlRefusal(refusal, sandbox: call.sandbox.name)
        }
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

    /// The standing that the body gives a key, spelled as in a seed.
    private static func seeded(
        _ token: String, _ body: JSONObject, in bytes: [UInt8]
    ) throws(ControlRefusal) -> SeedCredential {
        do throws(SeedRefusal) {
            let standing = JSONObject(members: body.members.filter { $0.key != "token" && $0.key != "api" })
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
            case .defaultStays: .conflict(reason: "The sandbox \(sandbox) cannot be removed; it can be reset.")
            case .tooMany(let limit):
                .conflict(
                    reason: "There are \(limit) sandboxes that are not dropped, as many as --max-sandboxes allows.")
            }
    }
}

extension JSONWriter {
    mutating func credential(_ shown: ShownCredential) {
        let credential = shown.credential
        beginObject()
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
