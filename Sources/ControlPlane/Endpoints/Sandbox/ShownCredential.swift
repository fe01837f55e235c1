import Emulation
import JSON
import Sandboxes
import Time

/// A credential as an answer shows it: masked, and, the one time that it is told, whole.
struct ShownCredential {
    let listed: ListedCredential
    /// The API that takes it; nil where it is not said.
    var api: String?
    var token: String?
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
        string(credential.role)
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

extension EmulatedAPI {
    /// A key of this API that nobody can guess.
    func makeKey(_ freshSecret: (_ length: Int, _ alphabet: KeyGrammar.Alphabet) -> String) -> String {
        keys.fresh.prefix + freshSecret(keys.fresh.secretLength, keys.alphabet)
    }
}
