package import JSON

extension SeedCredential {
    /// Reads one of a seed's credentials: its token, and its standing.
    init(_ fields: inout SeedFields) {
        let token = fields.text("token")
        let modules = fields.source.modules
        // The token itself stays out of the message, which may end up in a log.
        if fields.isSound("token"), modules.module(ofKey: token) == nil {
            fields.refuse("token", "must be a key such as \(modules.all.map(\.keys.form).joined(separator: " or "))")
        }
        self.init(&fields, token: token)
    }

    /// A key with the standing that these members, as they were read, give it: as a seed spells them, and with the same
    /// defaults.
    package init(token: String, standing: JSONObject, modules: Modules) throws(SeedRefusal) {
        let source = SeedSource(modules: modules)
        guard var fields = SeedFields(JSONNode(.object(standing)), at: .root, in: source) else {
            throw SeedRefusal(problems: source.problems)
        }
        self.init(&fields, token: token)
        fields.finish()
        if !source.problems.isEmpty { throw SeedRefusal(problems: source.problems) }
    }

    private init(_ fields: inout SeedFields, token: String) {
        let modules = fields.source.modules
        self.token = token
        label = fields.text("label", default: Credential.unnamedLabel)
        if label.unicodeScalars.count > Self.labelLimit {
            fields.refuse("label", "must have at most \(Self.labelLimit) characters")
        }
        if modules.roles.isEmpty {
            role = ""
        } else {
            role = fields.choice(
                "role", modules.roles(ofKey: token).map(\.name), default: modules.usualRole(ofKey: token))
        }
        scopes = Self.scopes(&fields, modules)
        expiresAt = fields.timeOrNull("expires_at")
        revoked = fields.bool("revoked", default: false)
    }

    private static func scopes(_ fields: inout SeedFields, _ modules: Modules) -> [String]? {
        guard let example = modules.scopes.first?.example, fields.nullable("scopes") != nil else { return nil }
        let nodes = fields.elements("scopes")
        if nodes.count > scopeLimit { fields.refuse("scopes", "must have at most \(scopeLimit) elements") }
        return fields.texts("scopes", nodes, "a scope such as \(example)", where: modules.isScope)
    }
}
