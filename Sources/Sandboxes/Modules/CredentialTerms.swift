/// The keys that an API takes.
package struct KeyGrammar: Sendable {
    /// What the secret of a key is made of.
    package enum Alphabet: String, Sendable {
        case lettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        case digits = "0123456789"
    }

    /// How a fresh key begins, and how many characters of its alphabet follow.
    package let fresh: (prefix: String, secretLength: Int)
    package let alphabet: Alphabet
    /// How keys begin: text with one of these in it is not logged.
    package let prefixes: [String]
    /// What a key looks like, for messages: `key_ and 8 digits`.
    package let form: String
    /// A key for people to try.
    package let sample: String
    /// Whether a text is a key.
    package let isKey: @Sendable (String) -> Bool

    package init(
        fresh: (prefix: String, secretLength: Int), of alphabet: Alphabet = .lettersAndDigits, prefixes: [String],
        form: String, sample: String, isKey: @escaping @Sendable (String) -> Bool
    ) {
        self.fresh = fresh
        self.alphabet = alphabet
        self.prefixes = prefixes
        self.form = form
        self.sample = sample
        self.isKey = isKey
    }
}

/// A role that a credential can have.
package struct CredentialRole: Sendable, Hashable {
    /// As the vendor spells it.
    package let name: String
    package let right: SandboxRight

    package init(_ name: String, right: SandboxRight) {
        self.name = name
        self.right = right
    }
}

/// The scopes that an API's credentials can have.
package struct ScopeGrammar: Sendable {
    /// One of them, for messages.
    package let example: String
    /// Which of them let their holder write, for messages: `one that ends in :write`.
    package let writing: String
    /// Whether a text is a scope.
    package let isScope: @Sendable (String) -> Bool
    /// Whether a scope lets its holder write.
    package let writes: @Sendable (String) -> Bool

    package init(
        example: String, writing: String, isScope: @escaping @Sendable (String) -> Bool,
        writes: @escaping @Sendable (String) -> Bool
    ) {
        self.example = example
        self.writing = writing
        self.isScope = isScope
        self.writes = writes
    }
}
